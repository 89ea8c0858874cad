/** Events in order, kernel stacks, servers, locks, ports, streams and the watchdog. */
@NullMarked
package org.legosim.timing.engine;

import org.jspecify.annotations.NullMarked;
