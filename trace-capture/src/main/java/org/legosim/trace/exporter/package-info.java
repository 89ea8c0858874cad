/** Writes traces in foreign formats, as far as these can hold them. */
@NullMarked
package org.legosim.trace.exporter;

import org.jspecify.annotations.NullMarked;
