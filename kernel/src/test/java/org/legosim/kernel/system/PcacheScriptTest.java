package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/**
 * Programs whose pcache events were worked out by hand from the real kernel's rules, run on whole
 * machines: traps, system calls, memory node and all. An event is kind, process:page@set.way; the set
 * of a page is its number modulo the number of sets.
 */
class PcacheScriptTest {
  @Test
  void perSetList_zeroFillFlushesAlone_missCarriesTheDirtyLine() {
    Script script = new Script(4, 2).map(0, 16);
    script.write(0, 4, 8).read(0, 4, 8).unmap(0, 16);
    assertEquals(
        "Z1:0@0.0 Z1:4@0.1"
            + " D1:0@0.0 F1:0@0.0 Z1:8@0.0" // a zero-fill carries nothing
            + " D1:4@0.1 P1:0@0.1" // the oldest allocation goes, with the miss
            + " D1:8@0.0 P1:4@0.0"
            + " E1:0@0.1 M1:8@0.1" // page 0 was only read since
            + " U1:4@0.0 U1:8@0.1",
        script.run());
    assertEquals(6, script.nr("pgfault"));
    assertEquals(3, script.nr("pcache_fill_zerofill"));
    assertEquals(3, script.nr("pcache_fill_from_memory"));
    assertEquals(2, script.nr("pcache_fill_from_memory_piggyback"));
    assertEquals(1, script.nr("clflush"));
    assertEquals(1, script.nr("clflush_clean_skipped"));
    assertEquals(4, script.nr("pcache_eviction_triggered"));
    assertEquals(4, script.nr("pcache_eviction_succeed"));
    assertEquals(4, script.nr("pcache_pee_alloc"));
    assertEquals(4, script.nr("pcache_pee_free"));
    assertEquals(6, script.nr("pcache_rmap_alloc"));
    assertEquals(6, script.nr("pcache_rmap_free"));
    assertEquals(0, script.nr("used_cachelines"));
    assertEquals(3, script.metric("pcache_flushes"));
    assertEquals(2, script.metric("pcache_piggybacked"));
  }

  @Test
  void fork_protectsPrivateWritableAreasAlone() {
    Script script = new Script(4, 4).map(0, 1).mapShared(1, 1).mapProtected(2, 1, 1);
    script.write(0, 1).read(2).fork(2).write(0, 1).read(2).by(2).write(0, 1).read(2);
    assertEquals(
        "Z1:0@0.0 Z1:1@1.0 Z1:2@2.0"
            + " K2:0@0.0 K2:1@1.0 K2:2@2.0"
            + " C1:0@0.1 R2:0@0.0" // the shared and the read-only page are as they were
            + " U1:0@0.1 U1:1@1.0 U1:2@2.0 U2:0@0.0 U2:1@1.0 U2:2@2.0",
        sortedExits(script.run()));
    assertEquals(2, script.nr("pgfault_wp"));
    assertEquals(1, script.nr("pgfault_wp_cow"));
    assertEquals(1, script.nr("pgfault_wp_reuse"));
    assertEquals(3, script.nr("pcache_rmap_alloc_kmalloc"));
    // One for the private writable page at fork, one for its copy: each has nobody else to tell.
    assertEquals(7, script.nr("pcache_rmap_alloc"));
  }

  @Test
  void fork_copiesTheLastPageOfAPageTable() {
    // A page of the page table maps 512 pages; none stands behind this one.
    Script script = new Script(4, 2).map(510, 4).write(511).fork(2).by(2).read(511);
    assertEquals("Z1:511@3.0 K2:511@3.0 U1:511@3.0 U2:511@3.0", sortedExits(script.run()));
  }

  /** The two processes end at about the same time: their drops, grouped by process. */
  private static String sortedExits(String events) {
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    StringBuilder third = new StringBuilder();
    for (String event : events.split(" ")) {
      StringBuilder part = first;
      if (event.startsWith("U")) {
        part = event.startsWith("U1") ? second : third;
      }
      part.append(' ').append(event);
    }
    return (first.toString() + second + third).strip();
  }

  @Test
  void fork_doesNotKnowWhatMprotectMadeWritable() {
    Script script = new Script(4, 4).mapProtected(0, 2, 0).protect(0, 2, 3);
    script.write(0).fork(2).write(0).by(2).write(0).read(1);
    assertEquals(
        "Z1:0@0.0 K2:0@0.0 Z2:1@1.0 U1:0@0.0 U2:0@0.0 U2:1@1.0", sortedExits(script.run()));
    assertEquals(0, script.nr("pgfault_wp"));
  }

  @Test
  void fork_inheritsTheDirtyBit() {
    // The child only reads; when the parent has gone the page is flushed in the child's name.
    Script script = new Script(4, 1).map(0, 1).mapFile(4, 1).write(0).fork(2);
    script.by(2).read(0);
    script.by(1).unmap(0, 1);
    script.by(2).read(4);
    assertEquals("Z1:0@0.0 K2:0@0.0 U1:0@0.0 D2:0@0.0 P2:4@0.0 U2:4@0.0", script.run());
  }

  @Test
  void forkedChild_touchesItsOwnMarks() {
    Script script =
        new Script(4, 4).mapShared(0, 2).write(0).fork(2).write(1).by(2).write(1);
    script.by(1).read(1);
    // Shared anonymous memory is marked as well, so what is first touched after the fork is not
    // shared.
    assertEquals(
        "Z1:0@0.0 K2:0@0.0 Z1:1@1.0 Z2:1@1.1 U1:0@0.0 U1:1@1.0 U2:0@0.0 U2:1@1.1",
        sortedExits(script.run()));
  }

  @Test
  void fixedMapping_leavesLivePagesMapped() {
    Script script = new Script(4, 2).map(0, 2).write(0).mapFixed(0, 2).read(0, 1);
    assertEquals("Z1:0@0.0 Z1:1@1.0 U1:0@0.0 U1:1@1.0", script.run());
  }

  @Test
  void mremap_sameSetKeepsTheLine_otherSetCopies_growthIsUnmarked() {
    Script script = new Script(4, 2).map(0, 2).write(0, 1);
    script.remap(0, 2, 8, 3).read(10); // to the same sets, one page longer
    script.remap(8, 3, 13, 3); // by five: all to the next set
    script.remap(13, 3, 13, 1); // shrinks
    script.read(13);
    assertEquals(
        "Z1:0@0.0 Z1:1@1.0"
            + " S1:8@0.0 S1:9@1.0"
            + " M1:10@2.0"
            + " T1:13@1.1 T1:14@2.1 T1:15@3.0"
            + " U1:14@2.1 U1:15@3.0"
            + " U1:13@1.1",
        script.run());
    assertEquals(2, script.nr("mremap_pset_same"));
    assertEquals(3, script.nr("mremap_pset_diff"));
  }

  @Test
  void mremapOfASharedPage_toAnotherSet_isAPrivateReadOnlyCopy() {
    Script script = new Script(4, 2).map(0, 1).write(0).fork(2);
    script.remap(0, 1, 5, 1).write(5).by(2).write(0);
    assertEquals(
        "Z1:0@0.0 K2:0@0.0 T1:5@1.0 R1:5@1.0 R2:0@0.0 U1:5@1.0 U2:0@0.0",
        sortedExits(script.run()));
  }

  @Test
  void mremapOfASharedPage_inItsSet_keepsItShared() {
    Script script = new Script(4, 2).map(0, 1).write(0).fork(2);
    script.remap(0, 1, 4, 1).write(4).by(2).write(0);
    assertEquals(
        "Z1:0@0.0 K2:0@0.0 S1:4@0.0 C1:4@0.1 R2:0@0.0 U1:4@0.1 U2:0@0.0",
        sortedExits(script.run()));
  }

  @Test
  void mremapOverALivePage_dropsItFirst_theRealKernelLosesIt() {
    Script corrected = new Script(4, 4).map(0, 1).map(8, 1).write(0, 8).remap(0, 1, 8, 1);
    assertEquals("Z1:0@0.0 Z1:8@0.1 U1:8@0.1 S1:8@0.0 U1:8@0.0", corrected.run());
    Script real = new Script(4, 4).map(0, 1).map(8, 1).write(0, 8).remap(0, 1, 8, 1);
    String report =
        assertThrows(InvariantViolation.class, () -> real.fault("F-21").run()).getMessage();
    assertTrue(report.contains("has two lines"), report);
  }

  @Test
  void heap_isNotMarked_andShrinkingDropsIt() {
    Script script = new Script(4, 2).brk(0).brk(4).write(0, 3).brk(2).brk(4).read(3);
    assertEquals("M1:0@0.0 M1:3@3.0 U1:3@3.0 M1:3@3.0 U1:0@0.0 U1:3@3.0", script.run());
  }

  @Test
  void instructionFetches_areCountedApart() {
    Script script = new Script(4, 2).mapFile(0, 2).execute(0).read(1);
    assertEquals("M1:0@0.0 M1:1@1.0 U1:0@0.0 U1:1@1.0", script.run());
    assertEquals(2, script.nr("pgfault"));
    assertEquals(1, script.nr("pgfault_code"));
  }

  private static Script victims(int sets, int ways, int entries) {
    return new Script(sets, ways)
        .set("pcache.eviction", "victim-cache")
        .set("pcache.victimEntries", String.valueOf(entries));
  }

  @Test
  void victimCache_keepsWhatMunmapEnded_untilItsTurn() {
    Script script = victims(4, 1, 2).mapFile(0, 16).read(0, 4).unmap(0, 1).read(8, 12);
    script.mapFile(0, 1).read(0);
    assertEquals(
        "M1:0@0.0"
            + " v1:0@0.0 E1:0@0.0 M1:4@0.0"
            + " v1:4@0.1 E1:4@0.0 M1:8@0.0"
            + " x1:0@0.0 v1:8@0.0 E1:8@0.0 M1:12@0.0"
            + " x1:4@0.1 v1:12@0.1 E1:12@0.0 M1:0@0.0"
            + " U1:0@0.0",
        script.run());
    assertEquals(2, script.nr("victim_eviction_triggered"));
    assertEquals(2, script.nr("victim_eviction_succeed"));
    assertEquals(3, script.nr("victim_lookup")); // at pages 8, 12 and 0: page 4 found the set empty
    assertEquals(0, script.nr("victim_hit"));
  }

  @Test
  void victimOfAnEndedMapping_isHitInTheRealKernelOnly() {
    String begin = "M1:0@0.0 v1:0@0.0 E1:0@0.0 M1:4@0.0 v1:4@0.1 E1:4@0.0";
    Script corrected = victims(4, 1, 2).mapFile(0, 8).read(0, 4).unmap(0, 1).mapFile(0, 1);
    assertEquals(begin + " M1:0@0.0 U1:0@0.0", corrected.read(0).run());
    Script real = victims(4, 1, 2).mapFile(0, 8).read(0, 4).unmap(0, 1).mapFile(0, 1);
    assertEquals(begin + " V1:0@0.0 U1:0@0.0", real.fault("F-29").read(0).run());
    assertEquals(1, real.nr("victim_hit"));
  }

  /** Zero-fills evict faster than the one flush thread flushes; page 12 is unmapped while it waits. */
  private static Script unmapDuringFlushes() {
    return victims(4, 1, 8).map(0, 24).write(0, 4, 8, 12, 16).unmap(12, 1);
  }

  @Test
  void munmap_waitsForFlushesOnTheirWay_theRealKernelDoesNot() {
    Script corrected = unmapDuringFlushes();
    corrected.run();
    assertEquals(4, corrected.nr("clflush"));
    assertEquals(0, corrected.nr("clflush_fail"));
    Script real = unmapDuringFlushes().fault("F-27");
    real.run();
    assertEquals(4, real.nr("clflush"));
    assertEquals(1, real.nr("clflush_fail")); // nothing is mapped there any more
  }

  @Test
  void victimCache_flushesOnceAndComesBackClean() {
    Script script = victims(4, 1, 4).mapFile(0, 8).write(0).read(4);
    script.brk(100).read(0, 4, 0); // the call gives the flush time to end
    assertEquals(
        "M1:0@0.0"
            + " v1:0@0.0 D1:0@0.0 M1:4@0.0 F1:0@0.-1" // the flush is answered last
            + " v1:4@0.1 E1:4@0.0 V1:0@0.0"
            + " v1:0@0.0 E1:0@0.0 V1:4@0.0" // entry 0 was free again
            + " v1:4@0.1 E1:4@0.0 V1:0@0.0"
            + " U1:0@0.0",
        script.run());
    assertEquals(1, script.nr("clflush"));
    assertEquals(1, script.nr("victim_flush_submitted_dirty"));
    assertEquals(3, script.nr("victim_flush_submitted_clean"));
    assertEquals(3, script.nr("pcache_fill_from_victim"));
    assertEquals(2, script.nr("pcache_fill_from_memory"));
  }

  @Test
  void writeProtection_flushesBeforeItUnmaps_cleanOrNot() {
    Script script = new Script(4, 1).set("pcache.eviction", "write-protect").mapFile(0, 12);
    script.write(0).read(4, 8);
    assertEquals(
        "M1:0@0.0 F1:0@0.0 D1:0@0.0 M1:4@0.0 F1:4@0.0 E1:4@0.0 M1:8@0.0 U1:8@0.0", script.run());
    assertEquals(2, script.nr("clflush"));
  }

  @Test
  void sharedLines_stayWhenTheSetIsFull() {
    // Way 0 is shared and older; the private line of way 1 goes instead, again and again.
    Script script = new Script(4, 2).mapFile(0, 16).read(0).fork(2).read(4, 8, 12);
    script.by(2).read(0);
    assertEquals(
        "M1:0@0.0 K2:0@0.0 M1:4@0.1 E1:4@0.1 M1:8@0.1 E1:8@0.1 M1:12@0.1"
            + " U1:0@0.0 U1:12@0.1 U2:0@0.0",
        sortedExits(script.run()));
  }

  private static Script copyInAFullSet() {
    Script script = new Script(4, 2).map(0, 16).write(0).fork(2).write(4).write(0);
    return script.by(2).read(0);
  }

  @Test
  void copyOnWriteInAFullSet_evictsAnotherLine() {
    assertEquals(
        "Z1:0@0.0 K2:0@0.0 Z1:4@0.1 D1:4@0.1 F1:4@0.1 C1:0@0.1 U1:0@0.1 U2:0@0.0",
        sortedExits(copyInAFullSet().run()));
    String report = assertThrows(
            InvariantViolation.class, () -> copyInAFullSet().fault("F-26").run())
        .getMessage();
    assertTrue(report.contains("a page-table lock that it holds itself"), report);
  }

  @Test
  void fullSetOfSharedLines_endsTheProgram_andTheReportSaysWhy() {
    Script script =
        new Script(4, 2).mapFile(0, 16).read(0, 4).fork(2).read(8).by(2).read(0);
    String report = assertThrows(InvariantViolation.class, script::run).getMessage();
    assertTrue(report.contains("F-25"), report);
    assertTrue(report.contains("all 2 lines of set 0"), report);
  }

  private static Script vforks() {
    return new Script(4, 2).map(0, 2).write(1).vfork(2).by(2).read(1);
  }

  @Test
  void vfork_mapsTheFirstPresentPageTwice_inTheRealKernel() {
    assertEquals("Z1:1@1.0 U1:1@1.0", sortedExits(vforks().run()));
    String report = assertThrows(
            InvariantViolation.class, () -> vforks().fault("F-31").run())
        .getMessage();
    assertTrue(report.contains("duplicate reverse mapping"), report);
    assertTrue(report.contains("0x7f0000001000"), report);
  }

  @Test
  void mremapIntoAFullSetOfSharedLines_isNotLost() {
    Script script = new Script(4, 1).map(0, 2).write(0, 1).fork(2).remap(0, 1, 5, 1);
    script.by(2).read(0);
    String report = assertThrows(InvariantViolation.class, script::run).getMessage();
    assertTrue(report.contains("mremap from 0x7f0000000000 to 0x7f0000005000"), report);
    assertTrue(report.contains("F-25"), report);
  }

  private static long pageOf(long address) {
    return (address - Script.BASE) / Script.PAGE;
  }

  /** The developers' two mremaps: A to elsewhere, and meanwhile C into the tail of A. */
  private static Script overlappingMoves() {
    long a = pageOf(0x7fffe5788000L);
    long c = pageOf(0x7fffe5941000L);
    Script script = new Script(0x40000, 8).map(a, 0x7e).map(c, 0x3f);
    for (int page = 0; page < 0x7e; page++) {
      script.write(a + page);
    }
    script.write(c + 1).thread(1, 2).read(c + 1).unordered();
    script.by(2).remap(c, 0x3f, pageOf(0x7fffe57c7000L), 0x3f);
    return script.by(1).remap(a, 0x7e, pageOf(0x7fffe531b000L), 0x7e);
  }

  @Test
  void mremapIntoARangeThatIsStillMoving_losesALine_inTheRealKernel() {
    String report = assertThrows(
            InvariantViolation.class, () -> overlappingMoves().fault("F-18").run())
        .getMessage();
    // Page 0x40 of A; its line is way 0 of set 0x257c8.
    assertTrue(report.contains("page 0x7fffe57c8000"), report);
    assertTrue(report.contains("set " + 0x257c8 + ", way 0"), report);
  }

  @Test
  void mremapIntoARangeThatIsStillMoving_keepsTheBooks_whenCorrected() {
    Script script = overlappingMoves();
    script.run();
    assertEquals(0, script.nr("used_cachelines"));
    assertEquals(script.nr("pcache_rmap_alloc"), script.nr("pcache_rmap_free"));
  }
}
