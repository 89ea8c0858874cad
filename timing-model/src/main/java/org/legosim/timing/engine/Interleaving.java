package org.legosim.timing.engine;

/**
 * Chooses among the schedules that a simulated machine allows. A step of a CPU can always come later than
 * the model's costs say, as on a machine whose CPU was interrupted; so whatever order this makes is one
 * that could happen.
 */
@FunctionalInterface
public interface Interleaving {
  /**
   * Asked before a step that is due at the present.
   *
   * @param actor the one that would go on
   * @return 0 to let it, or how long it is held up, in picoseconds; it is asked again then
   */
  long holdPs(Simulation simulation, int actor);
}
