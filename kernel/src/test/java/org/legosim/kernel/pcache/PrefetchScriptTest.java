package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;

/** Prefetching worked by hand: lines are "cpu kind tgid:page set.way", threads are CPUs 20 and up. */
class PrefetchScriptTest {
  /** Longer than a fault and the prefetches that follow it. */
  private static final long PAUSE_PS = 100_000_000;

  private static String lines(String... expected) {
    return String.join(System.lineSeparator(), expected);
  }

  private static PcacheHarness harness(
      int sets, int ways, PrefetchPolicy policy, int depth, int threads, int queue) {
    return new PcacheHarness(PcacheHarness.prefetching(
            PcacheHarness.perSetList(sets, ways), policy, depth, threads, queue))
        .withPrefetchThreads();
  }

  /** Reads the pages one after the other with a pause before each. */
  private static PcacheHarness.Cpu readSlowly(
      PcacheHarness.Cpu cpu, AddressSpace space, long... pages) {
    for (int i = 0; i < pages.length; i++) {
      cpu.at((i + 1) * PAUSE_PS).read(space, page(pages[i]));
    }
    return cpu;
  }

  private static void assertCounts(
      PcacheCounters c, long issued, long useful, long useless, long failed) {
    assertEquals(
        List.of(issued, useful, useless, failed),
        List.of(c.prefetches, c.prefetchesUseful, c.prefetchesUseless, c.prefetchesFailed));
  }

  @Test
  void nextLine_halvesTheMissesOfAStream() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = readSlowly(harness.cpu(), a, 0, 1, 2, 3);
    assertEquals(
        lines("0 M 1:0 0.0", "20 M 1:1 1.0", "0 M 1:2 2.0", "20 M 1:3 3.0"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertCounts(c, 2, 2, 0, 0);
    assertEquals(2, c.misses());
    assertEquals(2, c.missRemote); // a prefetched fill is no miss
    assertEquals(4, c.fillFromMemory); // but the kernel's counter counts it
    assertEquals(2, cpu.lookups - c.misses() - 2); // four accesses: two hits, two retries
    assertEquals(2, harness.prefetchedLines);
    assertEquals(0, c.prefetchesLate);
  }

  @Test
  void aFaultThatMeetsItsPrefetch_isLate_andAMissThatLostTheRace() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0)).at(7_000_000).read(a, page(1));
    assertEquals(
        lines("0 M 1:0 0.0", "20 M 1:1 1.0", "20 M 1:2 2.0"), harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.prefetchesLate);
    assertEquals(1, c.missLostRace);
    assertEquals(1, c.missRemote);
    // Page 1 was touched after all; page 2 never.
    assertCounts(c, 2, 1, 0, 0);
  }

  @Test
  void aPageThatIsNotMapped_isAnswered_counted_andHurtsNobody() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 2, 1, 4);
    harness.memory = request -> request.status = request.address >= page(2) ? Request.SEGV : 0;
    AddressSpace a = harness.space(1);
    readSlowly(harness.cpu(), a, 0, 1);
    assertEquals(lines("0 M 1:0 0.0", "20 M 1:1 1.0"), harness.run().events());
    assertCounts(harness.pcache.counters, 2, 1, 0, 1);
    assertEquals(0, harness.pcache.counters.faultsFailed);
    assertEquals(2, harness.pcache.counters.usedLines);
  }

  @Test
  void zeroFillMarks_presentPages_andTheEndOfUserSpace_areLeftAlone() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 3, 1, 4);
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = harness.cpu().map(a, page(1), 1);
    readSlowly(cpu, a, 2, 0);
    cpu.read(a, AddressSpace.END - PcacheHarness.PAGE);
    String events = harness.run().events();
    // page 2 brings 3 to 5; page 0 finds 1 marked and 2, 3 present
    assertTrue(
        events.startsWith(
            lines("0 M 1:2 2.0", "20 M 1:3 3.0", "20 M 1:4 4.0", "20 M 1:5 5.0", "0 M 1:0 0.0")),
        events);
    assertCounts(harness.pcache.counters, 3, 0, 0, 0);
  }

  @Test
  void aFullQueue_drops() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 6, 1, 2);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0));
    harness.run();
    // All six are asked for at one moment, before the thread has taken the first.
    assertEquals(2, harness.pcache.counters.prefetches);
    assertEquals(4, harness.pcache.counters.prefetchesDropped);
  }

  @Test
  void threadsWorkAtOnce_unlessTheyNeedTheSamePageTableLock() {
    for (long apart : new long[] {1, 512}) {
      PcacheHarness harness = harness(4096, 2, PrefetchPolicy.STRIDE, 2, 2, 8);
      AddressSpace a = harness.space(1);
      readSlowly(harness.cpu(), a, 0, apart, 2 * apart, 3 * apart);
      harness.logsTimes = true;
      String[] events = harness.run().events().split("\\R");
      assertEquals(6, events.length, String.join("|", events));
      long between =
          Long.parseLong(events[5].split(" ")[0]) - Long.parseLong(events[4].split(" ")[0]);
      assertTrue(apart == 1 ? between >= PcacheHarness.RPC_PS : between < 1_000_000, "" + between);
    }
  }

  @Test
  void stride_needsThreeEqualDistances_andGoesOnBehindWhatItBrought() {
    PcacheHarness harness = harness(64, 2, PrefetchPolicy.STRIDE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    readSlowly(harness.cpu(), a, 0, 3, 6, 9, 12, 15, 18, 21, 30);
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 M 1:3 3.0",
            "0 M 1:6 6.0",
            "0 M 1:9 9.0", // three times 3
            "20 M 1:12 12.0",
            "0 M 1:15 15.0", // 6 from the last fault, one step from what was brought
            "20 M 1:18 18.0",
            "0 M 1:21 21.0",
            "20 M 1:24 24.0",
            "0 M 1:30 30.0"), // 9 from the last fault: 24 was brought, so the stride is broken
        harness.run().events());
    assertCounts(harness.pcache.counters, 3, 2, 0, 0);
  }

  @Test
  void threadsHavePatternsOfTheirOwn() {
    PcacheHarness harness = harness(64, 4, PrefetchPolicy.STRIDE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    readSlowly(harness.cpu(), a, 0, 2, 4, 6);
    readSlowly(harness.cpu(), a, 5000, 4000, 3000, 2000);
    harness.run();
    List<String> fetched = harness.sent;
    assertTrue(fetched.contains("miss 1:8 40"), fetched.toString());
    assertTrue(fetched.contains("miss 1:1000 40"), fetched.toString());
    assertEquals(2, harness.pcache.counters.prefetches);
  }

  @Test
  void majority_forgivesAnOddFault() {
    PcacheHarness harness = harness(64, 2, PrefetchPolicy.MAJORITY, 1, 1, 4);
    AddressSpace a = harness.space(1);
    // Distances 2, 2, 37, -33: two of four are no majority; then 2 is three of the newest four or
    // five.
    readSlowly(harness.cpu(), a, 0, 2, 4, 41, 8, 10);
    harness.run();
    assertEquals(0, harness.pcache.counters.prefetches);
    PcacheHarness other = harness(64, 2, PrefetchPolicy.MAJORITY, 1, 1, 4);
    AddressSpace b = other.space(1);
    readSlowly(other.cpu(), b, 0, 2, 4, 6, 41); // 2, 2, 2, 35
    other.run();
    assertEquals("miss 1:43 40", other.sent.get(5));
  }

  @Test
  void evictedUntouched_isUseless_andSoIsDroppedUntouched() {
    PcacheHarness harness = harness(1, 2, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = readSlowly(harness.cpu(), a, 0, 10, 20);
    cpu.at(5 * PAUSE_PS).exit(a);
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "20 M 1:1 0.1", // fills the set
            "0 E 1:0 0.0",
            "0 M 1:10 0.0",
            "20 E 1:1 0.1",
            "20 M 1:11 0.1",
            "0 E 1:10 0.0",
            "0 M 1:20 0.0",
            "20 E 1:11 0.1",
            "20 M 1:21 0.1",
            "0 U 1:20 0.0",
            "0 U 1:21 0.1"),
        harness.run().events());
    assertCounts(harness.pcache.counters, 3, 0, 3, 0);
  }

  @Test
  void aDirtyVictim_travelsWithThePrefetch() {
    PcacheHarness harness = harness(1, 2, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).at(PAUSE_PS).write(a, page(1)).read(a, page(7));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "20 M 1:1 0.1",
            "0 D 1:0 0.0",
            "0 P 1:7 0.0",
            "20 D 1:1 0.1",
            "20 P 1:8 0.1"),
        harness.run().events());
    assertEquals("miss 1:8 4168 +1:1", harness.sent.get(3));
  }

  @Test
  void aSetWhoseLinesAreAllInUse_endsThePrefetchAtOnce() {
    PcacheHarness harness = harness(3, 1, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    AddressSpace child = harness.space(2);
    // The fork shares pages 1 and 2, which are never evicted while two map them; page 4 needs 1's
    // line.
    harness.cpu().write(a, page(1)).at(PAUSE_PS).fork(a, child).read(a, page(3));
    harness.run();
    assertCounts(harness.pcache.counters, 2, 0, 0, 1);
    assertTrue(harness.simulation.nowPs() < 2 * PAUSE_PS, "it waited");
  }

  @Test
  void theEndOfAProcess_waitsForItsPrefetch_andNothingFollows() {
    PcacheHarness harness = harness(64, 2, PrefetchPolicy.NEXT_LINE, 8, 1, 8);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(510)).exit(a); // 512 and on are in another page-table page
    harness.run();
    PcacheCounters c = harness.pcache.counters;
    assertEquals(8, c.prefetches);
    assertEquals(8, c.prefetchesFailed + c.prefetchesUseless);
    assertEquals(0, c.usedLines);
  }

  @Test
  void aFetchedPageOnItsWayOut_isNotFetchedFromMemory() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.prefetching(
            PcacheHarness.params(
                1, 2, ReplacementPolicy.FIFO, EvictionMechanism.PER_SET_LIST, 8, false),
            PrefetchPolicy.NEXT_LINE,
            1,
            1,
            4))
        .withPrefetchThreads();
    AddressSpace a = harness.space(1);
    int[] flushesOfPage1 = {0};
    harness.memory = request -> {
      boolean isPage1 = request.address == page(1);
      flushesOfPage1[0] += isPage1 && request.opcode == Opcode.PCACHE_FLUSH ? 1 : 0;
    };
    harness.cpu().write(a, page(1), page(30)).at(PAUSE_PS).read(a, page(0), page(0));
    harness.run();
    assertEquals(1, flushesOfPage1[0]);
  }

  @Test
  void checker_seesAPrefetchThatIsForgotten() {
    PcacheHarness harness = harness(8, 2, PrefetchPolicy.NEXT_LINE, 1, 1, 4);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0));
    harness.run();
    long entry = a.pte(page(1));
    assertTrue(Pte.isPrefetched(entry));
    a.existingTable(page(1)).set(page(1), entry & ~Pte.PREFETCHED);
    String message = assertThrows(
            InvariantViolation.class, () -> new PcacheChecker(harness.pcache).check())
        .getMessage();
    assertTrue(message.contains("prefetches"), message);
    a.existingTable(page(1)).set(page(1), entry | Pte.ACCESSED);
    message = assertThrows(
            InvariantViolation.class, () -> new PcacheChecker(harness.pcache).check())
        .getMessage();
    assertTrue(message.contains("still counts as untouched"), message);
  }

  @Test
  void parametersHaveRanges() {
    for (int depth : new int[] {0, 65}) {
      String message = assertThrows(
              ConfigException.class,
              () -> PcacheHarness.prefetching(
                  PcacheHarness.perSetList(1, 2), PrefetchPolicy.STRIDE, depth, 1, 1))
          .getMessage();
      assertTrue(message.contains("pcache.prefetchDepth is " + depth), message);
    }
  }
}
