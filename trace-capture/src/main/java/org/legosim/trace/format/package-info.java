/** The native trace format, version 1, as {@code docs/trace-format.md} specifies it: blocks in and out. */
@NullMarked
package org.legosim.trace.format;

import org.jspecify.annotations.NullMarked;
