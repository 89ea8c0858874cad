/** The text form of a trace, lossless in both directions. */
@NullMarked
package org.legosim.trace.text;

import org.jspecify.annotations.NullMarked;
