package org.legosim.timing.results;

import java.util.List;
import java.util.Map;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;

/**
 * Everything that one simulation hands to the reports.
 *
 * @param levels fidelity level of each part, as configured: {@code network.model -> loggp}
 * @param latencies by name: {@code fault_latency}, {@code rpc_latency}
 * @param approximations one sentence each for what the trace contains and this run approximated
 * @param disagreements the first places where capture and simulated kernel disagree; the metric {@code
 *     replay_disagreements} counts all of them
 * @param assumed simulated thread time that rests on each ASSUMED constant, by key, in picoseconds
 * @param syscalls of all threads
 * @param threadSyscalls of each thread that made any
 * @param profile the kernel's profile points; empty unless they are switched on
 * @param nodes figures of single nodes; empty for a machine with one of each kind
 * @param hops traffic of each hop of the network; empty unless {@code network.model: verbs}
 */
public record RunResult(
    RunIdentity identity,
    Map<String, String> levels,
    MetricSnapshot metrics,
    Map<String, LatencyCounts> latencies,
    List<SyscallRow> syscalls,
    List<MissSample> misses,
    List<SeriesRow> series,
    List<String> approximations,
    List<Disagreement> disagreements,
    Map<String, Long> assumed,
    List<ProfileRow> profile,
    List<NodeRow> nodes,
    List<HopRow> hops,
    List<ThreadSyscalls> threadSyscalls) {

  /** A run without profile points in which capture and simulated kernel agree. */
  public RunResult(
      RunIdentity identity,
      Map<String, String> levels,
      MetricSnapshot metrics,
      Map<String, LatencyCounts> latencies,
      List<SyscallRow> syscalls,
      List<MissSample> misses,
      List<SeriesRow> series,
      List<String> approximations,
      Map<String, Long> assumed) {
    this(
        identity,
        levels,
        metrics,
        latencies,
        syscalls,
        misses,
        series,
        approximations,
        List.of(),
        assumed,
        List.of());
  }

  /** A run on a machine with one node of each kind, whose threads are not told apart. */
  public RunResult(
      RunIdentity identity,
      Map<String, String> levels,
      MetricSnapshot metrics,
      Map<String, LatencyCounts> latencies,
      List<SyscallRow> syscalls,
      List<MissSample> misses,
      List<SeriesRow> series,
      List<String> approximations,
      List<Disagreement> disagreements,
      Map<String, Long> assumed,
      List<ProfileRow> profile) {
    this(
        identity,
        levels,
        metrics,
        latencies,
        syscalls,
        misses,
        series,
        approximations,
        disagreements,
        assumed,
        profile,
        List.of(),
        List.of(),
        List.of());
  }
}
