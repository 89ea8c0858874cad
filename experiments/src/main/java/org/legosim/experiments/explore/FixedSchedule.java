package org.legosim.experiments.explore;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.engine.Interleaving;
import org.legosim.timing.engine.Simulation;

/** Replays holds; counts the steps of every actor. */
final class FixedSchedule implements Interleaving {
  private final List<Hold> left;
  private long[] steps = new long[0];
  private int actors;

  FixedSchedule(List<Hold> holds) {
    this.left = new ArrayList<>(holds);
  }

  @Override
  public long holdPs(Simulation simulation, int actor) {
    if (steps.length == 0) {
      steps = new long[simulation.pendingStepsPs().length];
    }
    for (int i = 0; i < left.size(); i++) {
      Hold hold = left.get(i);
      if (hold.step() == steps[actor] && hold.actor().equals(simulation.nameOf(actor))) {
        left.remove(i);
        return hold.holdPs();
      }
    }
    actors += steps[actor] == 0 ? 1 : 0;
    steps[actor]++;
    return 0;
  }

  /** Steps of all actors. */
  long steps() {
    long sum = 0;
    for (long count : steps) {
      sum += count;
    }
    return sum;
  }

  /** Actors that did a step. */
  int actors() {
    return actors;
  }
}
