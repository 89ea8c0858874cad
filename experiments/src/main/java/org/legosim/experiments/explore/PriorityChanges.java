package org.legosim.experiments.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.legosim.timing.engine.Interleaving;
import org.legosim.timing.engine.Simulation;

/**
 * Probabilistic concurrency testing: every actor has a random priority, the one of the highest goes on, and
 * at {@code depth - 1} random steps the one that goes on falls below all others. A defect that needs
 * {@code depth} ordered steps is met with a probability of at least {@code 1 / (actors * steps ^ (depth - 1))}.
 *
 * <p>Whoever is held up is held until the other's next step, when that comes within the window: nobody is held up at once for longer
 * than an interruption may last. When all others of a higher priority wait for messages, whoever is held up goes on in half of the
 * schedules, and in the other half waits until a message has arrived.
 *
 * <p>Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic
 * guarantees of finding bugs", ASPLOS 2010.
 */
final class PriorityChanges implements Interleaving {
  private final SplittableRandom random;
  private final long[] changeAt;
  private final long windowPs;
  /** Whether whoever is held up also waits for messages that are on their way to others: in half of the schedules. */
  private final boolean waitsForMessages;

  private final List<Hold> holds = new ArrayList<>();
  private String[] names = new String[0];
  private long[] priority = new long[0];
  private long[] steps = new long[0];
  private long[] heldPs = new long[0];
  private long done;

  /**
   * @param steps about how many there are
   * @param depth priorities change {@code depth - 1} times
   */
  PriorityChanges(long seed, long steps, int depth, long windowPs) {
    this.random = new SplittableRandom(seed);
    this.windowPs = windowPs;
    this.waitsForMessages = random.nextBoolean();
    this.changeAt = random.longs(depth - 1L, 0, Math.max(1, steps)).sorted().toArray();
  }

  @Override
  public long holdPs(Simulation simulation, int actor) {
    long[] pending = simulation.pendingStepsPs();
    if (priority.length == 0) {
      begin(simulation, pending.length);
    }
    long untilPs = Long.MAX_VALUE;
    for (int other = 0; other < pending.length; other++) {
      if (other != actor && priority[other] > priority[actor]) {
        untilPs = Math.min(untilPs, pending[other]);
      }
    }
    if (untilPs == Long.MAX_VALUE && waitsForMessages && isOutranked(actor)) {
      untilPs = simulation.nextArrivalPs();
    }
    long nowPs = simulation.nowPs();
    if (untilPs != Long.MAX_VALUE && untilPs - nowPs < windowPs) {
      heldPs[actor] += untilPs - nowPs + 1;
      return untilPs - nowPs + 1;
    }
    goOn(actor);
    return 0;
  }

  private boolean isOutranked(int actor) {
    for (int other = 0; other < priority.length; other++) {
      if (steps[other] > 0 && priority[other] > priority[actor]) {
        return true;
      }
    }
    return false;
  }

  private void begin(Simulation simulation, int actors) {
    names = new String[actors];
    Arrays.setAll(names, simulation::nameOf);
    priority = new long[actors];
    steps = new long[actors];
    heldPs = new long[actors];
    Arrays.setAll(priority, a -> random.nextLong(Integer.MAX_VALUE));
  }

  private void goOn(int actor) {
    if (heldPs[actor] > 0) {
      holds.add(new Hold(names[actor], steps[actor], heldPs[actor]));
      heldPs[actor] = 0;
    }
    for (int i = 0; i < changeAt.length; i++) {
      if (changeAt[i] == done) {
        priority[actor] = -1L - i;
      }
    }
    steps[actor]++;
    done++;
  }

  /** What it did to the schedule, to those included that were still held up at the end. */
  List<Hold> holds() {
    List<Hold> all = new ArrayList<>(holds);
    for (int actor = 0; actor < heldPs.length; actor++) {
      if (heldPs[actor] > 0) {
        all.add(new Hold(names[actor], steps[actor], heldPs[actor]));
      }
    }
    return all;
  }
}
