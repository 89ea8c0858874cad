package org.legosim.kernel.pcache;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelLock;

/**
 * One page-table page: the entries of 2 MiB of addresses and the lock that they share. A fill holds
 * that lock across its RPC, so it is what serialises the misses of neighbouring threads.
 */
final class PageTable {
  /** Addresses per page-table page. */
  static final int SHIFT = 21;

  static final long BYTES = 1L << SHIFT;
  private static final long OFFSET_MASK = BYTES - 1;

  final KernelLock lock;

  /** Times that the lock's holder has taken it again. */
  int nesting;

  private final long start;
  private final int lineShift;
  private final long[] entries;

  PageTable(long start, int lineShift) {
    this.start = start;
    this.lineShift = lineShift;
    // MODEL: with lines of other sizes than 4 KiB the page still covers 2 MiB, so that the
    // granularity of the lock stays the kernel's.
    this.entries = new long[1 << (SHIFT - lineShift)];
    this.lock = new KernelLock("page-table lock of 0x" + Long.toHexString(start));
  }

  long start() {
    return start;
  }

  @HotPath
  long get(long address) {
    return entries[(int) ((address & OFFSET_MASK) >>> lineShift)];
  }

  @HotPath
  void set(long address, long entry) {
    entries[(int) ((address & OFFSET_MASK) >>> lineShift)] = entry;
  }

  /** Entries per page-table page. */
  int count() {
    return entries.length;
  }

  long entryAt(int index) {
    return entries[index];
  }

  long addressAt(int index) {
    return start + ((long) index << lineShift);
  }
}
