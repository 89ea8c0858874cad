package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.hardware.fabric.Fabric;
import org.legosim.hardware.fabric.Operation;
import org.legosim.kernel.system.SystemParams;
import org.legosim.kernel.workload.RpcProfile;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;

/**
 * Simulated RPCs per second of processor time: eight clients that call a memory node's echo handler, at each
 * level of the network; and messages between many nodes at the level {@code verbs}.
 */
public final class FabricTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NS_PER_SECOND = 1e9;
  private static final int CLIENTS = 8;
  private static final int CALLS = 50_000;
  private static final int MESSAGES = 400_000;

  private FabricTimes() {}

  /** Arguments: rounds, then settings of legoos-testbed. */
  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    List<String> settings = List.of(args).subList(1, args.length);
    for (String model : List.of("fixed", "loggp", "verbs")) {
      SystemParams params = params(model, settings);
      double best = 0;
      for (int round = 0; round < rounds; round++) {
        long startNs = THREADS.getCurrentThreadCpuTime();
        RpcProfile.Outcome outcome = RpcProfile.run(
            new Simulation(round),
            params.network(),
            params.fit(),
            params.memory(),
            new RpcProfile.Load(32, 4, CLIENTS, CALLS, false));
        double seconds = (THREADS.getCurrentThreadCpuTime() - startNs) / NS_PER_SECOND;
        best = Math.max(best, outcome.latency().count() / seconds);
      }
      System.out.printf(
          "%s: %.0f RPCs/s of processor time, best of %d rounds%n", model, best, rounds);
    }
    for (int nodes : new int[] {2, 32}) {
      SystemParams params = params("verbs", settings);
      double best = 0;
      for (int round = 0; round < rounds; round++) {
        long startNs = THREADS.getCurrentThreadCpuTime();
        Crowd.run(params, nodes);
        best = Math.max(
            best, MESSAGES / ((THREADS.getCurrentThreadCpuTime() - startNs) / NS_PER_SECOND));
      }
      System.out.printf("verbs, %d nodes: %.0f messages/s of processor time%n", nodes, best);
    }
  }

  private static SystemParams params(String model, List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.add("network.model=" + model);
    return Systems.bind(Machines.find(KnownParameters.catalog()).load("legoos-testbed", all));
  }

  /** So many messages under way, each to another node drawn anew. */
  private static final class Crowd implements Actor {
    private static final int OUTSTANDING = 128;
    private static final int BYTES = 64;

    private final Fabric fabric;
    private final RandomStream random;
    private final int actorId;
    private final int nodes;
    private int left = MESSAGES;

    private Crowd(Simulation simulation, SystemParams params, int nodes) {
      fabric = new Fabric(simulation, params.network().shape(params.fit().queuePairs()), nodes);
      random = simulation.stream("crowd");
      actorId = simulation.register(this);
      this.nodes = nodes;
    }

    static void run(SystemParams params, int nodes) {
      Simulation simulation = new Simulation(1);
      Crowd crowd = new Crowd(simulation, params, nodes);
      for (int i = 0; i < OUTSTANDING; i++) {
        crowd.post(i % nodes);
      }
      simulation.run();
      simulation.verifyQuiescent();
    }

    private void post(int source) {
      left--;
      int target = (source + 1 + random.nextInt(nodes - 1)) % nodes;
      int message = fabric.post(source, target, left % 12, Operation.WRITE_IMMEDIATE, BYTES);
      fabric.tellCompletion(message, actorId, message);
    }

    @Override
    public void onEvent(long payload) {
      int message = (int) payload;
      int source = fabric.source(message);
      fabric.release(message);
      if (left > 0) {
        post(source);
      }
    }

    @Override
    public String name() {
      return "crowd";
    }

    @Override
    public void describe(StringBuilder out) {
      out.append(left);
    }

    @Override
    public boolean isQuiescent() {
      return left == 0;
    }
  }
}
