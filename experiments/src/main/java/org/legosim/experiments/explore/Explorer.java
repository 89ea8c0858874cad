package org.legosim.experiments.explore;

import java.math.BigInteger;
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

  /**
   * How many random schedules it takes on average, at most, to meet a defect that needs {@code d} ordered steps. One of n actors has
   * the right priority and d - 1 changes fall on the right ones of k steps: 1 in n k^(d-1); of the schedules, those with
   * d - 1 changes or more can meet it, and half of these wait for messages or do not, as it may need.
   *
   * @param depth of the search: schedules have 0 to {@code depth - 1} changes in turn
   */
  public static long schedulesPerFinding(Outcome first, int d, int depth) {
    BigInteger each = BigInteger.valueOf(Math.max(1, first.actors()))
        .multiply(BigInteger.valueOf(Math.max(1, first.steps())).pow(d - 1))
        .multiply(BigInteger.valueOf(2L * depth));
    BigInteger able = BigInteger.valueOf(depth - d + 1L);
    BigInteger all = each.add(able).subtract(BigInteger.ONE).divide(able);
    return all.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
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

  /**
   * Leaves holds out, many at once and then singly, and shortens those that stay, while it still fails. First it is tried whether one
   * of them alone does it when it is as long as a hold may be.
   */
  private List<Hold> shrink(List<Hold> failing) {
    shrinkingRuns = 0;
    List<Hold> holds = new ArrayList<>(failing);
    if (!fails(holds)) {
      return holds;
    }
    for (int i = 0; i < failing.size() && shrinkingRuns < SHRINKING_RUNS_MAX / 2; i++) {
      List<Hold> alone = new ArrayList<>(
          List.of(new Hold(failing.get(i).actor(), failing.get(i).step(), WINDOW_PS)));
      if (fails(alone)) {
        shorten(alone, 0);
        return alone;
      }
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
