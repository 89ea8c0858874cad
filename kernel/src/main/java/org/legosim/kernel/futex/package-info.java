/** Futexes: the hashed buckets, their waiters in order of priority, and the commands on them. */
@NullMarked
package org.legosim.kernel.futex;

import org.jspecify.annotations.NullMarked;
