package org.legosim.kernel.workload;

import java.util.ArrayList;
import java.util.List;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryCounters;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;

/**
 * The real kernel's boot-time RPC profile: clients, each pinned to a CPU of its own, call a memory
 * node's echo handler in a closed loop.
 */
public final class RpcProfile {
  /**
   * One case.
   *
   * @param requestBytes payload of each request, FIT's header excluded
   * @param replyBytes payload of each reply
   * @param threads clients
   * @param calls of each client
   * @param isMarshalled the message is built in a fresh buffer, as system calls do
   */
  public record Load(
      int requestBytes, int replyBytes, int threads, long calls, boolean isMarshalled) {
    public Load {
      if (requestBytes < 0 || replyBytes < 0 || threads < 1 || calls < 1) {
        throw new ConfigException(
            "an RPC profile needs sizes of at least 0, and at least one thread and one call: "
                + requestBytes + ", " + replyBytes + ", " + threads + ", " + calls);
      }
    }
  }

  /**
   * What a case showed.
   *
   * @param latency of every call of every client
   * @param elapsedPs until the last client was done
   * @param workersBusyPs summed over the workers
   * @param sentBytes of messages, by both nodes
   */
  public record Outcome(
      LatencyCounts latency,
      long elapsedPs,
      long workersBusyPs,
      MemoryCounters memory,
      long sentBytes,
      long events) {}

  private static final int PROCESSOR = 0;
  private static final int MEMORY = 1;

  private RpcProfile() {}

  /** Runs one case to its end, on a fresh simulation. */
  public static Outcome run(
      Simulation simulation,
      NetworkParams networkParams,
      FitParams fitParams,
      MemoryNodeParams memoryParams,
      Load load) {
    long bytesMax = fitParams.messageBytesMax() - FitParams.HEADER_BYTES;
    if (load.requestBytes() > bytesMax) {
      throw new ConfigException("a request of " + load.requestBytes() + " bytes; at most "
          + bytesMax + " fit into half of fit.ring");
    }
    if (load.threads() > fitParams.replySlots()) {
      throw new ConfigException(load.threads() + " threads; fit.replySlots allows "
          + fitParams.replySlots() + " calls in flight");
    }
    Network fabric = new Network(networkParams, 2, fitParams.queuePairs(), simulation);
    FitNetwork fit = new FitNetwork(simulation, fitParams, fabric);
    FitNode processor = fit.addNode("P0");
    FitNode memory = fit.addNode("M0");
    MemoryNode memoryNode = new MemoryNode(simulation, memoryParams, memory);
    fit.connect();
    memoryNode.start();
    List<EchoClient> clients = new ArrayList<>();
    for (int i = 0; i < load.threads(); i++) {
      clients.add(new EchoClient(simulation, processor, MEMORY, "P0.cpu" + i, load));
    }
    clients.forEach(EchoClient::start);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    memoryNode.verifyQuiescent();
    long elapsedPs = 0;
    for (EchoClient client : clients) {
      elapsedPs = Math.max(elapsedPs, client.endPs());
    }
    return new Outcome(
        processor.counters().latency(),
        elapsedPs,
        memoryNode.workersBusyPs(),
        memoryNode.counters(),
        fit.node(PROCESSOR).counters().sentBytes() + memory.counters().sentBytes(),
        simulation.eventCount());
  }
}
