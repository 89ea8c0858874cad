package org.legosim.hardware.tlb;

import org.legosim.timing.engine.HotPath;

/**
 * What one CPU remembers of its page translations: a first-level and a second-level TLB, both LRU,
 * holding one address space at a time. With {@code tlb.model=off} it is a large direct-mapped filter
 * in front of the page table instead: a look-up that misses costs host time but no simulated time, so
 * it behaves like an ideal TLB.
 *
 * <p>An entry says whether the page is writable and whether its dirty bit is known to be set. As on
 * x86, the first store through a clean entry must set the bit in the page table.
 *
 * <p>Left out: pages of several sizes, instruction translations, address-space tags.
 */
@HotPath
public final class Tlb {
  /** Found in the first level. */
  public static final int HIT_FIRST = 0;

  /** Found in the second level, and now in the first. */
  public static final int HIT_SECOND = 1;

  /** A store to a clean page: the page table's dirty bit must be set, then {@link #markDirty}. */
  public static final int NEEDS_DIRTY = 2;

  /** A store to a page that is not writable: a fault. */
  public static final int NOT_WRITABLE = 3;

  /** Not found: a page walk is needed, then {@link #fill}. */
  public static final int MISS = 4;

  private static final long DIRTY = 1;
  private static final long WRITABLE = 2;
  private static final int FRAME_SHIFT = 2;
  private static final int FILTER_ENTRIES = 1 << 16;
  private static final int NO_SPACE = -1;

  private final boolean isIdeal;
  private final TranslationTable first;
  private final TranslationTable second;
  private final boolean hasSecond;
  private int addressSpace = NO_SPACE;
  private long frame;
  private long firstMisses;
  private long misses;
  private long flushes;

  public Tlb(TlbParams params) {
    isIdeal = params.model() == TlbModel.OFF;
    if (isIdeal) {
      first = new TranslationTable(FILTER_ENTRIES, 1);
    } else {
      first = new TranslationTable(params.dtlbEntries(), params.dtlbWays());
    }
    hasSecond = !isIdeal && params.stlbEntries() != 0;
    second = hasSecond
        ? new TranslationTable(params.stlbEntries(), params.stlbWays())
        : new TranslationTable(1, 1);
  }

  /**
   * Looks a page up for an access.
   *
   * @param page virtual page number, below 2^44
   * @return {@link #HIT_FIRST}, {@link #HIT_SECOND}, {@link #NEEDS_DIRTY}, {@link #NOT_WRITABLE} or
   *     {@link #MISS}; after all but the last, {@link #frame} is the page's frame
   */
  public int lookup(long page, boolean isWrite) {
    long datum = first.get(page);
    if (datum < 0) {
      return lookupSecond(page, isWrite);
    }
    frame = datum >>> FRAME_SHIFT;
    return isWrite && (datum & (DIRTY | WRITABLE)) != (DIRTY | WRITABLE)
        ? storeFault(datum)
        : HIT_FIRST;
  }

  private int lookupSecond(long page, boolean isWrite) {
    firstMisses++;
    long datum = hasSecond ? second.get(page) : TranslationTable.ABSENT;
    if (datum < 0) {
      misses++;
      return MISS;
    }
    first.put(page, datum);
    frame = datum >>> FRAME_SHIFT;
    return isWrite && (datum & (DIRTY | WRITABLE)) != (DIRTY | WRITABLE)
        ? storeFault(datum)
        : HIT_SECOND;
  }

  private static int storeFault(long datum) {
    return (datum & WRITABLE) == 0 ? NOT_WRITABLE : NEEDS_DIRTY;
  }

  /** The frame that the last look-up found. */
  public long frame() {
    return frame;
  }

  /** Enters what a page walk found. */
  public void fill(long page, long pageFrame, boolean isWritable, boolean isDirty) {
    long datum = (pageFrame << FRAME_SHIFT) | (isWritable ? WRITABLE : 0) | (isDirty ? DIRTY : 0);
    first.put(page, datum);
    if (hasSecond) {
      second.put(page, datum);
    }
  }

  /** The page table's dirty bit of a page just looked up has been set. */
  public void markDirty(long page) {
    long datum = first.get(page);
    if (datum >= 0) {
      first.update(page, datum | DIRTY);
      if (hasSecond) {
        second.update(page, datum | DIRTY);
      }
    }
  }

  public void invalidatePage(long page) {
    first.invalidate(page);
    if (hasSecond) {
      second.invalidate(page);
    }
  }

  public void flushAll() {
    flushes++;
    first.invalidateAll();
    if (hasSecond) {
      second.invalidateAll();
    }
  }

  /** Loads another page table: flushes everything, unless it is the one already loaded. */
  public void switchTo(int newAddressSpace) {
    if (newAddressSpace != addressSpace) {
      addressSpace = newAddressSpace;
      flushAll();
    }
  }

  /** True when look-ups and walks take no simulated time. */
  public boolean isIdeal() {
    return isIdeal;
  }

  /** Look-ups that missed in the first level; 0 for an ideal TLB. */
  public long firstMisses() {
    return isIdeal ? 0 : firstMisses;
  }

  /** Look-ups that missed in both levels: page walks; 0 for an ideal TLB. */
  public long misses() {
    return isIdeal ? 0 : misses;
  }

  public long flushes() {
    return flushes;
  }

  /** Forgets the counts, not the contents: the end of a warm-up. */
  public void clearCounts() {
    firstMisses = 0;
    misses = 0;
    flushes = 0;
  }
}
