package org.legosim.timing;

/**
 * A failure that ends a command with a known exit code. Its message says what is wrong, where, what
 * was allowed and what to do; control characters in it are shown as {@code \xNN} by the command
 * line, so messages may quote untrusted text.
 */
public abstract sealed class LegosimException extends RuntimeException
    permits ConfigException, TraceException, ModelException, OutputException, InvariantViolation {
  private static final long serialVersionUID = 1L;
  private final ExitCode exitCode;

  LegosimException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  LegosimException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
