package org.legosim.timing;

/** An output could not be written; nothing partial stands under its final name. */
public final class OutputException extends LegosimException {
  private static final long serialVersionUID = 1L;

  public OutputException(String message) {
    super(ExitCode.OUTPUT, message);
  }

  public OutputException(String message, Throwable cause) {
    super(ExitCode.OUTPUT, message, cause);
  }
}
