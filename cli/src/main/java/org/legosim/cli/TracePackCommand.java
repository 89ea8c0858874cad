package org.legosim.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.legosim.trace.TracePacker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A captured or cut trace, with an index. */
@Command(
    name = "pack",
    description = {
      "Compresses a native trace and writes its index.",
      "For what an interrupted capture left (OUT.partial), and for another compression. The trace keeps",
      "its digest."
    })
final class TracePackCommand implements Runnable {
  private static final String PARTIAL = ".partial";

  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The packed trace; by default IN without .partial, or IN itself.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--recover",
      description = "Of a damaged or cut trace, keep what stands before the damage.")
  private boolean recovers;

  @Option(
      names = "--level",
      paramLabel = "0-9",
      description = "Compression: 0 is none, 6 the default, 9 the smallest.")
  private int level = 6;

  @Parameters(paramLabel = "IN", description = "A native trace, packed or not.")
  private Path input;

  TracePackCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TracePacker packer = TraceStreams.packer(level, recovers);
    if (recovers) {
      TracePacker.damageOf(input).ifPresent(damage -> console.note("left out: " + damage));
    }
    TraceStreams.write(
        console, output.orElseGet(this::nameForInput), path -> packer.pack(input, path));
  }

  private String nameForInput() {
    String name = input.toString();
    return name.endsWith(PARTIAL) ? name.substring(0, name.length() - PARTIAL.length()) : name;
  }
}
