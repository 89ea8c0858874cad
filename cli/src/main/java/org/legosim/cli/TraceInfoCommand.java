package org.legosim.cli;

import org.legosim.trace.LtraceFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a trace consists of. */
@Command(
    name = "info",
    description = {
      "Tells what a trace consists of.",
      "Footprint, mix, threads, processes, system calls, gates and size per access."
    })
final class TraceInfoCommand implements Runnable {
  private final Console console;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  @Parameters(paramLabel = "TRACE", description = "A trace in any form; - for standard input.")
  private String trace;

  TraceInfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    try (LtraceFile file = TraceStreams.open(trace)) {
      console.out().print(format == Format.JSON ? TraceText.json(file) : TraceText.text(file));
    }
  }
}
