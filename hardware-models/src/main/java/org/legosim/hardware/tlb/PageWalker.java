package org.legosim.hardware.tlb;

import org.legosim.hardware.MemoryPort;
import org.legosim.timing.Frequency;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;

/**
 * One CPU's page walker over a four-level table. It remembers upper-level entries in three small
 * fully associative caches; a walk begins below the lowest level they hold and reads one entry per
 * level from there, each read waiting for the one before.
 *
 * <p>Left out: several walks at a time, large pages.
 */
@HotPath
public final class PageWalker {
  /** Levels of the table; level 0 holds the pages' own entries. */
  public static final int LEVELS = 4;

  private static final int BITS_PER_LEVEL = 9;

  private final boolean isFree;
  private final boolean isFixed;
  private final long fixedPs;
  private final long startPs;
  private final Cost fixedCost;
  private final Cost startCost;
  /** Remembered entries of levels 1 to 3, at their level. */
  private final TranslationTable[] remembered = new TranslationTable[LEVELS];

  private final boolean[] remembers = new boolean[LEVELS];
  private long walks;
  private long references;

  public PageWalker(TlbParams params, Frequency frequency, Ledger ledger) {
    isFree = params.model() == TlbModel.OFF;
    isFixed = params.walkModel() == WalkModel.FIXED;
    fixedPs = frequency.durationPs(params.walkLatencyCycles().value());
    startPs = frequency.durationPs(params.walkStartCycles().value());
    fixedCost = ledger.cost(params.walkLatencyCycles());
    startCost = ledger.cost(params.walkStartCycles());
    int[] entries = {0, params.directoryEntries(), params.pointerEntries(), params.rootEntries()};
    for (int level = 0; level < LEVELS; level++) {
      remembers[level] = entries[level] != 0;
      int size = Math.max(1, entries[level]);
      remembered[level] = new TranslationTable(size, size);
    }
  }

  /**
   * Walks the table for {@code page} in the simulation's present.
   *
   * @param memory reads an entry through the CPU's caches
   * @return when the translation is there
   */
  public long walk(long timePs, long page, PageTableLayout table, MemoryPort memory) {
    if (isFree) {
      return timePs;
    }
    walks++;
    if (isFixed) {
      fixedCost.chargePs(fixedPs);
      return timePs + fixedPs;
    }
    startCost.chargePs(startPs);
    long nowPs = timePs + startPs;
    for (int level = firstLevel(page); level >= 0; level--) {
      references++;
      nowPs = memory.read(nowPs, table.entryAddress(level, page));
      if (remembers[level]) {
        remembered[level].put(page >>> (BITS_PER_LEVEL * level), 0);
      }
    }
    return nowPs;
  }

  /** The level below the lowest one that is remembered. */
  private int firstLevel(long page) {
    for (int level = 1; level < LEVELS; level++) {
      if (remembers[level]
          && remembered[level].get(page >>> (BITS_PER_LEVEL * level)) != TranslationTable.ABSENT) {
        return level - 1;
      }
    }
    return LEVELS - 1;
  }

  /** Forgets all entries: an invalidation of any page, or another page table. */
  public void flush() {
    for (int level = 1; level < LEVELS; level++) {
      remembered[level].invalidateAll();
    }
  }

  public long walks() {
    return walks;
  }

  /** Entries read from memory. */
  public long references() {
    return references;
  }
}
