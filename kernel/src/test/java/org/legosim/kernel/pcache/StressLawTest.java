package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many CPUs in a tiny pcache, everything at once: the invariants hold and the order is the engine's. */
class StressLawTest {
  private static final int CPUS = 5;
  private static final int SPACES = 3;
  private static final int PAGES = 40;

  private static PcacheHarness scenario(
      long seed, EvictionMechanism mechanism, boolean runsAhead, int operations) {
    Random random = new Random(seed);
    ReplacementPolicy[] policies = ReplacementPolicy.values();
    int ways = 1 + random.nextInt(4);
    PcacheParams base = PcacheHarness.params(
        1 + random.nextInt(6),
        ways,
        policies[random.nextInt(policies.length)],
        mechanism,
        CPUS + 2,
        random.nextBoolean());
    PcacheHarness harness =
        new PcacheHarness(withTimeouts(base), PcacheDefects.NONE, seed, true, runsAhead);
    if (mechanism == EvictionMechanism.VICTIM_CACHE) {
      harness.withFlushThread();
    }
    AddressSpace[] spaces = new AddressSpace[SPACES];
    for (int i = 0; i < SPACES; i++) {
      spaces[i] = harness.space(i + 1);
    }
    for (int i = 0; i < CPUS; i++) {
      PcacheHarness.Cpu cpu = harness.cpu();
      for (int j = 0; j < operations; j++) {
        operation(harness, cpu, spaces[random.nextInt(SPACES)], random);
      }
    }
    return harness;
  }

  /** Fork-pinned sets are part of it: a fault gives up after 20 us. */
  private static PcacheParams withTimeouts(PcacheParams p) {
    return new PcacheParams(
        p.sizeBytes(),
        p.lineBytes(),
        0,
        p.ways(),
        p.policy(),
        p.eviction(),
        p.victimEntries(),
        p.piggyback(),
        FreeLineMethod.BITMAP,
        true,
        0,
        PrefetchPolicy.OFF,
        20_000_000,
        15_000_000);
  }

  private static void operation(
      PcacheHarness harness, PcacheHarness.Cpu cpu, AddressSpace space, Random random) {
    long at = page(random.nextInt(PAGES));
    long count = 1L + random.nextInt(6);
    switch (random.nextInt(20)) {
      case 0 -> cpu.map(space, at, count);
      case 1 -> cpu.unmap(space, at, count);
      case 2 -> cpu.move(space, at, page(PAGES + random.nextInt(PAGES)), count);
      case 3 -> cpu.move(space, page(PAGES + random.nextInt(PAGES)), at, count);
      case 4 -> {
        AddressSpace child = harness.space(100 + random.nextInt(1000) + 1000 * cpu.cpuIndex());
        cpu.fork(space, child).write(child, at).exit(child);
      }
      case 5, 6, 7, 8, 9 -> cpu.write(space, at);
      default -> cpu.read(space, at);
    }
  }

  @ParameterizedTest
  @EnumSource(EvictionMechanism.class)
  void invariantsHold_andBothEnginesAgree(EvictionMechanism mechanism) {
    long first = Seeds.of("stress-" + mechanism);
    long faults = 0;
    for (long seed = first; seed < first + 40; seed++) {
      PcacheHarness fast = scenario(seed, mechanism, true, 60).run();
      PcacheHarness plain = scenario(seed, mechanism, false, 60).run();
      assertEquals(plain.events(), fast.events(), "seed " + seed);
      assertEquals(plain.simulation.nowPs(), fast.simulation.nowPs(), "seed " + seed);
      assertTrue(plain.simulation.eventCount() >= fast.simulation.eventCount());
      for (PcacheHarness.Cpu cpu : fast.cpus) {
        assertTrue(cpu.stampedPs() <= fast.simulation.nowPs());
      }
      faults += fast.pcache.counters.pgfault;
    }
    assertTrue(faults > 1000, "only " + faults + " faults");
  }
}
