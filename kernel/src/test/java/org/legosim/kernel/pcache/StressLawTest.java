package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.legosim.kernel.rpc.Request;

/** Many CPUs in a tiny pcache, everything at once: the invariants hold and the order is the engine's. */
class StressLawTest {
  private static final int CPUS = 5;
  private static final int SPACES = 3;
  private static final int PAGES = 40;

  private static PcacheHarness scenario(
      long seed,
      EvictionMechanism mechanism,
      PrefetchPolicy prefetch,
      boolean runsAhead,
      int operations) {
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
    PcacheHarness harness = new PcacheHarness(
        withTimeouts(base, prefetch, seed), PcacheDefects.NONE, seed, true, runsAhead);
    if (prefetch != PrefetchPolicy.OFF) {
      harness.withPrefetchThreads();
      // what nobody can have mapped
      harness.memory = request -> request.status =
          request.address >= page(3 * PAGES) || request.address < page(0) ? Request.SEGV : 0;
    }
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
  private static PcacheParams withTimeouts(PcacheParams p, PrefetchPolicy prefetch, long seed) {
    return new PcacheParams(
        p.sizeBytes(),
        p.physicalStart(),
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
        prefetch,
        1 + Math.floorMod(seed, 4),
        1 + Math.floorMod(seed, 3),
        8,
        32,
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
  void withPrefetching_invariantsHold_andBothEnginesAgree(EvictionMechanism mechanism) {
    long first = Seeds.of("stress-prefetch-" + mechanism);
    PrefetchPolicy[] policies = {
      PrefetchPolicy.NEXT_LINE, PrefetchPolicy.STRIDE, PrefetchPolicy.MAJORITY
    };
    long useful = 0;
    long useless = 0;
    long failed = 0;
    long late = 0;
    for (long seed = first; seed < first + 40; seed++) {
      PrefetchPolicy policy = policies[Math.floorMod(seed, 3)];
      PcacheHarness fast = scenario(seed, mechanism, policy, true, 60).run();
      PcacheHarness plain = scenario(seed, mechanism, policy, false, 60).run();
      assertEquals(plain.events(), fast.events(), "seed " + seed);
      assertEquals(plain.simulation.nowPs(), fast.simulation.nowPs(), "seed " + seed);
      useful += fast.pcache.counters.prefetchesUseful;
      useless += fast.pcache.counters.prefetchesUseless;
      failed += fast.pcache.counters.prefetchesFailed;
      late += fast.pcache.counters.prefetchesLate;
    }
    String counts =
        useful + " useful, " + useless + " useless, " + failed + " failed, " + late + " late";
    assertTrue(useful > 20 && useless > 20 && failed > 20 && late > 5, counts);
  }

  @ParameterizedTest
  @EnumSource(EvictionMechanism.class)
  void invariantsHold_andBothEnginesAgree(EvictionMechanism mechanism) {
    long first = Seeds.of("stress-" + mechanism);
    long faults = 0;
    for (long seed = first; seed < first + 40; seed++) {
      PcacheHarness fast =
          scenario(seed, mechanism, PrefetchPolicy.OFF, true, 60).run();
      PcacheHarness plain =
          scenario(seed, mechanism, PrefetchPolicy.OFF, false, 60).run();
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
