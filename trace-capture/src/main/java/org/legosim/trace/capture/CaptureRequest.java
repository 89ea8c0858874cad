package org.legosim.trace.capture;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.legosim.timing.ConfigException;

/**
 * What to capture.
 *
 * @param command program and arguments; the program is looked up as a shell does
 * @param output the packed trace, or nothing to stream unpacked blocks to standard output
 * @param from where recording begins: {@code start} (the first instruction, the dynamic loader's), {@code
 *     entry} (the program's entry point, libraries loaded) or a function of the program's symbol table
 * @param mostAccesses recording ends after so many, 0 for no limit; the program runs on
 * @param processors how many processors the program is told that it has, 0 for the truth
 */
public record CaptureRequest(
    List<String> command, Optional<Path> output, String from, long mostAccesses, int processors) {
  public static final String FROM_START = "start";
  public static final String FROM_ENTRY = "entry";

  private static final int MOST_PROCESSORS = 1024;

  public CaptureRequest {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new ConfigException(
          "no program to capture; write it after two dashes: trace capture -o t.ltrace -- ls -l");
    }
    if (mostAccesses < 0) {
      throw new ConfigException(
          "the limit of " + mostAccesses + " accesses is negative; 0 is no limit");
    }
    if (processors < 0 || processors > MOST_PROCESSORS) {
      throw new ConfigException("the number of processors to show, " + processors
          + ", is not between 0 (those of this machine) and " + MOST_PROCESSORS);
    }
  }

  /** A whole run of a program into a file. */
  public static CaptureRequest of(Path output, List<String> command) {
    return new CaptureRequest(command, Optional.of(output), FROM_START, 0, 0);
  }
}
