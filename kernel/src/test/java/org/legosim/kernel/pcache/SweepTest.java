package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import org.junit.jupiter.api.Test;

/** The sweep thread, on a set of eight lines: a quarter, two lines, is looked at per pass. */
class SweepTest {
  private static final long INTERVAL_PS = 100_000_000;

  private static PcacheHarness harness() {
    PcacheParams p = PcacheHarness.perSetList(1, 8);
    return new PcacheHarness(new PcacheParams(
        p.sizeBytes(),
        p.physicalStart(),
        p.lineBytes(),
        0,
        p.ways(),
        ReplacementPolicy.LRU,
        p.eviction(),
        8,
        true,
        FreeLineMethod.LIST,
        true,
        INTERVAL_PS,
        PrefetchPolicy.OFF,
        1,
        1,
        64,
        32,
        p.allocTimeoutPs(),
        p.victimTimeoutPs()));
  }

  @Test
  void secondVisitWithoutAnAccess_makesALineTheNextVictim() {
    PcacheHarness harness = harness();
    PinnedThread thread = new PinnedThread(harness.simulation, "kevict_sweepd", 8);
    SweepThread sweep = new SweepThread(harness.pcache, thread);
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = harness.cpu();
    for (int i = 0; i < 8; i++) {
      cpu.read(a, page(i)); // done at 41 us; the head of the list is page 7
    }
    cpu.at(150_000_000).then(() -> sweep.start(cpu));
    // Pass 1 at 150 us clears the accessed bits of pages 7 and 6. Page 7 is accessed again at 200
    // us,
    // so pass 2 at 250 us goes on to page 6 and moves it. Without the sweep page 0 would go.
    cpu.at(200_000_000).read(a, page(7)).at(270_000_000).then(() -> sweep.stop(cpu));
    cpu.read(a, page(8));
    String events = harness.run().events();
    assertEquals("0 E 1:6 0.6", events.split(System.lineSeparator())[8]);
    PcacheCounters c = harness.pcache.counters;
    assertEquals(2, c.sweepRun);
    assertEquals(2, c.sweepNrPset);
    assertEquals(1, c.sweepNrMoved);
  }

  @Test
  void setsThatAreNotFull_areLeftAlone() {
    PcacheHarness harness = harness();
    PinnedThread thread = new PinnedThread(harness.simulation, "kevict_sweepd", 8);
    SweepThread sweep = new SweepThread(harness.pcache, thread);
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = harness.cpu();
    cpu.then(() -> sweep.start(cpu)).read(a, page(0), page(1)).at(INTERVAL_PS * 7 / 2);
    cpu.then(() -> sweep.stop(cpu));
    harness.run();
    assertEquals(4, harness.pcache.counters.sweepRun);
    assertEquals(0, harness.pcache.counters.sweepNrPset);
  }

  @Test
  void findWaitsForTheLockThatASweepHolds() {
    PcacheHarness harness = harness();
    Sets sets = harness.pcache.sets;
    sets.holdListLock(0, 500);
    assertEquals(400, sets.takeListLock(0, 100, 50)); // free at 500
    assertEquals(450, sets.takeListLock(0, 100, 50)); // behind the one before
    assertEquals(0, sets.takeListLock(0, 600, 50));
  }
}
