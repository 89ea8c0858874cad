/** Where tasks run, and how CPUs are told to do something. */
@NullMarked
package org.legosim.kernel.sched;

import org.jspecify.annotations.NullMarked;
