package org.legosim.hardware.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.MemoryPort;
import org.legosim.timing.Frequency;
import org.legosim.timing.engine.Ledger;

class PageWalkerTest {
  private final List<Long> read = new ArrayList<>();
  private final MemoryPort memory = (timePs, address) -> {
    read.add(address);
    return timePs + 100;
  };
  private final PageTableLayout table =
      (level, page) -> level * 1_000_000L + (page >>> (9 * level));

  private static PageWalker walker(String... settings) {
    return new PageWalker(
        Defaults.of(TlbParams.class, settings), new Frequency(2_400_000_000L), new Ledger());
  }

  /** The start is 10 cycles of 2.4 GHz: 4,166 2/3 ps, rounded up; each reference takes 100 ps. */
  @Test
  void firstWalk_readsAllLevels_laterOnesWhatIsNotRemembered() {
    PageWalker walker = walker();
    assertEquals(4_167 + 400, walker.walk(0, 5, table, memory));
    assertEquals(List.of(3_000_000L, 2_000_000L, 1_000_000L, 5L), read);
    assertEquals(4_167 + 100, walker.walk(0, 6, table, memory)); // same directory
    assertEquals(4_167 + 200, walker.walk(0, 512, table, memory)); // next directory, same 1 GiB
    assertEquals(4_167 + 300, walker.walk(0, 1 << 18, table, memory)); // next 1 GiB
    walker.flush();
    assertEquals(4_167 + 400, walker.walk(0, 5, table, memory));
    assertEquals(5, walker.walks());
    assertEquals(14, walker.references());
  }

  @Test
  void rememberedEntries_areFewAndLeastRecentlyUsedGoFirst() {
    PageWalker walker = walker("tlb.walk.directoryEntries=2");
    walker.walk(0, 0, table, memory);
    walker.walk(0, 512, table, memory);
    walker.walk(0, 1, table, memory); // the first directory is recent again
    walker.walk(0, 1024, table, memory); // displaces the second
    read.clear();
    walker.walk(0, 2, table, memory);
    walker.walk(0, 513, table, memory);
    assertEquals(3, read.size()); // one, then two
  }

  @Test
  void withoutWalkCaches_everyWalkReadsFourLevels() {
    PageWalker walker = walker(
        "tlb.walk.directoryEntries=off", "tlb.walk.pointerEntries=off", "tlb.walk.rootEntries=off");
    walker.walk(0, 5, table, memory);
    walker.walk(0, 5, table, memory);
    assertEquals(8, read.size());
  }

  @Test
  void fixedWalks_takeTheirConstant_andIdealOnesNothing() {
    // 25 cycles are 10,416 2/3 ps.
    assertEquals(10_417, walker("tlb.walk.model=fixed").walk(0, 5, table, memory));
    assertEquals(7, walker("tlb.model=off").walk(7, 5, table, memory));
    assertEquals(0, read.size());
  }
}
