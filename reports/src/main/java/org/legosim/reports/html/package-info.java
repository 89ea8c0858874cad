/** The self-contained HTML report of a result set: tables, and figures drawn as SVG. */
@NullMarked
package org.legosim.reports.html;

import org.jspecify.annotations.NullMarked;
