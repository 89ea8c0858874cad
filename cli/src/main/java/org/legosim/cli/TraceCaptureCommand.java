package org.legosim.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.legosim.reports.Printable;
import org.legosim.timing.ConfigException;
import org.legosim.trace.capture.Capture;
import org.legosim.trace.capture.CaptureRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run of an unmodified program, as a trace. */
@Command(
    name = "capture",
    description = {
      "Records a run of an unmodified program: its accesses and system calls.",
      "Its threads and the processes that it forks and executes are recorded too; it keeps its standard",
      "input, output and error.",
      "Needs QEMU's user mode and gcc (Debian: apt-get install qemu-user gcc), on Linux and x86-64."
    })
final class TraceCaptureCommand implements Runnable {
  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The trace; PROGRAM.ltrace by default. - streams it to standard output, for"
          + " 'run --trace -'; what the program prints then goes to standard error.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      description = "Where recording begins: start (the first instruction, by default), entry (the"
          + " program's own, libraries loaded) or a function of its symbol table, such as main.")
  private String from = CaptureRequest.FROM_START;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Stop recording after so many accesses; the program runs on.")
  private long limit;

  @Option(
      names = "--processors",
      paramLabel = "N",
      description = "How many processors the program is told that it has.")
  private int processors;

  @Option(
      names = "--level",
      paramLabel = "0-9",
      description = "Compression: 0 is none, 6 the default, 9 the smallest.")
  private int level = 6;

  @Parameters(
      arity = "0..*",
      paramLabel = "-- PROGRAM ARGS",
      description = "The program, looked up as a shell does, and its arguments.")
  private List<String> command = List.of();

  TraceCaptureCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (command.isEmpty()) {
      throw new ConfigException(
          "no program to capture; write it after two dashes: trace capture -o t.ltrace -- ls -l");
    }
    String out = output.orElseGet(() -> Path.of(command.get(0)).getFileName() + ".ltrace");
    boolean isStreamed = out.equals(TraceStreams.STANDARD);
    CaptureRequest request = new CaptureRequest(
        command,
        isStreamed ? Optional.empty() : Optional.of(Path.of(out)),
        from,
        limit,
        processors);
    Capture.Outcome outcome =
        Capture.prepare(TraceStreams.packer(level, false), console::note).run(request);
    String end =
        "; " + Printable.of(command.get(0)) + " ended with exit code " + outcome.exitCode();
    console.note(outcome
            .index()
            .map(index -> TraceStreams.written(index, out, TraceStreams.size(Path.of(out))))
            .orElseGet(
                () -> "streamed " + TraceStreams.counted(outcome.capturedBytes(), "byte", "bytes"))
        + end);
  }
}
