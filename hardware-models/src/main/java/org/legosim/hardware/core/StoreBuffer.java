package org.legosim.hardware.core;

import org.legosim.timing.engine.HotPath;

/**
 * Stores on their way to the cache. They leave in program order (total store order): one that misses
 * holds up those behind it, but their own misses overlap with it.
 */
@HotPath
final class StoreBuffer {
  /** When each of the last stores leaves, the oldest at {@link #oldest}; time begins at 0. */
  private final long[] leavesPs;

  private int oldest;
  private long lastLeavesPs;

  StoreBuffer(int entries) {
    leavesPs = new long[entries];
  }

  /** True when every store has left by {@code nowPs}. */
  boolean isEmptyAt(long nowPs) {
    return lastLeavesPs <= nowPs;
  }

  /**
   * Enters a store whose line is there at {@code completionPs}.
   *
   * @return how long the core waits for an entry
   */
  long enter(long nowPs, long completionPs) {
    long stallPs = Math.max(0, leavesPs[oldest] - nowPs);
    lastLeavesPs = Math.max(lastLeavesPs, completionPs + stallPs);
    leavesPs[oldest] = lastLeavesPs;
    oldest = oldest + 1 == leavesPs.length ? 0 : oldest + 1;
    return stallPs;
  }

  /** How long the core waits until every store has left. */
  long drain(long nowPs) {
    return Math.max(0, lastLeavesPs - nowPs);
  }
}
