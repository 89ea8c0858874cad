package org.legosim.reports.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.KernelCounters;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.MissSample;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SeriesRow;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.TimeCategory;

/**
 * Results that no simulation made, in the shape of a real sweep: six pcache sizes, two
 * associativities, three eviction mechanisms. The numbers are made up so that tests and pictures have
 * curves with a knee; nothing may be read into them.
 */
public final class MadeUpSweep {
  private static final String[] MECHANISMS = {"per-set-list", "victim-cache", "write-protect"};
  private static final long[] SIZES_MIB = {1, 2, 4, 8, 16, 32};
  private static final long[] WAYS = {8, 64};
  private static final long ACCESSES = 18_640_233;
  private static final String TRACE_DIGEST = "7e".repeat(32);

  private final Plan plan;
  private final Map<String, RunResult> results = new LinkedHashMap<>();

  private MadeUpSweep(String traceName) {
    List<PlannedPoint> points = new ArrayList<>();
    for (String mechanism : MECHANISMS) {
      for (long ways : WAYS) {
        for (long sizeMib : SIZES_MIB) {
          Map<String, Object> keys = new LinkedHashMap<>();
          keys.put("pcache.size", sizeMib << 20);
          keys.put("pcache.ways", ways);
          keys.put("pcache.eviction", mechanism);
          String id = "p" + points.size();
          String config = String.format(java.util.Locale.ROOT, "%064x", points.size() + 0xabcdefL);
          RunIdentity identity = new RunIdentity(config, TRACE_DIGEST, "0.1.0", 42);
          points.add(new PlannedPoint(id, keys, identity));
          results.put(id, result(identity, sizeMib, ways, mechanism));
        }
      }
    }
    plan = new Plan(
        "legoos-osdi18",
        Map.of("file", "sweep.yaml"),
        List.of(new Plan.NamedTrace(traceName, TRACE_DIGEST)),
        Map.of(),
        List.of(
            new SweptKey("pcache.size", Unit.BYTES),
            new SweptKey("pcache.ways", Unit.COUNT),
            new SweptKey("pcache.eviction", Unit.TEXT)),
        points);
  }

  public static MadeUpSweep create() {
    return new MadeUpSweep("word_count.ltrace");
  }

  public static MadeUpSweep withTraceName(String name) {
    return new MadeUpSweep(name);
  }

  public Plan plan() {
    return plan;
  }

  public RunResult result(String id) {
    return results.get(id);
  }

  /** Writes the whole set. */
  public void write(java.nio.file.Path folder) {
    try (ResultSetWriter writer = ResultSetWriter.open(folder, plan, ResultSetWriter.Mode.NEW)) {
      results.forEach(writer::add);
      writer.finish(new HostFacts("made-up", java.time.Instant.EPOCH, 1));
    }
  }

  private static RunResult result(RunIdentity identity, long sizeMib, long ways, String mechanism) {
    SplittableRandom random = new SplittableRandom(sizeMib * 1000 + ways * 7 + mechanism.length());
    // A knee at 8 MiB: below it the working set does not fit.
    double missRatio =
        0.0006 + 0.055 / (1 + StrictMath.pow(sizeMib / 6.0, 2.6)) * (ways == 8 ? 1.25 : 1);
    long misses = (long) (ACCESSES * missRatio);
    long zero = 2_345;
    boolean victims = mechanism.equals("victim-cache");
    long victim = victims ? (long) ((misses - zero) * 0.18) : 0;
    long remote = misses - zero - victim - 17;
    long evictions = Math.max(0, misses - sizeMib * 256);
    long flushes = (long) (evictions * 0.4);
    double slow = mechanism.equals("write-protect") ? 1.9 : victims ? 1.12 : 1.0;

    LatencyCounts faults = new LatencyCounts();
    for (int i = 0; i < 20_000; i++) {
      double queue = -StrictMath.log(random.nextDouble()) * 900_000 * slow;
      long base = i % 20_000 < 20_000 * victim / misses ? 1_100_000 : 6_400_000;
      faults.record((long) (base * slow + queue), Math.max(1, misses / 20_000));
    }
    LatencyCounts rpcs = new LatencyCounts();
    for (int i = 0; i < 10_000; i++) {
      rpcs.record((long) (4_900_000 - StrictMath.log(random.nextDouble()) * 450_000));
    }
    long[] parts = parts(remote, misses, slow, random);
    long totalPs = 0;
    for (long part : parts) {
      totalPs += part;
    }
    MetricSnapshot metrics = new MetricSnapshot();
    long simulatedNs = totalPs / 4000;
    metrics.put(FixedMetrics.SIMULATED_TIME_NS, simulatedNs);
    metrics.put(FixedMetrics.INSTRUCTIONS, ACCESSES * 3);
    metrics.put(FixedMetrics.ACCESSES, ACCESSES);
    metrics.put(FixedMetrics.THROUGHPUT_ACCESSES_PER_S, ACCESSES * 1e9 / simulatedNs);
    put(metrics, FixedMetrics.PCACHE_HITS, ACCESSES - misses);
    put(metrics, FixedMetrics.PCACHE_MISSES, misses);
    put(metrics, FixedMetrics.PCACHE_FILL_REMOTE, remote);
    put(metrics, FixedMetrics.PCACHE_FILL_VICTIM, victim);
    put(metrics, FixedMetrics.PCACHE_FILL_ZERO, zero);
    put(metrics, FixedMetrics.PCACHE_FAULT_LOST_RACE, 17);
    put(metrics, FixedMetrics.PCACHE_FAULT_COW, 0);
    put(metrics, FixedMetrics.PCACHE_EVICTIONS, evictions);
    put(metrics, FixedMetrics.PCACHE_FLUSHES, flushes);
    put(metrics, FixedMetrics.PCACHE_PIGGYBACKED, mechanism.equals("per-set-list") ? flushes : 0);
    put(metrics, FixedMetrics.VICTIM_LOOKUPS, victims ? misses : 0);
    put(metrics, FixedMetrics.VICTIM_HITS, victim);
    FixedMetrics.putFaultLatency(metrics, faults);
    FixedMetrics.putRpcLatency(metrics, rpcs);
    put(metrics, FixedMetrics.RPC_COUNT, remote + flushes);
    put(metrics, FixedMetrics.NETWORK_SENT_BYTES, (remote + flushes) * 4140);
    metrics.put(FixedMetrics.MEMORY_WORKER_UTILIZATION, Math.min(0.93, missRatio * 14));
    put(metrics, FixedMetrics.TLB_SHOOTDOWNS, evictions);
    put(metrics, FixedMetrics.CONTEXT_SWITCHES, 812);
    put(metrics, FixedMetrics.FUTEX_WAITS, 96);
    put(metrics, FixedMetrics.SYSCALLS, 1_947);
    put(metrics, FixedMetrics.L1D_MISSES, 0);
    put(metrics, FixedMetrics.L2_MISSES, 0);
    put(metrics, FixedMetrics.LLC_MISSES, 0);
    put(metrics, FixedMetrics.DTLB_MISSES, 0);
    metrics.put(FixedMetrics.ASSUMED_TIME_SHARE, 0.061 + missRatio / 2);
    org.legosim.timing.results.MetricCatalog.putThreadTimes(metrics, parts);
    for (Metric counter : KernelCounters.ALL) {
      put(metrics, counter, random.nextInt(5) == 0 ? 0 : misses / (1 + random.nextInt(9)));
    }
    return new RunResult(
        identity,
        levels(),
        metrics,
        ordered("fault_latency", faults, "rpc_latency", rpcs),
        syscalls(misses),
        misses(random, slow),
        series(simulatedNs * 1000, misses, random),
        List.of(
            "The trace forks 2 processes; the child's copy-on-write faults are charged the cost of"
                + " the parent's.",
            "The trace writes 3 files; file contents are not simulated."),
        assumed(totalPs));
  }

  private static void put(MetricSnapshot metrics, Metric metric, long value) {
    metrics.put(metric, value);
  }

  private static <T> Map<String, T> ordered(String a, T valueA, String b, T valueB) {
    Map<String, T> map = new LinkedHashMap<>();
    map.put(a, valueA);
    map.put(b, valueB);
    return map;
  }

  private static Map<String, String> levels() {
    Map<String, String> levels = new LinkedHashMap<>();
    levels.put("core.model", "in-order");
    levels.put("caches.model", "off");
    levels.put("tlb.model", "off");
    levels.put("memory.dram.model", "bank");
    levels.put("network.model", "loggp");
    return levels;
  }

  private static Map<String, Long> assumed(long totalPs) {
    Map<String, Long> assumed = new LinkedHashMap<>();
    assumed.put("kernel.pte.update", totalPs / 40);
    assumed.put("kernel.lock.handover", totalPs / 55);
    assumed.put("kernel.rmap.alloc", totalPs / 90);
    assumed.put("memory.dram.queue", totalPs / 400);
    return assumed;
  }

  private static long[] parts(long remote, long misses, double slow, SplittableRandom random) {
    long[] parts = new long[TimeCategory.values().length];
    parts[TimeCategory.COMPUTE.ordinal()] = ACCESSES * 1250;
    parts[TimeCategory.LOCAL_DRAM.ordinal()] = ACCESSES * 310;
    parts[TimeCategory.TRAP.ordinal()] = misses * 180_000;
    parts[TimeCategory.ALLOCATE.ordinal()] = misses * 210_000;
    parts[TimeCategory.EVICT.ordinal()] = (long) (misses * 160_000 * slow);
    parts[TimeCategory.SHOOTDOWN.ordinal()] = (long) (misses * 690_000 * slow);
    parts[TimeCategory.IPI_HANDLING.ordinal()] = misses * 240_000;
    parts[TimeCategory.COPY.ordinal()] = (long) (misses * 130_000 * slow);
    parts[TimeCategory.LOCK_WAIT.ordinal()] = misses * 350_000 + random.nextInt(1_000_000);
    parts[TimeCategory.NETWORK_QUEUE.ordinal()] = remote * 220_000;
    parts[TimeCategory.WIRE.ordinal()] = (long) (remote * 2_900_000 * slow);
    parts[TimeCategory.MEMORY_QUEUE.ordinal()] = remote * 310_000;
    parts[TimeCategory.MEMORY_SERVICE.ordinal()] = remote * 820_000;
    parts[TimeCategory.FUTEX.ordinal()] = 3_100_000_000L;
    parts[TimeCategory.SCHEDULER.ordinal()] = 812L * 1_900_000;
    parts[TimeCategory.REPLAY_ORDER.ordinal()] = 2_400_000_000L;
    return parts;
  }

  private static List<SyscallRow> syscalls(long misses) {
    return List.of(
        new SyscallRow(0, "read", 611, 0, 48_000_000_000L + misses * 1000, 912_000_000),
        new SyscallRow(9, "mmap", 402, 0, 3_900_000_000L, 61_000_000),
        new SyscallRow(202, "futex", 388, 96, 3_100_000_000L, 210_000_000),
        new SyscallRow(257, "openat", 212, 37, 2_200_000_000L, 44_000_000),
        new SyscallRow(11, "munmap", 180, 0, 950_000_000L, 19_000_000),
        new SyscallRow(1, "write", 96, 0, 700_000_000L, 12_000_000),
        new SyscallRow(12, "brk", 58, 0, 120_000_000L, 4_000_000));
  }

  private static List<MissSample> misses(SplittableRandom random, double slow) {
    List<MissSample> misses = new ArrayList<>();
    long startPs = 1_000_000;
    for (int i = 0; i < 24; i++) {
      startPs += 40_000_000 + random.nextInt(900_000_000);
      Long[] parts = new Long[TimeCategory.values().length];
      java.util.Arrays.fill(parts, 0L);
      parts[TimeCategory.TRAP.ordinal()] = 180_000L;
      parts[TimeCategory.ALLOCATE.ordinal()] = 210_000L;
      parts[TimeCategory.SHOOTDOWN.ordinal()] = i % 3 == 0 ? 690_000L : 0L;
      parts[TimeCategory.LOCK_WAIT.ordinal()] = (long) random.nextInt(900_000);
      parts[TimeCategory.WIRE.ordinal()] = (long) (2_900_000 * slow);
      parts[TimeCategory.NETWORK_QUEUE.ordinal()] = (long) random.nextInt(400_000);
      parts[TimeCategory.MEMORY_QUEUE.ordinal()] = (long) random.nextInt(700_000);
      parts[TimeCategory.MEMORY_SERVICE.ordinal()] = 820_000L;
      long total = 0;
      for (long part : parts) {
        total += part;
      }
      long address = 0x7f00_0000_0000L + ((long) random.nextInt(1 << 20) << 12);
      int set = (int) (address >> 12 & 511);
      misses.add(new MissSample(
          startPs,
          i % 4,
          100,
          100 + i % 4,
          address,
          set,
          random.nextInt(8),
          i % 5 == 0 ? "piggyback" : "remote",
          total,
          List.of(parts)));
    }
    return misses;
  }

  private static List<SeriesRow> series(long endPs, long misses, SplittableRandom random) {
    List<SeriesRow> series = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      long timePs = endPs / 50 * i;
      long wave = (long) (misses / 50.0 * (1 + 0.8 * StrictMath.sin(i / 4.0)));
      series.add(new SeriesRow(timePs, "pcache_misses", wave + random.nextInt(50)));
      series.add(new SeriesRow(timePs, "network_sent_bytes", wave * 4140));
    }
    return series;
  }
}
