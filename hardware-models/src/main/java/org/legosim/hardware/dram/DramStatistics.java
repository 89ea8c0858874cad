package org.legosim.hardware.dram;

import org.legosim.timing.engine.HotPath;

/** Counts of one DRAM; the row outcomes stay 0 in {@link DramModel#FIXED}. */
@HotPath
public final class DramStatistics {
  long reads;
  long writes;
  long rowHits;
  long rowClosed;
  long rowConflicts;
  long busBusyCycles;

  DramStatistics() {}

  /** Lines read. */
  public long reads() {
    return reads;
  }

  /** Lines written. */
  public long writes() {
    return writes;
  }

  /** Accesses whose row was open. */
  public long rowHits() {
    return rowHits;
  }

  /** Accesses whose bank had no open row. */
  public long rowClosed() {
    return rowClosed;
  }

  /** Accesses whose bank had another row open. */
  public long rowConflicts() {
    return rowConflicts;
  }

  /** Cycles of data, over all channels. */
  public long busBusyCycles() {
    return busBusyCycles;
  }
}
