package org.legosim.kernel.system;

import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;

/** Mean, percentiles and maximum of the two latencies that have metrics of their own. */
final class LatencyMetrics {
  private LatencyMetrics() {}

  static void putFault(MetricSnapshot snapshot, LatencyCounts counts) {
    put(
        snapshot,
        counts,
        FixedMetrics.FAULT_LATENCY_MEAN_NS,
        FixedMetrics.FAULT_LATENCY_P50_NS,
        FixedMetrics.FAULT_LATENCY_P90_NS,
        FixedMetrics.FAULT_LATENCY_P99_NS,
        FixedMetrics.FAULT_LATENCY_P999_NS,
        FixedMetrics.FAULT_LATENCY_MAX_NS);
  }

  static void putRpc(MetricSnapshot snapshot, LatencyCounts counts) {
    put(
        snapshot,
        counts,
        FixedMetrics.RPC_LATENCY_MEAN_NS,
        FixedMetrics.RPC_LATENCY_P50_NS,
        FixedMetrics.RPC_LATENCY_P90_NS,
        FixedMetrics.RPC_LATENCY_P99_NS,
        FixedMetrics.RPC_LATENCY_P999_NS,
        FixedMetrics.RPC_LATENCY_MAX_NS);
  }

  private static void put(MetricSnapshot snapshot, LatencyCounts counts, Metric... metrics) {
    snapshot.putNs(metrics[0], counts.meanPs());
    int[] perMille = {500, 900, 990, 999};
    for (int i = 0; i < perMille.length; i++) {
      snapshot.putNs(metrics[1 + i], counts.quantilePs(perMille[i]));
    }
    snapshot.putNs(metrics[5], counts.maxPs());
  }
}
