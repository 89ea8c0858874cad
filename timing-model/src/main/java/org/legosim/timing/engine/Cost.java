package org.legosim.timing.engine;

import org.legosim.timing.params.Constant;

/** A constant at work in one simulation: its value and the thread time charged in its name. */
public final class Cost {
  private final Constant constant;
  private final boolean assumed;
  /** Picoseconds, or picoseconds per kibibyte for copies. */
  private final long value;

  private long chargedPs;

  Cost(Constant constant) {
    this.constant = constant;
    this.assumed = constant.isAssumed();
    this.value = constant.value();
  }

  public Constant constant() {
    return constant;
  }

  public boolean isAssumed() {
    return assumed;
  }

  public long chargedPs() {
    return chargedPs;
  }

  /** Duration of one execution, in picoseconds, without charging it. */
  @HotPath
  public long ps() {
    return value;
  }

  /** One execution: charged, and returned to be added to the time of the step. */
  @HotPath
  public long charge() {
    chargedPs += value;
    return value;
  }

  /** {@code times} executions. */
  @HotPath
  public long charge(long times) {
    long ps = value * times;
    chargedPs += ps;
    return ps;
  }

  /** Time that the caller worked out from a constant in cycles or in bits per second. */
  @HotPath
  public void chargePs(long ps) {
    chargedPs += ps;
  }

  /** Work proportional to bytes, for a constant in picoseconds per kibibyte; rounded up. */
  @HotPath
  public long chargeBytes(long bytes) {
    long ps = (value * bytes + 1023) >> 10;
    chargedPs += ps;
    return ps;
  }
}
