package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.Request;

/** Scripts of the victim cache, write protection and the waits of the per-set list. */
class MechanismScriptTest {
  private static String lines(String... expected) {
    return String.join(System.lineSeparator(), expected);
  }

  private static PcacheHarness victims(int sets, int ways, int entries) {
    return new PcacheHarness(PcacheHarness.params(
            sets, ways, ReplacementPolicy.LRU, EvictionMechanism.VICTIM_CACHE, entries, false))
        .withFlushThread();
  }

  @Test
  void victimCache_takesTheLowestEntry_andGivesThePageBack() {
    PcacheHarness harness = victims(4, 1, 2);
    AddressSpace a = harness.space(1);
    // Each page needs the only way of set 0.
    harness.cpu().write(a, page(0)).read(a, page(4)).at(100_000_000).read(a, page(0));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 v 1:0 0.0", // the entry is taken before its line is unmapped
            "0 D 1:0 0.0",
            "9 F 1:0 0.-1", // begun 50 ns before CPU 0's own request
            "0 M 1:4 0.0",
            "0 v 1:4 0.1", // the refill of page 0 evicts page 4 to the next entry
            "0 E 1:4 0.0",
            "0 V 1:0 0.0"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.victimLookup); // set 0 had no victims at the first two faults
    assertEquals(1, c.victimHit);
    assertEquals(2, c.victimPrepareInsert);
    assertEquals(2, c.victimFinishInsert);
    assertEquals(1, c.victimFlushSubmittedDirty);
    assertEquals(1, c.victimFlushFinishedDirty);
    assertEquals(1, c.victimFlushSubmittedClean);
    assertEquals(1, c.victimFlushAsyncRun);
    assertEquals(1, c.clflushCleanSkipped);
    assertEquals(1, c.clflush);
    assertEquals(2, c.fillFromMemory);
    assertEquals(1, c.fillFromVictim);
    assertEquals(1, harness.pcache.victims.usableCount()); // page 4; the refilled one is dropped
  }

  @Test
  void fullVictimCache_throwsTheOldestFlushedEntryOut() {
    PcacheHarness harness = victims(4, 1, 2);
    AddressSpace a = harness.space(1);
    harness.cpu().read(a, page(0), page(4), page(8), page(12));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 v 1:0 0.0",
            "0 E 1:0 0.0",
            "0 M 1:4 0.0",
            "0 v 1:4 0.1",
            "0 E 1:4 0.0",
            "0 M 1:8 0.0",
            "0 x 1:0 0.0", // page 0 is the oldest and clean
            "0 v 1:8 0.0",
            "0 E 1:8 0.0",
            "0 M 1:12 0.0"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(2, c.victimLookup); // pages 8 and 12 searched in vain; at page 4 set 0 had none
    assertEquals(0, c.victimHit);
    assertEquals(1, c.victimEvictionTriggered);
    assertEquals(1, c.victimEvictionSucceed);
  }

  @Test
  void unflushedVictims_makeTheNextEvictionWait() {
    PcacheHarness harness = victims(4, 1, 1);
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0), page(4), page(8));
    // The one entry holds page 0 until its flush, 5.06 us after it was queued, is done; the fill of
    // page 4 takes longer than that, so page 4's own eviction finds it flushed.
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 v 1:0 0.0",
            "0 D 1:0 0.0",
            "9 F 1:0 0.-1",
            "0 M 1:4 0.0",
            "0 x 1:0 0.0",
            "0 v 1:4 0.0",
            "0 D 1:4 0.0",
            "9 F 1:4 0.-1",
            "0 M 1:8 0.0"),
        harness.run().events());

    PcacheHarness two = victims(4, 1, 1);
    AddressSpace b = two.space(1);
    two.cpu().write(b, page(0), page(4));
    two.cpu().write(b, page(1)).at(5_000_000).write(b, page(5));
    two.run();
    PcacheCounters c = two.pcache.counters;
    assertTrue(c.victimEvictionEagain > 10, "polled " + c.victimEvictionEagain);
    assertEquals(1, c.victimEvictionSucceed);
    assertEquals(2, c.clflush);
  }

  @Test
  void faultOnAPageInTransitToTheVictimCache_waitsForItsData() {
    PcacheHarness harness = victims(4, 1, 4);
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).at(20_000_000).read(a, page(4));
    // CPU 1 comes while CPU 0 waits for the shootdown of page 0: the entry is published, empty.
    harness.cpu().at(20_600_000).read(a, page(0));
    harness.run();
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.victimHit);
    assertEquals(1, c.fillFromVictim);
    assertEquals(2, c.fillFromMemory);
    assertEquals(4, c.victimFinishInsert + c.victimPrepareInsert);
  }

  @Test
  void writeProtection_costsTwoShootdowns_andFlushesCleanPagesToo() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.params(
        4, 1, ReplacementPolicy.LRU, EvictionMechanism.WRITE_PROTECT, 8, false));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).read(a, page(4), page(8));
    assertEquals(
        lines(
            "0 M 1:0 0.0",
            "0 F 1:0 0.0",
            "0 D 1:0 0.0",
            "0 M 1:4 0.0",
            "0 F 1:4 0.0",
            "0 E 1:4 0.0",
            "0 M 1:8 0.0"),
        harness.run().events());
    assertEquals(4, harness.shootdowns);
    assertEquals(2, harness.pcache.counters.clflush);
    assertEquals(0, harness.pcache.counters.clflushCleanSkipped);
  }

  @Test
  void writerDuringWriteProtection_faultsAndTriesAgain() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.params(
        4, 1, ReplacementPolicy.LRU, EvictionMechanism.WRITE_PROTECT, 8, false));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0)).at(20_000_000).read(a, page(4));
    harness.cpu().at(22_500_000).write(a, page(0));
    harness.run();
    PcacheCounters c = harness.pcache.counters;
    assertTrue(c.pgfaultConcurrentEviction > 1, "retried " + c.pgfaultConcurrentEviction);
    assertEquals(c.pgfaultConcurrentEviction, c.pgfaultWp);
    assertEquals(0, c.pgfaultWpReuse + c.pgfaultWpCow);
    assertEquals(3, c.fillFromMemory);
  }

  @Test
  void faultOnAPageThatIsBeingFlushed_pollsUntilItIsGone() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.params(
        4, 2, ReplacementPolicy.LRU, EvictionMechanism.PER_SET_LIST, 8, false));
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0), page(4)).at(20_000_000).read(a, page(8));
    // CPU 1 comes while CPU 0 flushes page 0 and polls every 10 ns.
    harness.cpu().at(25_000_000).read(a, page(0));
    harness.run();
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.pgfaultConcurrentEviction);
    // CPU 0 at 20 us: walk 10, take 10 (pop fails), find 10 + scan 10, insert 10, unmap 10 + 10,
    // shootdown 1000, prepare 10 + copy 4 * 10, RPC 5000, rmap 10 + entry 10 ns: gone at 26.140 us.
    // CPU 1 walks until 25.010, looks up until 25.020 and then finds the page at every poll from
    // 25.020 on: (26.140 - 25.020) / 0.010 = 112 times.
    assertEquals(112, c.psetListHit);
    assertEquals(112, c.psetListLookup);
    assertEquals(2, c.clflush); // CPU 1's fill needs the place of dirty page 4
  }

  @Test
  void missToAnotherNode_flushesTheParkedLineAlone() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 1));
    AddressSpace a = harness.pcache.createSpace(1, 1);
    AddressSpace b = harness.pcache.createSpace(2, 2);
    harness.cpu().write(a, page(0)).read(b, page(4));
    assertEquals(
        lines("0 M 1:0 0.0", "0 D 1:0 0.0", "0 F 1:0 0.0", "0 M 2:4 0.0"),
        harness.run().events());
    PcacheCounters c = harness.pcache.counters;
    assertEquals(1, c.fillFromMemoryPiggybackFallback);
    assertEquals(1, c.clflushPiggybackFallback);
    assertEquals(0, c.fillFromMemoryPiggyback);
    assertEquals(1, c.clflush);
  }

  @Test
  void missThatFails_hasEvicted_andHasSentTheDirtyLine() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(4, 1));
    AddressSpace a = harness.space(1);
    harness.memory = request -> request.status = request.address == page(4) ? Request.SEGV : 0;
    harness.cpu().write(a, page(0)).read(a, page(4));
    assertEquals(lines("0 M 1:0 0.0", "0 D 1:0 0.0"), harness.run().events());
    assertEquals(List.of("miss 1:0 40", "miss 1:4 4168 +1:0"), harness.sent);
    PcacheCounters c = harness.pcache.counters;
    assertEquals(FaultPath.SIGSEGV, harness.cpus.get(0).outcome);
    assertEquals(2, c.fillFromMemory);
    assertEquals(1, c.faultsFailed);
    assertEquals(1, c.misses());
    assertEquals(0, c.usedLines);
  }

  @Test
  void bitmap_findsTheLowestFreeWay_andChargesOneTestPerWay() {
    PcacheParams list = PcacheHarness.perSetList(1, 8);
    PcacheParams bitmap = new PcacheParams(
        list.sizeBytes(),
        list.physicalStart(),
        list.lineBytes(),
        0,
        8,
        ReplacementPolicy.FIFO,
        EvictionMechanism.PER_SET_LIST,
        8,
        true,
        FreeLineMethod.BITMAP,
        true,
        0,
        PrefetchPolicy.OFF,
        1,
        1,
        64,
        32,
        list.allocTimeoutPs(),
        list.victimTimeoutPs());
    for (PcacheParams params : List.of(list, bitmap)) {
      PcacheHarness harness = new PcacheHarness(params);
      AddressSpace a = harness.space(1);
      harness.cpu().read(a, page(0), page(1), page(2)).unmap(a, page(0), 1).unmap(a, page(2), 1);
      harness.cpus.get(0).read(a, page(5), page(6));
      String events = harness.run().events();
      // Last in, first out takes way 2 first, the bitmap way 0.
      boolean isList = params.freeLines() == FreeLineMethod.LIST;
      assertEquals(
          lines(
              "0 M 1:0 0.0",
              "0 M 1:1 0.1",
              "0 M 1:2 0.2",
              "0 U 1:0 0.0",
              "0 U 1:2 0.2",
              isList ? "0 M 1:5 0.2" : "0 M 1:5 0.0",
              isList ? "0 M 1:6 0.0" : "0 M 1:6 0.2"),
          events);
      // 1 + 2 + 3 + 1 + 3 ways tested.
      assertEquals(isList ? 0 : 100_000, harness.pcache.charges.bitmapTest.chargedPs());
    }
  }
}
