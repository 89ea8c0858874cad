package org.legosim.trace.synth;

/** Options that only some kinds of synthetic traces know. */
public enum SynthOption {
  /** Threads share one region, or one set of mappings. */
  SHARED("--shared"),
  WRITES("--writes"),
  STRIDE("--stride"),
  SKEW("--skew"),
  HOT_PAGES("--hot-pages"),
  HOT_ACCESSES("--hot-accesses"),
  PHASES("--phases"),
  BURST("--burst");

  private final String flag;

  SynthOption(String flag) {
    this.flag = flag;
  }

  /** As on the command line. */
  public String flag() {
    return flag;
  }
}
