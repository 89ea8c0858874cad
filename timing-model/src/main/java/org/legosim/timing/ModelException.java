package org.legosim.timing;

/** A defect of legosim itself; the message carries time, component and seed. */
public final class ModelException extends LegosimException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(ExitCode.DEFECT, message);
  }

  public ModelException(String message, Throwable cause) {
    super(ExitCode.DEFECT, message, cause);
  }
}
