/** The kernel's memory: page blocks, small objects inside pages, and what their last owners left there. */
@NullMarked
package org.legosim.kernel.alloc;

import org.jspecify.annotations.NullMarked;
