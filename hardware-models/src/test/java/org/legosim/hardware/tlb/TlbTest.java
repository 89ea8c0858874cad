package org.legosim.hardware.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.Seeds;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.RandomStream;

class TlbTest {
  private static Tlb tlb(String... settings) {
    return new Tlb(Defaults.of(TlbParams.class, settings));
  }

  @Test
  void fill_makesAPageKnownToBothLevels() {
    Tlb tlb = tlb();
    assertEquals(Tlb.MISS, tlb.lookup(5, false));
    tlb.fill(5, 77, true, true);
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(5, true));
    assertEquals(77, tlb.frame());
    // Four more pages of the same first-level set push it out there; the second level keeps it.
    for (int i = 1; i <= 4; i++) {
      tlb.fill(5 + 16 * i, i, true, true);
    }
    assertEquals(Tlb.HIT_SECOND, tlb.lookup(5, false));
    assertEquals(77, tlb.frame());
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(5, false));
    assertEquals(2, tlb.firstMisses());
    assertEquals(1, tlb.misses());
  }

  @Test
  void storesThroughCleanEntries_askForTheDirtyBitOnce() {
    Tlb tlb = tlb();
    tlb.fill(9, 3, true, false);
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(9, false));
    assertEquals(Tlb.NEEDS_DIRTY, tlb.lookup(9, true));
    assertEquals(3, tlb.frame());
    tlb.markDirty(9);
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(9, true));
    for (int i = 1; i <= 4; i++) {
      tlb.fill(9 + 16 * i, i, true, true);
    }
    assertEquals(Tlb.HIT_SECOND, tlb.lookup(9, true)); // the second level knows it as well
  }

  @Test
  void storesToReadOnlyPages_fault() {
    Tlb tlb = tlb();
    tlb.fill(9, 3, false, true);
    assertEquals(Tlb.NOT_WRITABLE, tlb.lookup(9, true));
    tlb.fill(9, 4, true, true); // after the fault, with the new frame
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(9, true));
    assertEquals(4, tlb.frame());
  }

  @Test
  void switchingSpaces_flushesUnlessItIsTheSame() {
    Tlb tlb = tlb();
    tlb.switchTo(1);
    tlb.fill(5, 77, true, true);
    tlb.switchTo(1);
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(5, false));
    tlb.switchTo(2);
    assertEquals(Tlb.MISS, tlb.lookup(5, false));
    assertEquals(2, tlb.flushes());
  }

  @Test
  void idealTlb_countsNoMisses() {
    Tlb tlb = tlb("tlb.model=off");
    assertEquals(Tlb.MISS, tlb.lookup(5, false));
    tlb.fill(5, 77, true, false);
    assertEquals(Tlb.HIT_FIRST, tlb.lookup(5, false));
    assertEquals(Tlb.NEEDS_DIRTY, tlb.lookup(5, true));
    assertEquals(0, tlb.firstMisses());
    assertEquals(0, tlb.misses());
  }

  /** Against a list per set, through lookups, fills, invalidations, flushes and epochs that wrap. */
  @Test
  void table_equalsAListInOrderOfUse() {
    for (long seed : Seeds.first(40)) {
      RandomStream random = Seeds.stream(seed, "tlb");
      int ways = 1 + random.nextInt(8);
      int sets = 1 << random.nextInt(4);
      TranslationTable table = new TranslationTable(sets * ways, ways);
      List<List<long[]>> plain = new ArrayList<>();
      for (int set = 0; set < sets; set++) {
        plain.add(new ArrayList<>());
      }
      for (int step = 0; step < 4_000; step++) {
        long page = random.nextInt(3 * sets * ways) + ((long) random.nextInt(2) << 40);
        List<long[]> set = plain.get((int) (page % sets));
        switch (random.nextInt(100)) {
          case 0 -> {
            table.invalidateAll();
            plain.forEach(List::clear);
          }
          case 1, 2, 3 -> {
            table.invalidate(page);
            set.removeIf(entry -> entry[0] == page);
          }
          default ->
            assertEquals(use(set, page, ways, step), use(table, page, step), Seeds.replay(seed));
        }
      }
    }
  }

  private static long use(TranslationTable table, long page, long datum) {
    long found = table.get(page);
    if (found == TranslationTable.ABSENT) {
      table.put(page, datum);
    }
    return found;
  }

  private static long use(List<long[]> set, long page, int ways, long datum) {
    for (long[] entry : set) {
      if (entry[0] == page) {
        set.remove(entry);
        set.add(0, entry);
        return entry[1];
      }
    }
    if (set.size() == ways) {
      set.remove(ways - 1);
    }
    set.add(0, new long[] {page, datum});
    return TranslationTable.ABSENT;
  }

  @Test
  void manyFlushes_neverBringOldTranslationsBack() {
    TranslationTable table = new TranslationTable(4, 4);
    for (int flush = 0; flush < 1_200_000; flush++) { // more than there are epochs
      if (flush % 1000 == 0) {
        assertEquals(TranslationTable.ABSENT, table.get(1));
        table.put(1, 1);
      }
      table.invalidateAll();
    }
    assertEquals(TranslationTable.ABSENT, table.get(1));
  }

  @Test
  void impossibleShapes_areRefused() {
    assertThrows(ConfigException.class, () -> tlb("tlb.dtlb.entries=60"));
    assertThrows(ConfigException.class, () -> tlb("tlb.stlb.ways=3"));
    tlb("tlb.stlb.entries=off", "tlb.stlb.ways=3");
  }
}
