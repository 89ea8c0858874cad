/** The port through which a run shows what happens when: tracks, slices, flows, counters. */
@NullMarked
package org.legosim.timing.timeline;

import org.jspecify.annotations.NullMarked;
