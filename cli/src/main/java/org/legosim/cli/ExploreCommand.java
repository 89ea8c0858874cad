package org.legosim.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Scenario;
import org.legosim.configs.Systems;
import org.legosim.experiments.explore.Explorer;
import org.legosim.experiments.explore.Hold;
import org.legosim.reports.Json;
import org.legosim.sweep.PointSimulator;
import org.legosim.timing.ExitCode;
import org.legosim.timing.LegosimException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The search of a scenario's schedules. */
@Command(
    name = "explore",
    description = {
      "Runs a scenario under its own schedule and then under random ones, everything checked at every step,",
      "until an invariant of the simulated kernel is violated; prints the smallest schedule that does it and",
      "the command that replays it. Exits with 4 when one was found."
    })
final class ExploreCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "SCENARIO",
      description =
          "A folder with machine.yaml, expect.yaml and traces, such as configs/scenarios/F-18.")
  private Path folder = Path.of("");

  @Option(
      names = "--schedules",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Random schedules to run after the scenario's own; ${DEFAULT-VALUE} by default.")
  private int schedules;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Chooses the random schedules; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "3",
      description = {
        "Steps in a certain order that a defect may need, 1 to 8; ${DEFAULT-VALUE} by default.",
        "Schedules take turns with all depths up to it."
      })
  private int depth;

  @Option(
      names = "--remedy",
      description = "The scenario's machine with the remedy instead of with the defect.")
  private boolean hasRemedy;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key of the scenario's machine; may be repeated.")
  private List<String> overrides = List.of();

  @Option(
      names = "--hold",
      paramLabel = "CPU:STEP:PS",
      description = "Replays one schedule, given by where a CPU is held up; may be repeated.")
  private List<String> holds = List.of();

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  ExploreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (schedules < 0 || depth < 1 || depth > 8) {
      throw new org.legosim.timing.ConfigException(
          "--schedules must be 0 or more, and --depth 1 to 8");
    }
    Scenario scenario = Scenario.read(folder);
    List<String> settings = new ArrayList<>(List.of("check=always"));
    settings.addAll((hasRemedy ? scenario.off() : scenario.on()).settings());
    settings.addAll(overrides);
    EffectiveConfig config =
        MachineCommand.machines().load(scenario.machine().toString(), settings);
    List<String> traces = scenario.traces().stream().map(Path::toString).toList();
    try (Applications applications = Applications.open(traces, config)) {
      Explorer explorer = new Explorer(
          Systems.bind(config),
          applications.list(),
          PointSimulator.identity(config, applications.list(), seed));
      Explorer.Search search = search(explorer, scenario);
      console.out().print(format == Format.JSON ? json(search) : text(scenario, search));
      return (search.found() == null ? ExitCode.DONE : ExitCode.INVARIANT).value();
    }
  }

  private Explorer.Search search(Explorer explorer, Scenario scenario) {
    boolean isReplay = !holds.isEmpty();
    List<Hold> given = new ArrayList<>();
    scenario.schedule().stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> given.add(Hold.parse(line, "schedule.txt")));
    holds.forEach(hold -> given.add(Hold.parse(hold, "--hold")));
    try (Progress progress = new Progress(console, "explore")) {
      return explorer.search(
          given,
          isReplay ? 0 : schedules,
          seed,
          depth,
          (done, total) -> progress.update(done, total, "schedules"));
    }
  }

  private String text(Scenario scenario, Explorer.Search search) {
    StringBuilder out = new StringBuilder();
    Explorer.Outcome first = search.first();
    out.append(scenario.name())
        .append(": ")
        .append(scenario.title())
        .append('\n')
        .append(first.actors())
        .append(" CPUs and kernel threads, ")
        .append(first.steps())
        .append(" steps; ")
        .append(hasRemedy ? "with the remedy" : "with the defect")
        .append('\n');
    LegosimException found = search.found();
    if (found == null) {
      out.append("nothing found in the scenario's schedule and ")
          .append(search.schedules())
          .append(" random ones")
          .append(bound(search))
          .append('\n');
      return out.toString();
    }
    if (search.schedules() == 0) {
      out.append("violated in the schedule that was given\n");
    } else {
      out.append("violated in random schedule ")
          .append(search.schedules())
          .append(" of seed ")
          .append(seed)
          .append("; the smallest that still does it holds up\n");
      search
          .holds()
          .forEach(hold -> out.append("  ")
              .append(hold.actor())
              .append(" before its step ")
              .append(hold.step())
              .append(" for ")
              .append(hold.holdPs())
              .append(" ps\n"));
    }
    out.append("replay: ").append(replay(search)).append('\n');
    return out.append(found.getMessage()).append('\n').toString();
  }

  /** What is known when nothing was found, in whole numbers: the chance per schedule is one in that many. */
  private String bound(Explorer.Search search) {
    Explorer.Outcome first = search.first();
    if (search.schedules() == 0) {
      return "";
    }
    StringBuilder out = new StringBuilder(
        " (a schedule meets a defect of depth d with a chance of at least one in");
    for (int d = 1; d <= depth; d++) {
      out.append(d == 1 ? " " : ", ")
          .append(Explorer.schedulesPerFinding(first, d, depth))
          .append(" for d=")
          .append(d);
    }
    return out.append(')').toString();
  }

  private String replay(Explorer.Search search) {
    StringBuilder out = new StringBuilder("./legosim explore ").append(folder);
    if (hasRemedy) {
      out.append(" --remedy");
    }
    overrides.forEach(setting -> out.append(" --set '").append(setting).append('\''));
    if (search.holds().isEmpty()) {
      return out.append(" --schedules 0").toString();
    }
    search.holds().forEach(hold -> out.append(" --hold ").append(hold));
    return out.toString();
  }

  private String json(Explorer.Search search) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("scenario", folder.toString());
    document.put("actors", search.first().actors());
    document.put("steps", search.first().steps());
    document.put("schedules", search.schedules());
    LegosimException found = search.found();
    document.put("violated", found != null);
    document.put("holds", search.holds().stream().map(Hold::toString).toList());
    document.put("replay", found == null ? null : replay(search));
    document.put("message", found == null ? null : found.getMessage());
    return Json.text(document);
  }
}
