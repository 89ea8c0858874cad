/**
 * Signals as Linux has them, without tracing and job control: actions, masks, pending queues, frames and
 * timers. It knows of no CPU: {@code kernel.processor} tells it what happens, and charges the time.
 */
@NullMarked
package org.legosim.kernel.signal;

import org.jspecify.annotations.NullMarked;
