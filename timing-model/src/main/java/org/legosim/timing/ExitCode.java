package org.legosim.timing;

/** Process exit codes, as documented for the command line. */
public enum ExitCode {
  DONE(0),
  FELL_SHORT(1),
  USAGE(2),
  INPUT(3),
  INVARIANT(4),
  OUTPUT(5),
  DEFECT(70),
  INTERRUPTED(130);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }
}
