package org.legosim.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.legosim.timing.TraceException;
import org.legosim.trace.TracePacker;
import org.legosim.trace.Traces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A trace of another program, in the native form. */
@Command(
    name = "import",
    description = {
      "Converts a trace of another program.",
      "It may be compressed with gzip.",
      "Formats: champsim champsim-cloudsuite csv dramsim drmemtrace din gem5 lackey oracle-general",
      "parquet pinatrace ramulator text. docs/modules/trace-capture.md says what each one carries."
    })
final class TraceImportCommand implements Runnable {
  private final Console console;

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description = "The format of IN; without it, it is told by the first bytes where they can.")
  private Optional<String> format = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The trace; IN's name with .ltrace by default, - for standard output.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--level",
      paramLabel = "0-9",
      description = "Compression: 0 is none, 6 the default, 9 the smallest.")
  private int level = 6;

  @Parameters(paramLabel = "IN", description = "The file to convert; - for standard input.")
  private String input;

  TraceImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    format.ifPresent(Traces::requireImportFormat);
    TracePacker packer = TraceStreams.packer(level, false);
    String out = output.orElseGet(() -> nameFor(input));
    String name = input.equals(TraceStreams.STANDARD) ? "standard input" : input;
    TraceStreams.write(console, out, path -> {
      try (Progress progress = new Progress(console, "import");
          InputStream in = TraceStreams.input(input, progress)) {
        return packer.convert(in, name, format, path);
      } catch (IOException e) {
        throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
      }
    });
  }

  /** The name without the endings of the format and the compression. */
  private static String nameFor(String input) {
    if (input.equals(TraceStreams.STANDARD)) {
      return TraceStreams.STANDARD;
    }
    String name = String.valueOf(Path.of(input).getFileName()).replaceFirst("\\.gz$", "");
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + ".ltrace";
  }
}
