package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Scripts worked by hand: lines are "cpu kind tgid:page set.way". */
class FaultScriptTest {
  private static String lines(String... expected) {
    return String.join(System.lineSeparator(), expected);
  }

  @Test
  void cleanVictim_isUnmappedBeforeTheFillThatNeedsItsPlace() {
    // 4 sets of 2 ways; pages 0, 4, 8 are all in set 0.
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0), page(4), page(8));
    assertEquals(
        lines(
            "0 M 1:0 0.0", // free ways are 0, 1
            "0 M 1:4 0.1",
            "0 E 1:0 0.0", // the tail is the oldest allocation
            "0 M 1:8 0.0"), // and its way is the only free one
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(3, c.pgfault);
    assertEquals(3, c.fillFromMemory);
    assertEquals(1, c.evictionTriggered);
    assertEquals(1, c.evictionSucceed);
    assertEquals(1, c.clflushCleanSkipped);
    assertEquals(0, c.clflush);
    assertEquals(4, c.rmapAlloc + c.rmapFree);
    assertEquals(1, c.peeAlloc);
    assertEquals(1, c.peeFree);
    assertEquals(2, c.usedLines);
    assertEquals(1, harness.shootdowns);
  }

  @Test
  void dirtyVictim_travelsWithTheMiss() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).read(a, page(4), page(8), page(12));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 M 1:4 0.1",
            "0 D 1:0 0.0",
            "0 P 1:8 0.0",
            "0 E 1:4 0.1",
            "0 M 1:12 0.1"),
        harness.run().events());
    // 40 bytes of miss and 4128 of flush in one message.
    assertEquals(
        List.of("miss 1:0 40", "miss 1:4 40", "miss 1:8 4168 +1:0", "miss 1:12 40"), harness.sent);
    PcacheCounters c = harness.pcache.counters;
    assertEquals(4, c.fillFromMemory); // piggybacked fills included
    assertEquals(1, c.fillFromMemoryPiggyback);
    assertEquals(0, c.clflush); // piggybacked flushes excluded
    assertEquals(1, c.piggybacked);
    assertEquals(2, c.evictionSucceed);
    assertEquals(2, c.usedLines);
  }

  @Test
  void dirtyVictim_withoutPiggyback_isFlushedFirst() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.params(
        4, 2, ReplacementPolicy.FIFO, EvictionMechanism.PER_SET_LIST, 8, false));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).read(a, page(4), page(8));
    assertEquals(
        lines("0 M 1:0 0.0", "0 M 1:4 0.1", "0 D 1:0 0.0", "0 F 1:0 0.0", "0 M 1:8 0.0"),
        harness.run().events());
    assertEquals(
        List.of("miss 1:0 40", "miss 1:4 40", "flush 1:0 4128", "miss 1:8 40"), harness.sent);
    assertEquals(1, harness.pcache.counters.clflush);
  }

  @Test
  void twoThreadsOnOnePage_bothAllocate_oneFills() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0));
    harness.cpu().read(a, page(0));
    harness.cpus.get(0).at(100_000_000).read(a, page(4));
    // CPU 1 takes way 1 and waits for the page-table lock during CPU 0's RPC, then gives way 1
    // back.
    assertEquals(lines("0 M 1:0 0.0", "0 M 1:4 0.1"), harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(3, c.pgfault);
    assertEquals(2, c.fillFromMemory);
    assertEquals(1, c.missLostRace);
    assertEquals(3, c.misses());
    assertEquals(2, c.usedLines);
  }

  /** What is filled, and whose generation is new, is nobody's line: least of all that of an earlier fault. */
  @Test
  void aLostRaceHasNoLine() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 2));
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(2)).at(100_000_000).read(a, page(0));
    harness.cpu().read(a, page(1)).at(100_000_000).read(a, page(0));
    harness.run();
    assertEquals(1, harness.pcache.counters.missLostRace);
    FaultPath loser = harness.cpus.get(1).paths.fault();
    assertEquals(FaultKind.LOST_RACE, loser.lastKind());
    assertEquals(Lines.NONE, loser.lastLine());
    assertEquals(FaultKind.REMOTE, harness.cpus.get(0).paths.fault().lastKind());
  }

  @Test
  void faultsWithinTwoMebibytes_followEachOther_othersOverlap() {
    for (long apart : new long[] {1, 511, 512}) {
      PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(1024, 2));
      AddressSpace a = harness.space(1);
      harness.cpu().read(a, page(0));
      harness.cpu().read(a, page(apart));
      harness.run();
      // The page-table lock is held across the RPC: 5 us each, one after the other or at once.
      long rpcs = harness.simulation.nowPs() / PcacheHarness.RPC_PS;
      assertEquals(apart < 512 ? 2 : 1, rpcs, apart + " pages apart");
    }
  }

  @Test
  void otherProcesses_haveLocksOfTheirOwn() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(1024, 2));
    AddressSpace a = harness.space(1);
    AddressSpace b = harness.space(2);
    harness.cpu().read(a, page(0));
    harness.cpu().read(b, page(0));
    // Both pages have one address and one set; neither waits for the other.
    assertEquals(lines("0 M 1:0 0.0", "1 M 2:0 0.1"), harness.run().events());
    assertEquals(1, harness.simulation.nowPs() / PcacheHarness.RPC_PS);
  }

  @Test
  void lostRaceWithAParkedLine_flushesItAlone() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(1, 2));
    AddressSpace a = harness.space(1);
    // Both lines dirty; then both CPUs miss page 2 at once: each evicts and parks one.
    harness.cpu().write(a, page(0), page(1)).at(100_000_000).read(a, page(2));
    harness.cpu().at(100_000_000).read(a, page(2));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 M 1:1 0.1",
            "0 D 1:0 0.0",
            "1 D 1:1 0.1",
            "0 P 1:2 0.0",
            "1 F 1:1 0.1"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.clflushPiggybackFallback);
    assertEquals(0, c.fillFromMemoryPiggybackFallback);
    assertEquals(1, c.clflush);
    assertEquals(1, c.missLostRace);
    assertEquals(1, c.usedLines);
  }
}
