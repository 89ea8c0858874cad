/** Microbenchmarks of the kernel's parts, on the same classes as a run. */
@NullMarked
package org.legosim.kernel.workload;

import org.jspecify.annotations.NullMarked;
