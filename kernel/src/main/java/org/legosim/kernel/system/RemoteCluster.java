package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.hardware.network.Network;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.connect.Connections;
import org.legosim.kernel.fit.FitDefects;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.ImageLoader;
import org.legosim.kernel.memory.MemoryDefects;
import org.legosim.kernel.memory.MemoryMonitor;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.processor.ProcessorParams.AddressLayout;
import org.legosim.kernel.processor.StorageAccess;
import org.legosim.kernel.storage.StorageNode;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.HopRow;

/** What all processor nodes have in common: the RPC layer, the memory nodes and their monitor. */
final class RemoteCluster {
  private final int processors;
  private final FitNetwork fit;
  private final Connections connections;
  private final List<MemoryNode> memoryNodes = new ArrayList<>();
  private final List<StorageNode> storageNodes = new ArrayList<>();
  private final StorageAccess storage;
  private final @Nullable ImageLoader loader;

  RemoteCluster(Simulation simulation, SystemParams params) {
    processors = params.processor().nodes();
    List<String> names = ClusterNodes.names(params);
    Network fabric =
        new Network(params.network(), names.size(), params.fit().queuePairs(), simulation);
    requirePatience(params, fabric);
    fit = new FitNetwork(
        simulation,
        params.fit(),
        fabric,
        FitDefects.of(params.check().faults()),
        params.check().setup().judgesWarnings());
    for (int node = 0; node < processors; node++) {
      fit.addNode(names.get(node));
    }
    for (int node = 0; node < params.memory().nodes(); node++) {
      FitNode fitNode = fit.addNode(names.get(processors + node));
      memoryNodes.add(new MemoryNode(
          simulation, params.memory(), fitNode, MemoryDefects.of(params.check().faults())));
    }
    if (params.memory().sharesAddressSpaces()) {
      FitNode monitorNode = fit.addNode(names.get(processors + memoryNodes.size()));
      MemoryNode.distribute(
          simulation,
          memoryNodes,
          new MemoryMonitor(simulation, params.memory(), monitorNode, numberOfMemoryNode(0)));
    }
    storage = addStorage(simulation, params, names);
    memoryNodes.forEach(node -> node.allocate(
        params.processorCosts().alloc(), AllocDefects.of(params.check().faults())));
    loader = loader(simulation, params);
    connections = fit.connect();
    memoryNodes.forEach(MemoryNode::start);
  }

  /** A call that is given up before a message can be there and back never gets its answer. */
  private static void requirePatience(SystemParams params, Network fabric) {
    long roundPs = 2 * fabric.idleDeliveryPs(FitParams.HEADER_BYTES);
    if (params.fit().timeoutPs() <= roundPs) {
      throw new ConfigException("fit.timeout is " + params.fit().timeoutPs() / 1000
          + " ns; the shortest message takes " + roundPs / 1000
          + " ns there and back, so no call can be answered in time: raise fit.timeout, or lower the"
          + " network's latencies");
    }
  }

  private static @Nullable ImageLoader loader(Simulation simulation, SystemParams params) {
    AddressLayout layout = params.processor().addresses();
    if (layout == AddressLayout.RANDOMISED && params.memory().sharesAddressSpaces()) {
      throw new ConfigException(
          "addresses: randomised: memory nodes that share an address space give"
              + " it out in whole ranges of 1 GiB, which undoes a random base; allowed: captured, legoos,"
              + " or one node for each process (memory.placement: home)");
    }
    return switch (layout) {
      case CAPTURED -> null;
      case LEGOOS -> new ImageLoader(params.memory().isCacheAware(), null);
      case RANDOMISED -> new ImageLoader(false, simulation.stream("addresses"));
    };
  }

  private StorageAccess addStorage(Simulation simulation, SystemParams params, List<String> names) {
    int count = params.storage().nodes();
    for (int node = 0; node < count; node++) {
      FitNode fitNode = fit.addNode(names.get(names.size() - count + node));
      storageNodes.add(new StorageNode(simulation, params.storage(), fitNode));
    }
    boolean keepsPages = params.memory().pageCache().isOn();
    if (count == 0 && keepsPages) {
      throw new ConfigException(
          "memory.pageCache is on, but there is no storage node whose files it"
              + " could keep: set storage.nodes to 1 or memory.pageCache to off");
    }
    if (params.memory().replicates() && (count == 0 || memoryNodes.size() < 2)) {
      throw new ConfigException("memory.replication is on with " + memoryNodes.size()
          + " memory nodes and " + count + " storage nodes; it needs a second memory node for the"
          + " copies and a storage node for its logs: set memory.nodes to 2 or more and"
          + " storage.nodes to 1 or more");
    }
    if (count == 0) {
      return StorageAccess.NONE;
    }
    StorageAccess access =
        StorageAccess.at(storageNodes.get(0).number(), count, numberOfMemoryNode(0), keepsPages);
    for (MemoryNode node : memoryNodes) {
      node.attachStorage(simulation, access.nodeFor(node.fitNumber()));
    }
    return access;
  }

  /** Who answers what the nodes ask about files. */
  StorageAccess storage() {
    return storage;
  }

  List<StorageNode> storageNodes() {
    return storageNodes;
  }

  int processors() {
    return processors;
  }

  /** Traffic of each hop of the network, where its level tells. */
  List<HopRow> hops() {
    return fit.hops();
  }

  /** The RPC layer of a node. */
  FitNode fit(int node) {
    return fit.node(node);
  }

  Connections connections() {
    return connections;
  }

  @Nullable
  ImageLoader loader() {
    return loader;
  }

  List<MemoryNode> memoryNodes() {
    return memoryNodes;
  }

  /** Number, in the RPC layer, of a memory node. */
  int numberOfMemoryNode(int index) {
    return processors + index;
  }

  /** A memory node by its number in the RPC layer. */
  MemoryNode memoryNode(int number) {
    return memoryNodes.get(number - processors);
  }

  /** Number of the memory node that keeps copies of another one's lines: the next. */
  int secondOf(int number) {
    return processors + (number - processors + 1) % memoryNodes.size();
  }

  /** The last program of all nodes has ended. */
  void stop() {
    memoryNodes.forEach(MemoryNode::stop);
  }

  /** Checks invariants once nothing is in flight. */
  void verify() {
    fit.verifyConservation();
    memoryNodes.forEach(MemoryNode::verifyQuiescent);
    storageNodes.forEach(StorageNode::verifyQuiescent);
  }

  /** Calls of all processor nodes that got their reply. */
  LatencyCounts rpcLatency() {
    LatencyCounts all = new LatencyCounts();
    for (int node = 0; node < processors; node++) {
      all.add(fit.node(node).counters().latency());
    }
    return all;
  }

  /**
   * Puts what network and memory nodes have done until {@code endPs}.
   *
   * @param killed programs that failures have ended
   */
  void putMetrics(MetricSnapshot snapshot, long killed, long endPs) {
    long calls = 0;
    for (int node = 0; node < processors; node++) {
      calls += fit.node(node).counters().sendReplies();
    }
    long sentBytes = 0;
    long timeouts = 0;
    long leaked = 0;
    for (FitNode node : fit.nodes()) {
      sentBytes += node.counters().sentBytes();
      timeouts += node.counters().timeouts();
      leaked += node.leakedSlots();
    }
    long busyPs = 0;
    long workers = 0;
    for (MemoryNode node : memoryNodes) {
      busyPs += node.workersBusyPs();
      workers += node.workerCount();
    }
    snapshot
        .put(FixedMetrics.RPC_COUNT, calls)
        .put(FixedMetrics.NETWORK_SENT_BYTES, sentBytes)
        .put(FixedMetrics.RPC_TIMEOUTS, timeouts)
        .put(FixedMetrics.RPC_LEAKED_SLOTS, leaked)
        .put(FixedMetrics.NETWORK_LOST_MESSAGES, fit.lostMessages())
        .put(FixedMetrics.PROGRAMS_KILLED, killed)
        .putRatio(
            FixedMetrics.MEMORY_WORKER_UTILIZATION, busyPs, Math.multiplyExact(endPs, workers));
  }

  List<String> approximations() {
    List<String> found = new ArrayList<>(fit.failureReport());
    found.addAll(fit.checksum().warnings());
    for (MemoryNode node : memoryNodes) {
      found.addAll(node.approximations());
    }
    return found;
  }
}
