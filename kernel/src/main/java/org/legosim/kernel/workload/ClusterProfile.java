package org.legosim.kernel.workload;

import java.util.ArrayList;
import java.util.List;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Simulation;

/**
 * Processor nodes that call memory nodes' echo handlers in closed loops, as many nodes of the one as of the
 * other: each client has one memory node, and the clients of a processor node are spread over all of them.
 */
public final class ClusterProfile {
  /**
   * What a case showed.
   *
   * @param calls that got their reply
   * @param elapsedPs until the last client was done
   */
  public record Outcome(long calls, long elapsedPs, long events) {}

  private ClusterProfile() {}

  /**
   * Runs one case to its end, on a fresh simulation.
   *
   * @param nodes processor nodes, and as many memory nodes
   * @param load of each processor node
   */
  public static Outcome run(
      Simulation simulation,
      NetworkParams networkParams,
      FitParams fitParams,
      MemoryNodeParams memoryParams,
      int nodes,
      RpcProfile.Load load) {
    if (nodes < 1) {
      throw new ConfigException("a cluster has at least one node of each kind, not " + nodes);
    }
    Network fabric = new Network(networkParams, 2 * nodes, simulation.ledger());
    FitNetwork fit = new FitNetwork(simulation, fitParams, fabric);
    for (int node = 0; node < nodes; node++) {
      fit.addNode("P" + node);
    }
    List<MemoryNode> memory = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      FitNode fitNode = fit.addNode("M" + node);
      memory.add(new MemoryNode(simulation, memoryParams, fitNode));
    }
    fit.connect();
    memory.forEach(MemoryNode::start);
    List<EchoClient> clients = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      for (int client = 0; client < load.threads(); client++) {
        int target = nodes + (node + client) % nodes;
        clients.add(
            new EchoClient(simulation, fit.node(node), target, "P" + node + ".cpu" + client, load));
      }
    }
    clients.forEach(EchoClient::start);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    memory.forEach(MemoryNode::verifyQuiescent);
    long calls = 0;
    long elapsedPs = 0;
    for (int node = 0; node < nodes; node++) {
      calls += fit.node(node).counters().latency().count();
    }
    for (EchoClient client : clients) {
      elapsedPs = Math.max(elapsedPs, client.endPs());
    }
    return new Outcome(calls, elapsedPs, simulation.eventCount());
  }
}
