package org.legosim.kernel.system;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.timing.engine.Interleaving;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.timeline.Timeline;

/**
 * How one run is done, apart from the machine.
 *
 * @param identity goes into the result unchanged; its seed seeds every random stream
 * @param events receives every pcache event in order
 * @param runsAhead false for the plain engine, the slow oracle of the look-ahead
 * @param timeline shows what the run does, and changes nothing of it
 * @param interleaving chooses the schedule in the plain engine; null for the one that the costs give
 * @param progress told of records performed now and then, on the simulating thread
 */
public record RunOptions(
    RunIdentity identity,
    EventLog events,
    boolean runsAhead,
    Timeline timeline,
    Progress progress,
    @Nullable Interleaving interleaving) {

  /** The schedule that the costs give. */
  public RunOptions(
      RunIdentity identity,
      EventLog events,
      boolean runsAhead,
      Timeline timeline,
      Progress progress) {
    this(identity, events, runsAhead, timeline, progress, null);
  }

  /** Without a timeline. */
  public RunOptions(RunIdentity identity, EventLog events, boolean runsAhead, Progress progress) {
    this(identity, events, runsAhead, Timeline.NONE, progress);
  }

  /** A run in the plain engine whose schedule is chosen. */
  public static RunOptions scheduled(RunIdentity identity, Interleaving interleaving) {
    return new RunOptions(
        identity, EventLog.NONE, false, Timeline.NONE, Progress.NONE, interleaving);
  }

  /** Receives the progress of a run. */
  @FunctionalInterface
  public interface Progress {
    /** Nobody watches. */
    Progress NONE = records -> {};

    /** {@code records} of all threads have been performed, about. */
    void performed(long records);
  }

  public static RunOptions of(RunIdentity identity) {
    return new RunOptions(identity, EventLog.NONE, true, Progress.NONE);
  }
}
