package org.legosim.kernel.processor;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * What one CPU knows of its page translations when no TLB is modelled: a large direct-mapped table
 * that costs nothing to look up or refill. It is private to the CPU and changes only when that CPU
 * walks the page table or serves a shootdown, so run-ahead over it is exact.
 *
 * <p>An entry is one word: page number, epoch and whether a store may go ahead without setting the
 * dirty bit first. A full flush is a new epoch.
 */
@HotPath
final class PageFilter {
  private static final int SLOTS = 1 << 14;
  private static final int SLOT_MASK = SLOTS - 1;
  private static final int EPOCH_SHIFT = 48;
  private static final int EPOCH_BITS = 15;
  private static final long EPOCH_MAX = (1L << EPOCH_BITS) - 1;
  private static final long PAGE_MASK = (1L << EPOCH_SHIFT) - 1;

  /** Bit of an entry that allows stores; the sign bit. */
  static final long STORE = 1L << 63;

  private final long[] entry = new long[SLOTS];
  private final int[] frame = new int[SLOTS];
  private long epoch = 1;

  /**
   * True when the page may be accessed without looking at the page table.
   *
   * @param store {@link #STORE} for a write, 0 for a read
   */
  boolean allows(long page, long store) {
    long wanted = page | epoch << EPOCH_SHIFT | store;
    return ((entry[slotOf(page)] ^ wanted) & (~STORE | store)) == 0;
  }

  /** The frame of a page that {@link #allows} just accepted. */
  int frameOf(long page) {
    return frame[slotOf(page)];
  }

  void fill(long page, int pageFrame, boolean mayStore) {
    int slot = slotOf(page);
    entry[slot] = page | epoch << EPOCH_SHIFT | (mayStore ? STORE : 0);
    frame[slot] = pageFrame;
  }

  void invalidate(long page) {
    int slot = slotOf(page);
    if ((entry[slot] & PAGE_MASK) == page) {
      entry[slot] = 0;
    }
  }

  void invalidateAll() {
    if (epoch == EPOCH_MAX) {
      Arrays.fill(entry, 0);
      epoch = 0;
    }
    epoch++;
  }

  private static int slotOf(long page) {
    return (int) (page ^ page >>> 14) & SLOT_MASK;
  }
}
