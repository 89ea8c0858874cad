/** Copies of flushed lines on a second memory node: the processor node's part. */
@NullMarked
package org.legosim.kernel.replica;

import org.jspecify.annotations.NullMarked;
