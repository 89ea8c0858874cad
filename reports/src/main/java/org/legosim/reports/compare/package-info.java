/** Comparison of two result sets or two benchmark runs, for people and CI. */
@NullMarked
package org.legosim.reports.compare;

import org.jspecify.annotations.NullMarked;
