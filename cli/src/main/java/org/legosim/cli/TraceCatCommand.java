package org.legosim.cli;

import org.legosim.timing.ConfigException;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.text.TextWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A trace as text. */
@Command(
    name = "cat",
    description = {
      "Prints a trace in its text form.",
      "Every command that takes a trace takes that form as well."
    })
final class TraceCatCommand implements Runnable {
  private final Console console;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N records of the global order.")
  private long limit = Long.MAX_VALUE;

  @Parameters(paramLabel = "TRACE", description = "A trace in any form; - for standard input.")
  private String trace;

  TraceCatCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (limit < 0) {
      throw new ConfigException("--limit " + limit + ": a number of records cannot be negative");
    }
    try (LtraceFile file = TraceStreams.open(trace)) {
      TextWriter.write(file, console.out(), "standard output", limit);
    }
  }
}
