package org.legosim.timing;

/** An invariant of the simulated kernel does not hold. */
public final class InvariantViolation extends LegosimException {
  private static final long serialVersionUID = 1L;

  public InvariantViolation(String message) {
    super(ExitCode.INVARIANT, message);
  }

  public InvariantViolation(String message, Throwable cause) {
    super(ExitCode.INVARIANT, message, cause);
  }
}
