package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.pcache.Pcache;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.kernel.processor.ProcessorReport;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.HopRow;
import org.legosim.timing.results.NodeRow;

/** Processor nodes, each with CPUs and a pcache of its own, over memory nodes that they share. */
final class RemoteMachine implements Machine {
  private final RemoteCluster cluster;
  private final List<RemoteBacking> backings = new ArrayList<>();
  private final List<ProcessorNode> processors = new ArrayList<>();

  RemoteMachine(
      Simulation simulation,
      SystemParams params,
      RunOptions options,
      MissSampler sampler,
      SeriesRecorder series) {
    cluster = new RemoteCluster(simulation, params);
    int cpusOfNode = params.processor().cpus() + params.pcache().prefetchThreads();
    for (int node = 0; node < cluster.processors(); node++) {
      RemoteBacking backing = new RemoteBacking(
          simulation,
          params,
          options,
          cluster,
          node,
          new MissRecords(sampler, series, node * cpusOfNode));
      backings.add(backing);
      ProcessorNode processor = new ProcessorNode(
          simulation,
          backing.name(),
          params.processor(),
          params.processorCosts(),
          params.cpu(),
          backing);
      processors.add(processor);
      backing.startThreads(processor);
      backing.onTasksEnded(this::tasksEnded);
    }
  }

  /** Daemons run until the last program of all nodes has ended. */
  private void tasksEnded() {
    for (ProcessorNode processor : processors) {
      if (processor.livingTasks() > 0) {
        return;
      }
    }
    cluster.stop();
    backings.forEach(RemoteBacking::stop);
  }

  List<ProcessorNode> processors() {
    return processors;
  }

  /** What stands behind one processor node's memory; for tests. */
  RemoteBacking backing(int node) {
    return backings.get(node);
  }

  /** For tests. */
  List<MemoryNode> memoryNodes() {
    return cluster.memoryNodes();
  }

  @Override
  public int homeNodes() {
    return cluster.memoryNodes().size();
  }

  @Override
  public int homeNode(int index) {
    return cluster.numberOfMemoryNode(index);
  }

  @Override
  public long startPs() {
    return cluster.connections().startPs();
  }

  @Override
  public void verifyBooted() {
    for (int node = 0; node < cluster.processors(); node++) {
      cluster.connections().verifyStarts(node);
    }
  }

  @Override
  public void verify() {
    backings.forEach(RemoteBacking::verify);
    cluster.verify();
  }

  @Override
  public List<HopRow> hops() {
    return cluster.hops();
  }

  private LatencyCounts faultLatency() {
    LatencyCounts all = new LatencyCounts();
    backings.forEach(backing -> all.add(backing.pcache().faultLatency()));
    return all;
  }

  @Override
  public void putMetrics(MetricSnapshot snapshot, long lookups, long endPs) {
    long hits = lookups;
    List<MetricSnapshot> pages = new ArrayList<>();
    List<MetricSnapshot> counters = new ArrayList<>();
    for (RemoteBacking backing : backings) {
      hits -= backing.pcache().misses();
    }
    for (RemoteBacking backing : backings) {
      Pcache pcache = backing.pcache();
      MetricSnapshot page = new MetricSnapshot();
      // All hits are put with the first node, for only their sum is known here.
      pcache.putPageMetrics(page, pages.isEmpty() ? hits : 0);
      pages.add(page);
      MetricSnapshot counter = new MetricSnapshot();
      pcache.putKernelCounters(counter);
      counters.add(counter);
    }
    NodeSums.put(snapshot, pages);
    LatencyMetrics.putFault(snapshot, faultLatency());
    LatencyMetrics.putRpc(snapshot, cluster.rpcLatency());
    long killed = processors.stream().mapToLong(ProcessorNode::programsKilled).sum();
    cluster.putMetrics(snapshot, killed, endPs);
    NodeSums.put(snapshot, counters);
  }

  @Override
  public Map<String, LatencyCounts> latencies() {
    Map<String, LatencyCounts> latencies = new LinkedHashMap<>();
    latencies.put("fault_latency", faultLatency());
    latencies.put("rpc_latency", cluster.rpcLatency());
    return latencies;
  }

  @Override
  public List<String> approximations() {
    // Each node says the same of itself.
    List<String> found = new ArrayList<>(backings.get(0).checkNotes());
    backings.stream()
        .map(RemoteBacking::describeStale)
        .filter(text -> !text.isEmpty())
        .forEach(found::add);
    found.addAll(cluster.approximations());
    return found;
  }

  @Override
  public List<NodeRow> nodes() {
    if (processors.size() == 1 && cluster.memoryNodes().size() == 1) {
      return List.of();
    }
    List<NodeRow> rows = new ArrayList<>();
    for (int node = 0; node < processors.size(); node++) {
      ProcessorReport report = ProcessorReport.of(List.of(processors.get(node)));
      NodeRows.addProcessor(rows, cluster.fit(node), report, backings.get(node).pcache());
    }
    cluster.memoryNodes().forEach(node -> NodeRows.addMemory(rows, node));
    return rows;
  }
}
