package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Scripts of mmap, munmap, mremap, fork and write faults. */
class AddressSpaceScriptTest {
  private static String lines(String... expected) {
    return String.join(System.lineSeparator(), expected);
  }

  @Test
  void anonymousMemory_isFilledWithZerosOnce_thenMissesRemotely() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 1));
    AddressSpace a = harness.space(1);
    harness.cpu().map(a, page(0), 8).read(a, page(0), page(4), page(0));
    assertEquals(
        lines("0 Z 1:0 0.0", "0 E 1:0 0.0", "0 Z 1:4 0.0", "0 E 1:4 0.0", "0 M 1:0 0.0"),
        harness.run().events());
    assertEquals(2, harness.pcache.counters.fillZerofill);
    assertEquals(1, harness.pcache.counters.fillFromMemory);
  }

  @Test
  void zeroFillNeverCarriesADirtyLine() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 1));
    AddressSpace a = harness.space(1);
    harness.cpu().map(a, page(4), 1).write(a, page(0), page(4));
    assertEquals(
        lines("0 M 1:0 0.0", "0 D 1:0 0.0", "0 F 1:0 0.0", "0 Z 1:4 0.0"),
        harness.run().events());
  }

  @Test
  void munmap_dropsDirtyPages_andMarks() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().map(a, page(0), 4).write(a, page(1), page(2)).unmap(a, page(0), 3);
    harness.cpus.get(0).read(a, page(0), page(3));
    assertEquals(
        lines(
            "0 Z 1:1 1.0",
            "0 Z 1:2 2.0",
            "0 U 1:1 1.0",
            "0 U 1:2 2.0",
            "0 M 1:0 0.0", // its mark is gone
            "0 Z 1:3 3.0"),
        harness.run().events());
    assertEquals(0, harness.pcache.counters.clflush);
    assertEquals(1, harness.shootdowns);
  }

  /** The only fault of a page-table page is under way, with its lock: what it brings is dropped as well. */
  @Test
  void munmap_waitsForAFaultInAnOtherwiseEmptyTable() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0));
    harness.cpu().at(1_000_000).unmap(a, page(0), 4);
    assertEquals(lines("0 M 1:0 0.0", "1 U 1:0 0.0"), harness.run().events());
    assertEquals(Pte.NONE, a.pte(page(0)));
    assertEquals(0, harness.pcache.counters.usedLines);
  }

  @Test
  void mremapInTheSet_movesTheEntryOnly() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().map(a, page(0), 2).write(a, page(0)).move(a, page(0), page(8), 2);
    harness.cpus.get(0).read(a, page(8), page(9), page(0));
    assertEquals(
        lines(
            "0 Z 1:0 0.0",
            "0 S 1:8 0.0",
            "0 Z 1:9 1.0", // the mark of page 1 has moved too
            "0 M 1:0 0.1"), // nothing is left at the old place
        harness.run().events());
    assertEquals(1, harness.pcache.counters.mremapPsetSame);
    assertTrue(Pte.isDirty(a.pte(page(8))));
    assertEquals(1, harness.shootdowns);
  }

  @Test
  void mremapToAnotherSet_copiesToALineThere() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 1));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).read(a, page(1)).move(a, page(0), page(9), 1);
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 M 1:1 1.0",
            "0 E 1:1 1.0", // the line of the new set, by an eviction in the middle of the move
            "0 T 1:9 1.0"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.mremapPsetDiff);
    assertEquals(1, c.usedLines);
    assertTrue(Pte.isDirty(a.pte(page(9))));
  }

  @Test
  void evictionUnderAHeldPageTableLock_hangsInTheRealKernel() {
    PcacheHarness harness = new PcacheHarness(
        PcacheHarness.perSetList(4, 1),
        new PcacheDefects(
            true, false, false, false, false, false, false, false, false, false, false, false),
        1,
        true);
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).read(a, page(1)).move(a, page(0), page(9), 1);
    String report = assertThrows(InvariantViolation.class, harness::run).getMessage();
    assertTrue(report.contains("deadlocked"), report);
    assertTrue(report.contains("a page-table lock that it holds itself"), report);
    assertTrue(report.contains("move page (allocating in the new set)"), report);
  }

  @Test
  void mremap_flushesOncePer64Pages() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(256, 8));
    AddressSpace a = harness.space(1);
    for (int i = 0; i < 130; i++) {
      if (i == 0) {
        harness.cpu();
      }
      harness.cpus.get(0).read(a, page(i));
    }
    harness.cpus.get(0).move(a, page(0), page(256), 130);
    harness.run();
    assertEquals(130, harness.pcache.counters.mremapPsetSame);
    assertEquals(3, harness.shootdowns); // 64 + 64 + 2
  }

  @Test
  void mremapOverLivePages_dropsThemFirst() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 4));
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0), page(4)).move(a, page(0), page(4), 1);
    assertEquals(
        lines("0 M 1:0 0.0", "0 M 1:4 0.1", "0 U 1:4 0.1", "0 S 1:4 0.0"),
        harness.run().events());
  }

  @Test
  void mremapOverLivePages_leavesAStaleMappingInTheRealKernel() {
    PcacheHarness harness = new PcacheHarness(
        PcacheHarness.perSetList(4, 4),
        new PcacheDefects(
            false, true, false, false, false, false, false, false, false, false, false, false),
        1,
        true);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0), page(4)).move(a, page(0), page(4), 1);
    String report = assertThrows(InvariantViolation.class, harness::run).getMessage();
    assertTrue(report.contains("has two lines"), report);
  }

  @Test
  void forkShares_firstWriterCopies_lastTakesOver() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 4));
    AddressSpace parent = harness.space(1);
    AddressSpace child = harness.space(2);
    harness.cpu().write(parent, page(0)).read(parent, page(1)).map(parent, page(2), 1);
    harness.cpus.get(0).fork(parent, child).write(child, page(0)).write(parent, page(0));
    harness.cpus.get(0).read(child, page(1), page(2));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 M 1:1 1.0",
            "0 K 2:0 0.0",
            "0 K 2:1 1.0",
            "0 C 2:0 0.1",
            "0 R 1:0 0.0",
            "0 Z 2:2 2.0"), // marks are inherited; page 1 is shared
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(2, c.pgfaultWp);
    assertEquals(1, c.pgfaultWpCow);
    assertEquals(1, c.pgfaultWpReuse);
    // 2 fills, 2 by fork from the allocator, 1 copy, 1 zero-fill.
    assertEquals(6, c.rmapAlloc);
    assertEquals(2, c.rmapAllocKmalloc);
    assertEquals(1, c.rmapFree);
    assertEquals(1, c.rmapFreeKmalloc); // the child's mapping of the parent's line
    assertEquals(3, harness.shootdowns); // one per page at fork, one at the copy
  }

  @Test
  void sharedLinesAreNeverEvicted_andAFullSetOfThemEndsInOutOfMemory() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace parent = harness.space(1);
    AddressSpace child = harness.space(2);
    harness.cpu().read(parent, page(0), page(4)).fork(parent, child).read(parent, page(8));
    harness.run();
    PcacheCounters c = harness.pcache.counters;
    assertEquals(FaultPath.OUT_OF_MEMORY, harness.cpus.get(0).outcome);
    assertTrue(harness.simulation.nowPs() >= 30_000_000_000_000L);
    // A round takes 10 (pop) + 10 (find) + 2 * 10 (lines) = 40 ns; 30 s of them.
    long rounds = 30_000_000_000_000L / 40_000;
    assertTrue(Math.abs(rounds - c.evictionEagainFreeable) <= 2, "" + c.evictionEagainFreeable);
    assertEquals(c.evictionTriggered, c.evictionEagainFreeable);
  }

  @Test
  void waitForAPinnedSet_endsWhenALineIsReleased() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace parent = harness.space(1);
    AddressSpace child = harness.space(2);
    harness.cpu().read(parent, page(0), page(4)).fork(parent, child).read(parent, page(8));
    harness.cpu().at(1_000_000_000).exit(child);
    harness.run();
    assertEquals(FaultPath.HANDLED, harness.cpus.get(0).outcome);
    assertEquals(1, harness.pcache.counters.evictionSucceed);
  }

  @Test
  void exit_dropsEverything() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().map(a, page(0), 1000).write(a, page(3), page(700)).exit(a);
    assertEquals(
        lines("0 Z 1:3 3.0", "0 Z 1:700 0.0", "0 U 1:3 3.0", "0 U 1:700 0.0"),
        harness.run().events());
    assertEquals(0, harness.pcache.counters.usedLines);
    assertEquals(0, harness.shootdowns);
  }
}
