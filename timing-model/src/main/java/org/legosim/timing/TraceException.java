package org.legosim.timing;

/** An input is missing, damaged or unreadable; the message names the file and the byte or line. */
public final class TraceException extends LegosimException {
  private static final long serialVersionUID = 1L;

  public TraceException(String message) {
    super(ExitCode.INPUT, message);
  }

  public TraceException(String message, Throwable cause) {
    super(ExitCode.INPUT, message, cause);
  }
}
