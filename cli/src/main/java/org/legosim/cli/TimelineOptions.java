package org.legosim.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.legosim.configs.SimulatedTime;
import org.legosim.reports.timeline.TimelineWindow;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;
import picocli.CommandLine.Option;

/** What of a run is written as a timeline, and where. */
final class TimelineOptions {
  @Option(
      names = "--timeline",
      paramLabel = "FILE",
      description = {
        "Writes what each CPU, kernel thread and memory-node worker did and when, in the Trace",
        "Event format: open it with ui.perfetto.dev. Compressed when FILE ends in .gz."
      })
  private @Nullable Path file;

  @Option(
      names = "--timeline-from",
      paramLabel = "TIME",
      description = "Begins the timeline at this simulated time, such as '1.5 ms'.")
  private @Nullable String from;

  @Option(
      names = "--timeline-to",
      paramLabel = "TIME",
      description = "Ends the timeline at this simulated time; the run goes on.")
  private @Nullable String to;

  @Option(
      names = "--timeline-slices",
      paramLabel = "N",
      description = "Cuts the timeline after N slices; 1000000 (100 to 200 MB) by default.")
  private @Nullable Long slicesMax;

  private static final long SLICES_DEFAULT = 1_000_000;

  boolean isAsked() {
    return file != null;
  }

  /** Refuses what makes no sense before anything is read or run. */
  void check() {
    if (file == null && (from != null || to != null || slicesMax != null)) {
      throw new ConfigException(
          "--timeline-from, --timeline-to and --timeline-slices belong to --timeline FILE");
    }
    if (file != null) {
      window();
    }
  }

  private TimelineWindow window() {
    long fromPs = from == null ? 0 : SimulatedTime.parsePs("--timeline-from", from);
    long toPs = to == null ? Long.MAX_VALUE : SimulatedTime.parsePs("--timeline-to", to);
    if (toPs <= fromPs) {
      throw new ConfigException("--timeline-to is " + SimulatedTime.format(toPs)
          + " and --timeline-from " + SimulatedTime.format(fromPs)
          + ": give the timeline an end after its begin");
    }
    long slices = slicesMax == null ? SLICES_DEFAULT : slicesMax;
    if (slices < 1) {
      throw new ConfigException("--timeline-slices is " + slices + ": allow at least one");
    }
    return new TimelineWindow(fromPs, toPs, slices);
  }

  /** Takes the file before the run. */
  TimelineFile create() {
    Path target = file;
    if (target == null) {
      throw new ModelException("no timeline was asked for");
    }
    return new TimelineFile(target, window());
  }
}
