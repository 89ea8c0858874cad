package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelLock;

/**
 * One page-table page: the entries of 2 MiB of addresses and the lock that they share. A fill holds
 * that lock across its RPC, so it is what serialises the misses of neighbouring threads.
 *
 * <p>While all entries are the same they are not stored, so that a terabyte that was mapped and never
 * touched costs little.
 */
final class PageTable {
  /** Addresses per page-table page. */
  static final int SHIFT = 21;

  static final long BYTES = 1L << SHIFT;
  private static final long OFFSET_MASK = BYTES - 1;

  private final long start;
  private final int lineShift;
  private @Nullable KernelLock lock;
  private long @Nullable [] entries;
  private long uniform = Pte.NONE;

  PageTable(long start, int lineShift) {
    this.start = start;
    this.lineShift = lineShift;
  }

  long start() {
    return start;
  }

  /** First address above. */
  long end() {
    return start + BYTES;
  }

  KernelLock lock() {
    KernelLock made = lock;
    if (made == null) {
      made = new KernelLock("page-table lock of 0x" + Long.toHexString(start));
      lock = made;
    }
    return made;
  }

  @HotPath
  long get(long address) {
    long[] stored = entries;
    return stored == null ? uniform : stored[(int) ((address & OFFSET_MASK) >>> lineShift)];
  }

  @HotPath
  void set(long address, long entry) {
    long[] stored = entries;
    if (stored == null) {
      stored = store();
    }
    stored[(int) ((address & OFFSET_MASK) >>> lineShift)] = entry;
  }

  /** True when all entries are the same, and none is present. */
  boolean isUniform() {
    return entries == null;
  }

  /** Makes every entry, none of which is present, the same. */
  void setAll(long entry) {
    entries = null;
    uniform = entry;
  }

  /** Entries per page-table page. */
  int count() {
    // MODEL: with lines of other sizes than 4 KiB the page still covers 2 MiB, so that the
    // granularity of the lock stays the kernel's.
    return 1 << (SHIFT - lineShift);
  }

  private long[] store() {
    long[] stored = new long[count()];
    if (uniform != Pte.NONE) {
      Arrays.fill(stored, uniform);
    }
    entries = stored;
    return stored;
  }
}
