package org.legosim.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.legosim.configs.EffectiveConfig;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.RunOptions;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.sweep.PointSimulator;
import org.legosim.sweep.SingleRun;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.timeline.Timeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One simulation. */
@Command(
    name = "run",
    description = {
      "Replays one or more traces on one machine and prints what happened and how long it took.",
      "Several traces are several applications on one system."
    })
final class RunCommand implements Callable<Integer> {
  private static final String ALL_ORDERS = "all";

  private final Console console;

  @Option(
      names = "--machine",
      required = true,
      paramLabel = "MACHINE",
      description = "A preset's name ('legosim machine list'), or a YAML file.")
  private String machine;

  @Option(
      names = "--trace",
      required = true,
      paramLabel = "[NODE=]TRACE",
      description = {
        "A trace in any form that can be told by its beginning; - reads standard input.",
        "NODE is the processor node that it runs on, P0 by default. May be repeated."
      })
  private List<String> traces = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key of the machine; may be repeated.")
  private List<String> overrides = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seeds every random stream of the models; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = {
        "How far the captured order between threads binds the replay: strict or per-address;",
        "all replays in each and prints how far the results lie apart."
      })
  private @Nullable String order;

  @Option(
      names = "--map-on-touch",
      description = {
        "A page that no mapping of the trace explains becomes anonymous memory",
        "instead of ending the run: for traces without mappings."
      })
  private boolean mapsOnTouch;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Writes every pcache event in order: time_ps,cpu,kind,tgid,uva,set,way.")
  private @Nullable Path events;

  @Mixin
  private TimelineOptions timeline = new TimelineOptions();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Keeps the result as a result set, for compare, report and Parquet readers.")
  private @Nullable Path out;

  @Option(
      names = "--overwrite",
      description = "Replaces a result set that already stands in the folder of --out.")
  private boolean overwrites;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    timeline.check();
    if (ALL_ORDERS.equals(order)) {
      return runAllOrders();
    }
    EffectiveConfig config = MachineCommand.machines().load(machine, settings());
    try (Applications applications = Applications.open(traces, config)) {
      RunResult result = run(config, applications);
      console
          .out()
          .print(
              format == Format.JSON ? RunText.json(config, result) : RunText.text(config, result));
    }
    if (out != null && format == Format.TEXT) {
      console.note("result set in " + out);
    }
    return ExitCode.DONE.value();
  }

  private Integer runAllOrders() {
    if (out != null || events != null || timeline.isAsked()) {
      throw new ConfigException(
          "--order all prints a comparison; it goes without --out, --events and --timeline");
    }
    OrderSpread spread = new OrderSpread();
    for (String each : OrderSpread.ORDERS) {
      order = each;
      EffectiveConfig config = MachineCommand.machines().load(machine, settings());
      try (Applications applications = Applications.open(traces, config)) {
        spread.put(each, simulate(config, applications, EventLog.NONE, Timeline.NONE));
      }
    }
    console.out().print(format == Format.JSON ? spread.json() : spread.text());
    return ExitCode.DONE.value();
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>(overrides);
    if (order != null) {
      settings.add("replay.order=" + order);
    }
    if (mapsOnTouch) {
      settings.add("memory.mapOnTouch=on");
    }
    return settings;
  }

  private RunResult run(EffectiveConfig config, Applications applications) {
    if (out == null) {
      return withEvents(config, applications);
    }
    ResultSetWriter.Mode mode =
        overwrites ? ResultSetWriter.Mode.OVERWRITE : ResultSetWriter.Mode.NEW;
    HostFacts host = new HostFacts(SourceCommit.current(), Instant.now(), 1);
    return SingleRun.keep(
        out, mode, config, applications.list(), seed, host, () -> withEvents(config, applications));
  }

  private RunResult withEvents(EffectiveConfig config, Applications applications) {
    if (events == null) {
      return withTimeline(config, applications, EventLog.NONE);
    }
    try (EventCsv csv = new EventCsv(events)) {
      RunResult result = withTimeline(config, applications, csv);
      csv.complete();
      return result;
    }
  }

  private RunResult withTimeline(EffectiveConfig config, Applications applications, EventLog log) {
    if (!timeline.isAsked()) {
      return simulate(config, applications, log, Timeline.NONE);
    }
    try (TimelineFile file = timeline.create()) {
      RunResult result = simulate(config, applications, log, file.timeline());
      file.complete(result.identity(), console);
      return result;
    }
  }

  private RunResult simulate(
      EffectiveConfig config, Applications applications, EventLog log, Timeline shown) {
    try (Progress progress = new Progress(console, "run")) {
      long total = applications.records();
      RunOptions.Progress watch = done -> progress.update(Math.min(done, total), total, "records");
      return PointSimulator.run(config, applications.list(), seed, log, shown, watch);
    }
  }
}
