/**
 * How CPUs have each other do something: call descriptors with their locks, the lists that they are queued in, and
 * the times in which a CPU takes no interrupts.
 */
@NullMarked
package org.legosim.kernel.smp;

import org.jspecify.annotations.NullMarked;
