package org.legosim.kernel.system;

import java.util.List;
import java.util.Map;
import org.legosim.kernel.processor.NodeServices;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;

/** What stands behind a processor node's user memory, and what it reports at the end of a run. */
sealed interface Backing extends NodeServices permits RemoteBacking, LocalBacking {
  /** Number of memory nodes among which processes are spread. */
  int homeNodes();

  /** Node number of the {@code index}-th of them. */
  int homeNode(int index);

  /** Starts the kernel threads that interrupt the node's CPUs; called once those exist. */
  void startThreads(ProcessorNode processor);

  /** When programs can start. */
  long startPs();

  /** Checks that the node may start programs. */
  void verifyBooted();

  /** Checks invariants once nothing is in flight. */
  void verify();

  /** Puts this side's metrics. */
  void putMetrics(MetricSnapshot snapshot, long lookups, long endPs);

  /** Latency histograms by name. */
  Map<String, LatencyCounts> latencies();

  List<String> approximations();
}
