/** The processor node: CPUs, tasks, scheduling, system calls, TLB shootdown. */
@NullMarked
package org.legosim.kernel.processor;

import org.jspecify.annotations.NullMarked;
