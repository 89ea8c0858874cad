/** Metric definitions, latency counts and snapshots. */
@NullMarked
package org.legosim.timing.metrics;

import org.jspecify.annotations.NullMarked;
