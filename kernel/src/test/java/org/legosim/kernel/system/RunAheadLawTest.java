package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.hardware.tlb.TlbParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.pcache.PcacheCosts;
import org.legosim.kernel.pcache.PcacheParams;
import org.legosim.kernel.processor.CpuModel;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.kernel.processor.ProcessorParams;
import org.legosim.kernel.storage.StorageParams;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;

/** The inlining engine against the plain one, on whole systems: results are identical. */
class RunAheadLawTest {
  private static final int FUTEX = 202;
  private static final int MMAP = 9;
  private static final int MUNMAP = 11;
  private static final long MAP_ANONYMOUS_PRIVATE = 0x22;

  @ParameterizedTest
  @CsvSource({
    "per-set-list, lru, off, off, line",
    "per-set-list, random, hierarchy, off, line",
    "victim-cache, lru, off, off, line",
    "victim-cache, fifo, hierarchy, off, line",
    "write-protect, fifo, off, off, line",
    "per-set-list, true-lru, off, off, line",
    "per-set-list, lru, hierarchy, next-line, line",
    "victim-cache, fifo, off, stride, line",
    "write-protect, true-lru, off, majority, line",
    "per-set-list, lru, off, off, 256 B",
    "victim-cache, fifo, hierarchy, off, 512 B",
    "write-protect, true-lru, hierarchy, stride, 64 B"
  })
  void runAhead_changesNothing(
      String eviction, String policy, String caches, String prefetch, String fetch) {
    Map<String, String> keys = new HashMap<>();
    keys.put("pcache.size", "128 KiB");
    keys.put("pcache.ways", "4");
    keys.put("pcache.eviction", eviction);
    keys.put("pcache.policy", policy);
    keys.put("pcache.victimEntries", "16");
    keys.put("pcache.prefetch", prefetch);
    keys.put("pcache.fetch", fetch);
    keys.put("pcache.prefetchDepth", "2");
    keys.put("pcache.prefetchThreads", "2");
    keys.put("caches.model", caches);
    keys.put("tlb.model", caches);
    keys.put("memory.mapOnTouch", "true");
    keys.put("processor.cpus", "6");
    for (long seed = 1; seed <= 40; seed++) {
      assertEquals(
          outcome(keys, seed, false), outcome(keys, seed, true), eviction + ", seed " + seed);
    }
  }

  private static String outcome(Map<String, String> keys, long seed, boolean runsAhead) {
    StringBuilder events = new StringBuilder();
    EventLog log = (timePs, cpu, kind, tgid, address, set, way) -> events
        .append(timePs)
        .append(',')
        .append(cpu)
        .append(kind)
        .append(Long.toHexString(address))
        .append(',')
        .append(way)
        .append('\n');
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", seed), log, runsAhead, RunOptions.Progress.NONE);
    RunResult result = new LegoSystem(params(keys), options)
        .load(new Application(trace(seed), 0))
        .run();
    StringBuilder out = new StringBuilder();
    result
        .metrics()
        .entries()
        .forEach(entry ->
            out.append(entry.metric().name()).append('=').append(entry.value()).append('\n'));
    return out + "" + result.misses() + result.syscalls() + events;
  }

  static SystemParams params(Map<String, String> keys) {
    return new SystemParams(
        Defaults.of(ProcessorParams.class, keys),
        Defaults.of(ProcessorCosts.class, keys),
        new CpuModel(
            Defaults.of(CoreParams.class, keys),
            Defaults.of(CachesParams.class, keys),
            Defaults.of(TlbParams.class, keys),
            Defaults.of(ProcessorDramParams.class, keys)),
        Defaults.of(PcacheParams.class, keys),
        Defaults.of(PcacheCosts.class, keys),
        Defaults.of(NetworkParams.class, keys),
        Defaults.of(FitParams.class, keys),
        Defaults.of(MemoryNodeParams.class, keys),
        Defaults.of(StorageParams.class, keys),
        Defaults.of(CheckParams.class, keys));
  }

  /** Four threads over 60 pages and 32 lines, with gates, futexes, maps and unmaps. */
  static ListTrace trace(long seed) {
    ListTrace trace = new ListTrace().process(1, 0);
    ListTrace.Writer[] threads = new ListTrace.Writer[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = trace.thread(1, 1 + i);
    }
    long state = seed * 77 + 1;
    long mapBase = 0x7f0000000000L;
    for (int i = 0; i < threads.length; i++) {
      for (int k = 0; k < 300; k++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        long page = (state >>> 33) % 60;
        if (k % 60 == 59) {
          long start = mapBase + (i * 16L + k / 60) * 0x10000;
          threads[i]
              .enter(MMAP, 0, 0x4000, 3, MAP_ANONYMOUS_PRIVATE, -1, 0)
              .leave(start)
              .access(AccessKind.STORE, start + 64, 8, 3)
              .access(AccessKind.LOAD, start + 0x2000, 8, 3)
              .enter(MUNMAP, start, 0x4000)
              .leave(0);
        } else if (k % 50 == 48 && i > 0) {
          threads[i].enter(FUTEX, 0x5000, 128).leave(0);
          threads[i].waitFor(threads[i].size() - 1, threads[i - 1], i - 1, k);
        } else {
          int kind = (state >>> 60) % 3 == 0 ? AccessKind.STORE : AccessKind.LOAD;
          long address = 0x200000 + 0x1000 * page + (state >>> 40) % 4090;
          threads[i].access(kind, address, 8, 1 + (int) (state >>> 62));
        }
      }
    }
    return trace;
  }
}
