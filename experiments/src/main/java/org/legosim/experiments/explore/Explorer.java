package org.legosim.experiments.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.LegosimException;
import org.legosim.timing.TraceException;
import org.legosim.timing.engine.Interleaving;
import org.legosim.timing.results.RunIdentity;

/** Runs one machine with the same programs under many schedules. */
public final class Explorer {
  /** How long a CPU may be held up for another one: an interruption, not a stop. */
  public static final long WINDOW_PS = 200_000_000L;

  /** Runs that a failing schedule may be made smaller with. */
  private static final int SHRINKING_RUNS_MAX = 2_000;

  private final SystemParams params;
  private final List<Application> applications;
  private final RunIdentity identity;
  private int shrinkingRuns;

  public Explorer(SystemParams params, List<Application> applications, RunIdentity identity) {
    this.params = params;
    this.applications = List.copyOf(applications);
    this.identity = identity;
  }

  /**
   * What one run came to.
   *
   * @param failure the invariant that was violated, or the program's death; null when all went well
   * @param actors CPUs and kernel threads that took part
   * @param steps of all of them
   */
  public record Outcome(@Nullable LegosimException failure, int actors, long steps) {}

  /**
   * What a search came to.
   *
   * @param schedules how many were run besides the first
   * @param holds the smallest schedule that fails; empty when the first one does or none was found
   * @param found what it fails with
   */
  public record Search(
      Outcome first,
      int schedules,
      List<Hold> holds,
      @Nullable LegosimException found) {}

  /** Told before each schedule. */
  @FunctionalInterface
  public interface Listener {
    void schedule(int done, int total);
  }

  /** Runs one schedule. */
  public Outcome run(List<Hold> holds) {
    FixedSchedule schedule = new FixedSchedule(holds);
    LegosimException failure = failure(schedule);
    return new Outcome(failure, schedule.actors(), schedule.steps());
  }

  /**
   * Runs the given schedule, then random ones until one fails.
   *
   * @param depth the most ordered steps that a defect may need
   */
  public Search search(List<Hold> given, int schedules, long seed, int depth, Listener listener) {
    Outcome first = run(given);
    if (first.failure() != null) {
      return new Search(first, 0, given, first.failure());
    }
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < schedules; i++) {
      listener.schedule(i, schedules);
      PriorityChanges changes =
          new PriorityChanges(seeds.nextLong(), first.steps(), 1 + i % depth, WINDOW_PS);
      if (failure(changes) != null) {
        List<Hold> smallest = shrink(changes.holds());
        return new Search(first, i + 1, smallest, run(smallest).failure());
      }
    }
    return new Search(first, schedules, List.of(), null);
  }

  private @Nullable LegosimException failure(Interleaving interleaving) {
    try {
      LegoSystem system = new LegoSystem(params, RunOptions.scheduled(identity, interleaving));
      applications.forEach(system::load);
      system.run();
      return null;
    } catch (InvariantViolation | TraceException e) {
      return e;
    }
  }

  private boolean fails(List<Hold> holds) {
    shrinkingRuns++;
    return failure(new FixedSchedule(holds)) != null;
  }

  /** Leaves holds out, many at once and then singly, and shortens those that stay, while it still fails. */
  private List<Hold> shrink(List<Hold> failing) {
    shrinkingRuns = 0;
    List<Hold> holds = new ArrayList<>(failing);
    if (!fails(holds)) {
      return holds;
    }
    for (int part = Math.max(1, holds.size() / 2); part >= 1; part /= 2) {
      for (int from = 0; from < holds.size() && shrinkingRuns < SHRINKING_RUNS_MAX; ) {
        List<Hold> fewer = new ArrayList<>(holds);
        fewer.subList(from, Math.min(holds.size(), from + part)).clear();
        if (fails(fewer)) {
          holds = fewer;
        } else {
          from += part;
        }
      }
    }
    for (int i = 0; i < holds.size(); i++) {
      shorten(holds, i);
    }
    return holds;
  }

  private void shorten(List<Hold> holds, int index) {
    Hold hold = holds.get(index);
    for (long ps = hold.holdPs() / 2; ps > 0 && shrinkingRuns < SHRINKING_RUNS_MAX; ps /= 2) {
      holds.set(index, new Hold(hold.actor(), hold.step(), ps));
      if (!fails(holds)) {
        holds.set(index, hold);
        return;
      }
      hold = holds.get(index);
    }
  }
}
