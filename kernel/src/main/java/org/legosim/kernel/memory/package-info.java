/** The memory node: polling thread, workers, address spaces, page faults. */
@NullMarked
package org.legosim.kernel.memory;

import org.jspecify.annotations.NullMarked;
