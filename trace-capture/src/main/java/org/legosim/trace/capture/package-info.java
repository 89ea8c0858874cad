/** Capturing the memory trace of an unmodified program with QEMU's user mode and a plugin of our own. */
@NullMarked
package org.legosim.trace.capture;

import org.jspecify.annotations.NullMarked;
