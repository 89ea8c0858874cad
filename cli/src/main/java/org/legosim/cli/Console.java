package org.legosim.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.legosim.reports.Printable;
import org.legosim.timing.OutputException;

/**
 * Where a command writes: its product on {@code out}, everything else on {@code err}. Both are UTF-8
 * whatever the locale. A standard output that cannot be written (a full disk, a reader that left)
 * ends the command with {@link OutputException} instead of being noticed by nobody.
 *
 * @param isTerminal whether a person watches {@code err}, so that a line may be redrawn
 */
record Console(PrintStream out, PrintStream err, boolean isTerminal) {
  static Console ofProcess() {
    OutputStream standardOutput = new Reported(new FileOutputStream(FileDescriptor.out));
    OutputStream standardError = new FileOutputStream(FileDescriptor.err);
    return new Console(
        new PrintStream(
            new BufferedOutputStream(standardOutput, 1 << 16), false, StandardCharsets.UTF_8),
        new PrintStream(standardError, true, StandardCharsets.UTF_8),
        Boolean.getBoolean("legosim.terminal"));
  }

  void error(String message) {
    err.println("legosim: error: " + shown(message));
  }

  void note(String message) {
    err.println("legosim: " + shown(message));
  }

  /**
   * A message may quote untrusted text: what could move the cursor or the reading order is spelled
   * out. A line break stays, and indents what follows, so that no quoted text passes for a line of
   * ours.
   */
  static String shown(String message) {
    return Arrays.stream(message.split("\n", -1))
        .map(Printable::of)
        .collect(Collectors.joining("\n  "));
  }

  /** A PrintStream swallows an IOException but lets this one through. */
  private static final class Reported extends FilterOutputStream {
    Reported(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        throw new OutputException("standard output: " + e.getMessage(), e);
      }
    }

    @Override
    public void write(int oneByte) {
      write(new byte[] {(byte) oneByte}, 0, 1);
    }
  }
}
