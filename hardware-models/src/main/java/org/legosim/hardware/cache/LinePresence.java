package org.legosim.hardware.cache;

import org.legosim.timing.engine.HotPath;

/**
 * Counts of held lines by group of 64 neighbours (a 4 KiB page of 64-byte lines), hashed: a count of
 * zero proves that no line of the group is held. It makes the invalidation of a page that a CPU never
 * touched one test instead of 64 searches.
 */
@HotPath
final class LinePresence {
  private static final int GROUP_BITS = 6;
  private static final int MIN_COUNTS = 64;
  /** Enough for a cache of any size whose lines come in pages; more would crowd the host's cache. */
  private static final int MAX_COUNTS = 8192;

  private final int[] counts;
  private final int mask;

  /** @param capacityLines most lines held at a time */
  LinePresence(int capacityLines) {
    int size = Math.min(MAX_COUNTS, Math.max(MIN_COUNTS, Integer.highestOneBit(capacityLines) * 4));
    counts = new int[size];
    mask = size - 1;
  }

  void add(long line) {
    counts[(int) (line >>> GROUP_BITS) & mask]++;
  }

  void remove(long line) {
    counts[(int) (line >>> GROUP_BITS) & mask]--;
  }

  boolean mayHold(long line) {
    return counts[(int) (line >>> GROUP_BITS) & mask] != 0;
  }

  /** First line of the group after {@code line}'s. */
  static long nextGroup(long line) {
    return ((line >>> GROUP_BITS) + 1) << GROUP_BITS;
  }
}
