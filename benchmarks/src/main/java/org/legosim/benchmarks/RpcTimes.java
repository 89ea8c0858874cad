package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.SystemParams;
import org.legosim.kernel.workload.ClusterProfile;
import org.legosim.kernel.workload.RpcProfile;
import org.legosim.timing.engine.Simulation;

/**
 * Processor time of a simulated RPC: echo calls of four clients on each of 1, 4 and 16 processor nodes to as
 * many memory nodes. The sizes take turns, so that they share what disturbs them.
 */
public final class RpcTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int[] NODES = {1, 4, 16};
  private static final int CLIENTS = 4;
  private static final int REQUEST_BYTES = 40;
  private static final int REPLY_BYTES = 4096;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private RpcTimes() {}

  /** Arguments: calls of all clients together, how many rounds, and settings as for {@code run --set}. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    long calls = Long.parseLong(arguments.get(0));
    int rounds = Integer.parseInt(arguments.get(1));
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load("legoos-osdi18", arguments.subList(2, arguments.size()));
    SystemParams params = Systems.bind(config);
    List<Long> leastNs = new ArrayList<>();
    for (int i = 0; i < NODES.length; i++) {
      leastNs.add(Long.MAX_VALUE);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < NODES.length; i++) {
        long startNs = THREADS.getCurrentThreadCpuTime();
        ClusterProfile.Outcome outcome = run(params, NODES[i], calls);
        long spentNs = THREADS.getCurrentThreadCpuTime() - startNs;
        leastNs.set(i, Math.min(leastNs.get(i), spentNs / outcome.calls()));
      }
    }
    for (int i = 0; i < NODES.length; i++) {
      System.out.printf(
          "%2d + %2d nodes %8d ns of processor time an RPC, %9d RPCs/s, %.2f times that of 1 + 1%n",
          NODES[i],
          NODES[i],
          leastNs.get(i),
          NS_PER_SECOND / leastNs.get(i),
          (double) leastNs.get(i) / leastNs.get(0));
    }
  }

  private static ClusterProfile.Outcome run(SystemParams params, int nodes, long calls) {
    return ClusterProfile.run(
        new Simulation(0),
        params.network(),
        params.fit(),
        params.memory(),
        nodes,
        new RpcProfile.Load(REQUEST_BYTES, REPLY_BYTES, CLIENTS, calls / nodes / CLIENTS, false));
  }
}
