/** Searches the schedules of a scenario for one that violates an invariant of the simulated kernel. */
@NullMarked
package org.legosim.experiments.explore;

import org.jspecify.annotations.NullMarked;
