package org.legosim.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.legosim.configs.Machines;
import org.legosim.experiments.MeasuredRow;
import org.legosim.experiments.MeasuredTable;
import org.legosim.experiments.Validation;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The models against measured points. */
@Command(
    name = "validate",
    description = {
      "Runs the models on measured points and judges each prediction by the point's tolerance.",
      "Exits with 1 when one is outside it. Rows that a constant was fitted on are told apart."
    })
final class ValidateCommand implements Callable<Integer> {
  private static final String BUNDLED = "configs/validation/measured.csv";

  private final Console console;

  @Option(
      names = "--data",
      paramLabel = "FILE.csv",
      description = "Measured points; those that come with legosim by default. May be repeated.")
  private List<Path> data = List.of();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only the rows of this experiment; may be repeated.")
  private List<String> experiments = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key on every platform; may be repeated.")
  private List<String> overrides = List.of();

  @Option(
      names = "--strict",
      description = "Also exit with 1 when a row has no prediction in this version.")
  private boolean strict;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  ValidateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Validation.Report report;
    Validation validation = new Validation(MachineCommand.machines(), overrides);
    List<MeasuredRow> rows = rows();
    try (Progress progress = new Progress(console, "validate")) {
      report = validation.judge(rows, (done, total) -> progress.update(done, total, "rows"));
    }
    console
        .out()
        .print(format == Format.JSON ? ValidateText.json(report) : ValidateText.text(report));
    boolean passed = report.isWithin() && (report.isComplete() || !strict);
    return (passed ? ExitCode.DONE : ExitCode.FELL_SHORT).value();
  }

  private List<MeasuredRow> rows() {
    List<MeasuredRow> rows = new ArrayList<>();
    for (Path file : data.isEmpty() ? List.of(bundled()) : data) {
      rows.addAll(MeasuredTable.read(file));
    }
    if (experiments.isEmpty()) {
      return rows;
    }
    List<String> names =
        rows.stream().map(MeasuredRow::experiment).distinct().sorted().toList();
    for (String wanted : experiments) {
      if (!names.contains(wanted)) {
        throw new ConfigException("--experiment " + wanted + ": the data has no such experiment"
            + Nearest.to(wanted, names)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; it has " + String.join(", ", names)));
      }
    }
    return rows.stream().filter(row -> experiments.contains(row.experiment())).toList();
  }

  private static Path bundled() {
    return Machines.projectRoot()
        .map(root -> root.resolve(BUNDLED))
        .orElseThrow(() -> new ConfigException(
            "no " + BUNDLED + " near this folder; name the measured points with --data FILE.csv"));
  }
}
