package org.legosim.timing.metrics;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.params.Unit;

/**
 * Definitions of the metrics whose names are fixed: result files, comparisons and scripts rely on
 * them. {@link KernelCounters} adds the kernel's own counters, {@link
 * org.legosim.timing.results.TimeCategory} the parts of {@link #THREAD_TIME_NS}, and {@link
 * org.legosim.timing.results.MetricCatalog} lists all three.
 *
 * <p>Counts, bytes and times are put as {@code long}; ratios, rates and the latency statistics (in
 * nanoseconds, exact to a picosecond) as {@code double}.
 */
public final class FixedMetrics {
  private static final String LOOKUPS = "pcache_hits + pcache_misses = page-level look-ups";
  private static final String FILLS =
      "pcache_misses = pcache_fill_remote + pcache_fill_victim + pcache_fill_zero"
          + " + pcache_fault_lost_race + pcache_fault_cow";

  public static final Metric SIMULATED_TIME_NS = new Metric(
      "simulated_time_ns", Unit.NS, "Simulated time at which the last thread ended.", "");
  public static final Metric INSTRUCTIONS =
      new Metric("instructions", Unit.COUNT, "User instructions retired, as captured.", "");
  public static final Metric ACCESSES = new Metric(
      "accesses",
      Unit.COUNT,
      "User data accesses after coalescing: one that straddles a line and an atomic"
          + " read-modify-write count once.",
      "");
  public static final Metric THROUGHPUT_ACCESSES_PER_S = new Metric(
      "throughput_accesses_per_s",
      Unit.PER_SECOND,
      "Accesses per second of simulated time.",
      "throughput_accesses_per_s = accesses / simulated time");

  public static final Metric PCACHE_HITS =
      new Metric("pcache_hits", Unit.COUNT, "Page-level look-ups that found their page.", LOOKUPS);
  public static final Metric PCACHE_MISSES = new Metric(
      "pcache_misses",
      Unit.COUNT,
      "Page-level look-ups that did not find a usable page; a first touch is one.",
      FILLS);
  public static final Metric PCACHE_FILL_REMOTE =
      new Metric("pcache_fill_remote", Unit.COUNT, "Misses filled from a memory node.", FILLS);
  public static final Metric PCACHE_FILL_VICTIM =
      new Metric("pcache_fill_victim", Unit.COUNT, "Misses filled from the victim cache.", FILLS);
  public static final Metric PCACHE_FILL_ZERO =
      new Metric("pcache_fill_zero", Unit.COUNT, "Misses filled with zeros locally.", FILLS);
  public static final Metric PCACHE_FAULT_LOST_RACE = new Metric(
      "pcache_fault_lost_race",
      Unit.COUNT,
      "Misses that found, once they held the page table's lock, that another thread had"
          + " resolved them.",
      FILLS);
  public static final Metric PCACHE_FAULT_COW = new Metric(
      "pcache_fault_cow",
      Unit.COUNT,
      "Misses that were writes to a read-only page and copied or took over its line.",
      FILLS);
  public static final Metric PCACHE_EVICTIONS =
      new Metric("pcache_evictions", Unit.COUNT, "Lines evicted to make room in their set.", "");
  public static final Metric PCACHE_FLUSHES = new Metric(
      "pcache_flushes",
      Unit.COUNT,
      "Dirty pages sent to a memory node, alone or combined with a miss.",
      "pcache_flushes >= pcache_piggybacked");
  public static final Metric PCACHE_PIGGYBACKED = new Metric(
      "pcache_piggybacked", Unit.COUNT, "Dirty pages sent in the message of a miss.", "");
  public static final Metric VICTIM_LOOKUPS =
      new Metric("victim_lookups", Unit.COUNT, "Searches of the victim cache.", "");
  public static final Metric VICTIM_HITS = new Metric(
      "victim_hits",
      Unit.COUNT,
      "Searches of the victim cache that found the page.",
      "victim_hits <= victim_lookups");

  public static final Metric PCACHE_SECTOR_MISSES = new Metric(
      "pcache_sector_misses",
      Unit.COUNT,
      "Misses of a sector whose line was present; among pcache_fill_remote.",
      "pcache_sector_misses <= pcache_fill_remote");

  private static final String PREFETCHES =
      "pcache_prefetches = pcache_prefetches_useful + pcache_prefetches_useless"
          + " + pcache_prefetches_failed";

  public static final Metric PCACHE_PREFETCHES = new Metric(
      "pcache_prefetches",
      Unit.COUNT,
      "Pages queued for prefetching; not among the misses.",
      PREFETCHES);
  public static final Metric PCACHE_PREFETCHES_USEFUL = new Metric(
      "pcache_prefetches_useful",
      Unit.COUNT,
      "Prefetched pages that were touched before they left the pcache.",
      PREFETCHES);
  public static final Metric PCACHE_PREFETCHES_USELESS = new Metric(
      "pcache_prefetches_useless",
      Unit.COUNT,
      "Prefetched pages that were evicted or dropped, at the latest at the end of their process,"
          + " without a touch.",
      PREFETCHES);
  public static final Metric PCACHE_PREFETCHES_FAILED = new Metric(
      "pcache_prefetches_failed",
      Unit.COUNT,
      "Prefetches that brought nothing: the page was there or on its way out, no line could be had"
          + " at once, no area explains the page, or its process has ended.",
      PREFETCHES);
  public static final Metric PCACHE_PREFETCHES_LATE = new Metric(
      "pcache_prefetches_late",
      Unit.COUNT,
      "Faults that met the prefetch of their page on its way; misses all the same.",
      "");
  public static final Metric PCACHE_PREFETCHES_DROPPED = new Metric(
      "pcache_prefetches_dropped",
      Unit.COUNT,
      "Requests to prefetch that found the queue full; not among pcache_prefetches.",
      "");

  public static final Metric FAULT_LATENCY_MEAN_NS = fault("mean", "Mean");
  public static final Metric FAULT_LATENCY_P50_NS = fault("p50", "Median");
  public static final Metric FAULT_LATENCY_P90_NS = fault("p90", "90th percentile");
  public static final Metric FAULT_LATENCY_P99_NS = fault("p99", "99th percentile");
  public static final Metric FAULT_LATENCY_P999_NS = fault("p999", "99.9th percentile");
  public static final Metric FAULT_LATENCY_MAX_NS = fault("max", "Maximum");
  public static final Metric RPC_LATENCY_MEAN_NS = rpc("mean", "Mean");
  public static final Metric RPC_LATENCY_P50_NS = rpc("p50", "Median");
  public static final Metric RPC_LATENCY_P90_NS = rpc("p90", "90th percentile");
  public static final Metric RPC_LATENCY_P99_NS = rpc("p99", "99th percentile");
  public static final Metric RPC_LATENCY_P999_NS = rpc("p999", "99.9th percentile");
  public static final Metric RPC_LATENCY_MAX_NS = rpc("max", "Maximum");
  public static final Metric RPC_COUNT =
      new Metric("rpc_count", Unit.COUNT, "Remote procedure calls that got their reply.", "");
  public static final Metric NETWORK_SENT_BYTES = new Metric(
      "network_sent_bytes",
      Unit.BYTES,
      "Bytes of messages that all nodes sent, without the packets' own headers.",
      "");

  public static final Metric RPC_TIMEOUTS = new Metric(
      "rpc_timeouts",
      Unit.COUNT,
      "Remote procedure calls of all nodes that were given up after their time.",
      "");
  public static final Metric RPC_LEAKED_SLOTS = new Metric(
      "rpc_leaked_slots",
      Unit.COUNT,
      "Reply slots that a call which timed out has left taken for ever.",
      "");
  public static final Metric NETWORK_LOST_MESSAGES = new Metric(
      "network_lost_messages",
      Unit.COUNT,
      "Messages that never arrived, after all of the adapter's attempts.",
      "");
  public static final Metric PROGRAMS_KILLED = new Metric(
      "programs_killed",
      Unit.COUNT,
      "Programs that ended because a node which failed had their memory.",
      "");

  public static final Metric MEMORY_WORKER_UTILIZATION = new Metric(
      "memory_worker_utilization",
      Unit.RATIO,
      "Share of the simulated time that the memory nodes' workers were busy, averaged over"
          + " the workers.",
      "0 <= memory_worker_utilization <= 1");
  public static final Metric TLB_SHOOTDOWNS =
      new Metric("tlb_shootdowns", Unit.COUNT, "Flush requests that had to reach another CPU.", "");
  public static final Metric CONTEXT_SWITCHES =
      new Metric("context_switches", Unit.COUNT, "Switches of a CPU to another thread.", "");
  public static final Metric INVOLUNTARY_SWITCHES = new Metric(
      "involuntary_switches",
      Unit.COUNT,
      "Threads that lost their CPU to another one although they could have run on.",
      "involuntary_switches <= context_switches");
  public static final Metric MIGRATIONS = new Metric(
      "migrations",
      Unit.COUNT,
      "Threads that a change of their affinity moved to another CPU.",
      "");
  public static final Metric TICKS =
      new Metric("ticks", Unit.COUNT, "Timer ticks that took time from a thread.", "");
  public static final Metric FUTEX_WAITS =
      new Metric("futex_waits", Unit.COUNT, "Futex waits that blocked.", "");
  public static final Metric SIGNALS_DELIVERED = new Metric(
      "signals_delivered", Unit.COUNT, "Handlers of signals that have begun, as captured.", "");
  public static final Metric STALE_TLB_ACCESSES = new Metric(
      "stale_tlb_accesses",
      Unit.COUNT,
      "Accesses, those to one page in a row taken as one, by a translation of a page that has lost"
          + " its line; counted with check: always alone.",
      "");
  public static final Metric MACHINE_STOPS =
      new Metric("machine_stops", Unit.COUNT, "Times that stop_machine stopped all CPUs.", "");
  public static final Metric QUEUED_WORKS =
      new Metric("queued_works", Unit.COUNT, "Works that the kernel queued for its workers.", "");
  public static final Metric SYSCALLS =
      new Metric("syscalls", Unit.COUNT, "System calls entered.", "");
  public static final Metric REPLAY_DISAGREEMENTS = new Metric(
      "replay_disagreements",
      Unit.COUNT,
      "Results, signals and lives of the capture that the simulated kernel would not have given; the"
          + " captured ones are replayed.",
      "");

  public static final Metric L1D_MISSES = misses("l1d", "the first-level data caches");
  public static final Metric L2_MISSES = misses("l2", "the second-level caches");
  public static final Metric LLC_MISSES = misses("llc", "the last-level caches");
  public static final Metric DTLB_MISSES = misses("dtlb", "the data TLBs, all levels of them");

  public static final Metric THREAD_TIME_NS = new Metric(
      "thread_time_ns",
      Unit.NS,
      "Simulated life of all threads together.",
      "thread_time_ns = the sum of all time_*_ns");
  public static final Metric ASSUMED_TIME_SHARE = new Metric(
      "assumed_time_share",
      Unit.RATIO,
      "Share of thread_time_ns that rests on constants without a source.",
      "0 <= assumed_time_share <= 1");

  /** Those of this class in their fixed order. */
  public static final List<Metric> ALL = List.of(
      SIMULATED_TIME_NS,
      INSTRUCTIONS,
      ACCESSES,
      THROUGHPUT_ACCESSES_PER_S,
      PCACHE_HITS,
      PCACHE_MISSES,
      PCACHE_FILL_REMOTE,
      PCACHE_FILL_VICTIM,
      PCACHE_FILL_ZERO,
      PCACHE_FAULT_LOST_RACE,
      PCACHE_FAULT_COW,
      PCACHE_EVICTIONS,
      PCACHE_FLUSHES,
      PCACHE_PIGGYBACKED,
      VICTIM_LOOKUPS,
      VICTIM_HITS,
      PCACHE_SECTOR_MISSES,
      PCACHE_PREFETCHES,
      PCACHE_PREFETCHES_USEFUL,
      PCACHE_PREFETCHES_USELESS,
      PCACHE_PREFETCHES_FAILED,
      PCACHE_PREFETCHES_LATE,
      PCACHE_PREFETCHES_DROPPED,
      FAULT_LATENCY_MEAN_NS,
      FAULT_LATENCY_P50_NS,
      FAULT_LATENCY_P90_NS,
      FAULT_LATENCY_P99_NS,
      FAULT_LATENCY_P999_NS,
      FAULT_LATENCY_MAX_NS,
      RPC_LATENCY_MEAN_NS,
      RPC_LATENCY_P50_NS,
      RPC_LATENCY_P90_NS,
      RPC_LATENCY_P99_NS,
      RPC_LATENCY_P999_NS,
      RPC_LATENCY_MAX_NS,
      RPC_COUNT,
      NETWORK_SENT_BYTES,
      RPC_TIMEOUTS,
      RPC_LEAKED_SLOTS,
      NETWORK_LOST_MESSAGES,
      PROGRAMS_KILLED,
      MEMORY_WORKER_UTILIZATION,
      TLB_SHOOTDOWNS,
      CONTEXT_SWITCHES,
      INVOLUNTARY_SWITCHES,
      MIGRATIONS,
      TICKS,
      FUTEX_WAITS,
      SIGNALS_DELIVERED,
      STALE_TLB_ACCESSES,
      MACHINE_STOPS,
      QUEUED_WORKS,
      SYSCALLS,
      REPLAY_DISAGREEMENTS,
      L1D_MISSES,
      L2_MISSES,
      LLC_MISSES,
      DTLB_MISSES,
      ASSUMED_TIME_SHARE,
      THREAD_TIME_NS);

  private FixedMetrics() {}

  /** Puts mean, percentiles and maximum of the latency named {@code fault_latency}. */
  public static void putFaultLatency(MetricSnapshot snapshot, LatencyCounts counts) {
    put(
        snapshot,
        List.of(
            FAULT_LATENCY_MEAN_NS,
            FAULT_LATENCY_P50_NS,
            FAULT_LATENCY_P90_NS,
            FAULT_LATENCY_P99_NS,
            FAULT_LATENCY_P999_NS,
            FAULT_LATENCY_MAX_NS),
        counts);
  }

  /** Puts mean, percentiles and maximum of the latency named {@code rpc_latency}. */
  public static void putRpcLatency(MetricSnapshot snapshot, LatencyCounts counts) {
    put(
        snapshot,
        List.of(
            RPC_LATENCY_MEAN_NS,
            RPC_LATENCY_P50_NS,
            RPC_LATENCY_P90_NS,
            RPC_LATENCY_P99_NS,
            RPC_LATENCY_P999_NS,
            RPC_LATENCY_MAX_NS),
        counts);
  }

  private static void put(MetricSnapshot snapshot, List<Metric> metrics, LatencyCounts counts) {
    List<Long> valuesPs = new ArrayList<>();
    valuesPs.add(counts.meanPs());
    for (int perMille : new int[] {500, 900, 990, 999}) {
      valuesPs.add(counts.quantilePs(perMille));
    }
    valuesPs.add(counts.maxPs());
    for (int i = 0; i < metrics.size(); i++) {
      snapshot.put(metrics.get(i), valuesPs.get(i) / 1000.0);
    }
  }

  private static Metric fault(String statistic, String words) {
    return new Metric(
        "fault_latency_" + statistic + "_ns",
        Unit.NS,
        words + " time from the access that missed the pcache to its retry.",
        "");
  }

  private static Metric rpc(String statistic, String words) {
    return new Metric(
        "rpc_latency_" + statistic + "_ns",
        Unit.NS,
        words + " time of a remote procedure call as its caller sees it.",
        "");
  }

  private static Metric misses(String part, String words) {
    return new Metric(
        part + "_misses",
        Unit.COUNT,
        "Look-ups that missed " + words + "; 0 when that part is not modelled.",
        "");
  }
}
