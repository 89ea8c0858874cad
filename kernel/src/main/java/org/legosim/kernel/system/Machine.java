package org.legosim.kernel.system;

import java.util.List;
import java.util.Map;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.HopRow;
import org.legosim.timing.results.NodeRow;

/** What stands behind the user memory of all processor nodes, and what it reports at the end of a run. */
sealed interface Machine permits RemoteMachine, LocalBacking {
  /** Number of memory nodes among which processes are spread. */
  int homeNodes();

  /** Node number of the {@code index}-th of them. */
  int homeNode(int index);

  /** When programs can start. */
  long startPs();

  /** Checks that the processor nodes may start programs. */
  void verifyBooted();

  /** Checks invariants once nothing is in flight. */
  void verify();

  /** Puts this side's metrics. */
  void putMetrics(MetricSnapshot snapshot, long lookups, long endPs);

  /** Latency histograms by name. */
  Map<String, LatencyCounts> latencies();

  List<String> approximations();

  /** Figures of single nodes; empty when there is one of each kind. */
  List<NodeRow> nodes();

  /** Traffic of each hop of the network, where its level tells. */
  default List<HopRow> hops() {
    return List.of();
  }
}
