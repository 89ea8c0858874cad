package org.legosim.kernel.pcache;

import org.legosim.timing.InvariantViolation;

/**
 * The invariants of a pcache at a moment when no kernel path is under way: counts, links, page-table
 * entries and reverse mappings agree, every page is in its own set and in one place, and no line is
 * lost. Costs time in proportion to what was ever touched.
 */
public final class PcacheChecker {
  private final Pcache pcache;
  private final PcacheGeometry geometry;
  private long listedLines;
  private long parkedLines;
  private long presentPages;
  private long untouchedPages;

  public PcacheChecker(Pcache pcache) {
    this.pcache = pcache;
    this.geometry = pcache.geometry;
  }

  /**
   * Checks everything.
   *
   * @throws InvariantViolation that names the invariant, the set, the line and the page
   */
  public void check() {
    listedLines = 0;
    presentPages = 0;
    untouchedPages = 0;
    checkParked();
    for (int set = 0; set < geometry.sets(); set++) {
      if (!pcache.sets.isUntouched(set)) {
        checkSet(set);
      }
    }
    for (int space = 0; space < pcache.spaceCount(); space++) {
      checkSpace(pcache.space(space));
    }
    equal("present pages and reverse mappings", presentPages, pcache.rmaps.live());
    equal(
        "lines in use, and those on lists or parked",
        pcache.counters.usedLines,
        listedLines + parkedLines);
    checkPrefetches();
    checkVictims();
    pcache.verifyCounters();
  }

  private void checkParked() {
    parkedLines = 0;
    for (int cpu = 0; cpu < pcache.slots.cpus(); cpu++) {
      int line = pcache.slots.line(cpu);
      if (line != Lines.NONE) {
        parkedLines++;
        require(
            pcache.lines.bits(line) == Lines.PIGGYBACK_CACHED
                && pcache.lines.references(line) == 0
                && pcache.lines.mappings(line) == 0,
            "parked in the slot of CPU " + cpu + " but in use",
            line);
      }
    }
  }

  private void checkSet(int set) {
    int listed = 0;
    int before = Lines.NONE;
    int line = pcache.replacement.head(set);
    while (line != Lines.NONE) {
      require(geometry.setOfLine(line) == set, "on the list of set " + set, line);
      require(pcache.lines.previous(line) == before, "wrong link to the line before", line);
      require(++listed <= geometry.ways(), "list of set " + set + " has a cycle", line);
      checkLine(line);
      before = line;
      line = pcache.lines.next(line);
    }
    equal("tail of the list of set " + set, pcache.replacement.tail(set), before);
    equal("length of the list of set " + set, pcache.sets.listed(set), listed);
    int parked = 0;
    for (int cpu = 0; cpu < pcache.slots.cpus(); cpu++) {
      int slot = pcache.slots.line(cpu);
      parked += slot != Lines.NONE && geometry.setOfLine(slot) == set ? 1 : 0;
    }
    equal(
        "ways of set " + set + ", and its lines that are free, listed or parked",
        geometry.ways(),
        pcache.free.count(set) + (long) listed + parked);
    equal("pages of set " + set + " on the eviction list", pcache.sets.evictionEntries(set), 0);
    listedLines += listed;
  }

  private void checkLine(int line) {
    require(
        (pcache.lines.bits(line) & ~Lines.VALID) == Lines.LISTED && !pcache.lines.isLocked(line),
        "in flight although nothing is under way",
        line);
    int rmaps = 0;
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      rmaps++;
      long address = pcache.rmaps.address(rmap);
      AddressSpace space = pcache.space(pcache.rmaps.space(rmap));
      long entry = space.pte(address);
      require(
          Pte.isPresent(entry) && Pte.line(entry) == line,
          "mismatched page-table entry and reverse mapping: "
              + page(space, address)
              + " has the entry 0x"
              + Long.toHexString(entry),
          line);
    }
    require(
        pcache.lines.mappings(line) == rmaps && pcache.lines.references(line) == rmaps,
        "references, mappings and " + rmaps + " reverse mappings differ",
        line);
    long present = pcache.sectors.present(line);
    require(
        !pcache.sectors.isOn
            || (present != 0
                && (present & ~pcache.sectors.all()) == 0
                && (pcache.sectors.dirty(line) & ~present) == 0),
        "its sectors are 0x"
            + Long.toHexString(present)
            + ", the dirty ones 0x"
            + Long.toHexString(pcache.sectors.dirty(line)),
        line);
    require(pcache.lines.has(line, Lines.VALID) && rmaps > 0, "on a list without a mapping", line);
  }

  private void checkSpace(AddressSpace space) {
    PageTable table = space.firstTableFrom(0);
    while (table != null) {
      if (!table.isUniform()) {
        checkTable(space, table);
      }
      table = space.firstTableFrom(table.end());
    }
  }

  private void checkTable(AddressSpace space, PageTable table) {
    if (!table.lock().isFree()) {
      throw new InvariantViolation(table.lock() + " although nothing is under way");
    }
    for (long address = table.start(); address < table.end(); address += geometry.lineBytes()) {
      long entry = table.get(address);
      if (!Pte.isPresent(entry)) {
        if (entry != Pte.NONE && entry != Pte.ZERO_FILL) {
          throw new InvariantViolation(
              page(space, address) + " has the bad entry 0x" + Long.toHexString(entry));
        }
        continue;
      }
      presentPages++;
      if (Pte.isPrefetched(entry)) {
        untouchedPages++;
        require(
            (entry & (Pte.ACCESSED | Pte.DIRTY)) == 0,
            page(space, address) + " was prefetched, touched and still counts as untouched",
            Pte.line(entry));
      }
      int line = Pte.line(entry);
      require(
          !Pte.isDirty(entry) || !pcache.sectors.isOn || pcache.sectors.dirty(line) != 0,
          page(space, address) + " is dirty in no sector",
          line);
      require(
          geometry.setOf(address) == geometry.setOfLine(line),
          page(space, address) + " belongs to set " + geometry.setOf(address) + " but is mapped to",
          line);
      require(
          pcache.rmaps.find(line, space.index(), address) != Rmaps.NONE,
          page(space, address) + " is mapped to a line that does not know it",
          line);
    }
  }

  private void checkPrefetches() {
    PcacheCounters counters = pcache.counters;
    equal(
        "prefetches, and those that were useful, useless, failed or still wait for their first touch",
        counters.prefetches,
        counters.prefetchesUseful
            + counters.prefetchesUseless
            + counters.prefetchesFailed
            + untouchedPages);
  }

  /** A page whose newest data waits in the victim cache must not be present as well. */
  private void checkVictims() {
    equal("pages on eviction lists", pcache.evictions.count(), 0);
    long victims = 0;
    for (int entry = 0; entry < pcache.victims.entries(); entry++) {
      if (!pcache.victims.has(entry, VictimCache.USABLE)) {
        continue;
      }
      victims++;
      if (!pcache.victims.has(entry, VictimCache.WAIT_FLUSH)
          || pcache.victims.has(entry, VictimCache.NO_HIT)) {
        continue;
      }
      for (int hit = 0; hit < pcache.victims.hitCount(entry); hit++) {
        if (!pcache.victims.isForgotten(entry, hit)) {
          checkUnmapped(
              entry, pcache.victims.hitTgid(entry, hit), pcache.victims.hitAddress(entry, hit));
        }
      }
    }
    equal("usable victim cache entries", pcache.victims.usableCount(), victims);
  }

  private void checkUnmapped(int entry, int tgid, long address) {
    for (int i = 0; i < pcache.spaceCount(); i++) {
      AddressSpace space = pcache.space(i);
      long pte = space.pte(address);
      if (space.tgid() == tgid && Pte.isPresent(pte)) {
        require(
            false,
            page(space, address) + " waits for its flush in victim cache entry " + entry
                + " and is in",
            Pte.line(pte));
      }
    }
  }

  private String page(AddressSpace space, long address) {
    return "page 0x" + Long.toHexString(address) + " of " + space;
  }

  private void require(boolean holds, String what, int line) {
    if (!holds) {
      throw new InvariantViolation("pcache: " + what + ": " + pcache.describeLine(line));
    }
  }

  private static void equal(String what, long left, long right) {
    if (left != right) {
      throw new InvariantViolation("pcache: " + what + " differ: " + left + " != " + right);
    }
  }
}
