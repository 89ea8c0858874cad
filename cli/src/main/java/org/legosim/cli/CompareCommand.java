package org.legosim.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.legosim.reports.compare.Comparer;
import org.legosim.reports.compare.Comparison;
import org.legosim.reports.compare.Thresholds;
import org.legosim.timing.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two result sets, or two JMH files, for people and for CI. */
@Command(
    name = "compare",
    description = {
      "Compares two result sets, or two JMH JSON files; exits with 1 when HEAD fell short.",
      "Without a threshold every metric must be equal."
    })
final class CompareCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "BASE", description = "The result set to measure by.")
  private Path base;

  @Parameters(paramLabel = "HEAD", description = "The result set to judge.")
  private Path head;

  @Option(
      names = "--threshold",
      paramLabel = "METRIC=PERCENT",
      description = {
        "How far a metric may move: 5 either way, +5 up only, -5 down only.",
        "The name may hold * for any text; of several that match, the last counts. May be repeated."
      })
  private List<String> thresholds = List.of();

  @Option(
      names = "--across-hosts",
      description = "Compare timings of unlike hosts or JVMs all the same.")
  private boolean acrossHosts;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text (default), markdown, json or junit.")
  private Comparison.Format format = Comparison.Format.TEXT;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Comparison comparison = Comparer.compare(base, head, Thresholds.parse(thresholds), acrossHosts);
    console.out().print(comparison.print(format));
    return (comparison.passed() ? ExitCode.DONE : ExitCode.FELL_SHORT).value();
  }
}
