/** Memory nodes and their monitor: workers, address spaces and their parts, page faults. */
@NullMarked
package org.legosim.kernel.memory;

import org.jspecify.annotations.NullMarked;
