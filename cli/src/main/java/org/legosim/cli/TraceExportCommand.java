package org.legosim.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.legosim.timing.OutputException;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.exporter.Exporters;
import org.legosim.trace.exporter.TraceExporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A trace in the form that another program reads. */
@Command(
    name = "export",
    description = {
      "Writes a trace in another format.",
      "What that format leaves out is said on standard error.",
      "Formats: champsim champsim-cloudsuite csv dramsim din lackey oracle-general parquet pinatrace",
      "ramulator text; text alone holds everything."
    })
final class TraceExportCommand implements Runnable {
  private final Console console;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      required = true,
      description = "The format to write.")
  private String format;

  @Option(
      names = "--thread",
      paramLabel = "N",
      description = "Only this thread, by its number in 'trace info'.")
  private Optional<Integer> thread = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The file to write; standard output by default.")
  private String output = TraceStreams.STANDARD;

  @Parameters(paramLabel = "IN", description = "A trace in any form; - for standard input.")
  private String input;

  TraceExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TraceExporter exporter =
        format.equals(ParquetExporter.FORMAT) ? new ParquetExporter() : Exporters.find(format);
    try (LtraceFile trace = TraceStreams.open(input)) {
      if (output.equals(TraceStreams.STANDARD)) {
        write(exporter, trace);
      } else {
        writeFile(exporter, trace);
      }
    }
    if (!exporter.leavesOut().isEmpty()) {
      console.note("format " + format + " leaves out " + exporter.leavesOut());
    }
  }

  private void write(TraceExporter exporter, LtraceFile trace) {
    try {
      exporter.write(trace, chosen(), new Unclosed(console.out()));
    } catch (IOException e) {
      throw new OutputException("standard output: cannot be written: " + e.getMessage(), e);
    }
  }

  private void writeFile(TraceExporter exporter, LtraceFile trace) {
    try (OutputFile file = OutputFile.create(Path.of(output))) {
      try {
        exporter.write(trace, chosen(), new Unclosed(file.stream()));
      } catch (IOException e) {
        throw file.failed(e);
      }
      file.complete();
    }
  }

  private OptionalInt chosen() {
    return thread.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** Some writers close what they write to; whoever opened it does that here. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
