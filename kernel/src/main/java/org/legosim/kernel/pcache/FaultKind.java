package org.legosim.kernel.pcache;

/** How a page fault ended. */
public enum FaultKind {
  REMOTE("remote"),
  PIGGYBACK("piggyback"),
  VICTIM("victim"),
  ZERO("zero"),
  COW("cow"),
  LOST_RACE("lost-race"),
  FAILED("failed"),
  SECTOR("sector");

  private final String word;

  FaultKind(String word) {
    this.word = word;
  }

  /** Its name in result files. */
  public String word() {
    return word;
  }
}
