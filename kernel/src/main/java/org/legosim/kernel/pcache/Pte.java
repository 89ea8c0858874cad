package org.legosim.kernel.pcache;

import org.legosim.timing.engine.HotPath;

/**
 * A page-table entry as a long: x86's bits below 12, the line number above. A page's frame is its
 * line. There is no protection besides {@link #WRITE}: a fill always installs a writable entry.
 */
@HotPath
final class Pte {
  static final long NONE = 0;
  static final long PRESENT = 1;
  static final long WRITE = 1 << 1;

  /** Software bit of an entry that is not present: the first touch is filled with zeros. */
  static final long ZERO_FILL = 1 << 2;

  static final long ACCESSED = 1 << 5;
  static final long DIRTY = 1 << 6;

  /** Software bit of a page that was prefetched and not touched since; the first walk clears it. */
  static final long PREFETCHED = 1 << 9;

  /** What a fill installs: shared, executable, and already accessed. */
  static final long FILLED = PRESENT | WRITE | ACCESSED;

  /** What a prefetch installs: nobody has accessed it. */
  static final long FETCHED_AHEAD = PRESENT | WRITE | PREFETCHED;

  private static final int LINE_SHIFT = 12;
  static final long FLAGS = (1L << LINE_SHIFT) - 1;

  private Pte() {}

  static long of(int line, long flags) {
    return (long) line << LINE_SHIFT | flags;
  }

  static int line(long entry) {
    return (int) (entry >>> LINE_SHIFT);
  }

  static boolean isPresent(long entry) {
    return (entry & PRESENT) != 0;
  }

  static boolean isDirty(long entry) {
    return (entry & DIRTY) != 0;
  }

  static boolean isPrefetched(long entry) {
    return (entry & PREFETCHED) != 0;
  }

  static boolean isWritable(long entry) {
    return (entry & WRITE) != 0;
  }
}
