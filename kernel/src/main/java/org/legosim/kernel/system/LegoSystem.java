package org.legosim.kernel.system;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.legosim.kernel.monitor.ProcessMonitor;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.kernel.processor.ProcessorParams.AddressLayout;
import org.legosim.kernel.processor.ProcessorParams.MemoryPlacement;
import org.legosim.kernel.processor.ProcessorReport;
import org.legosim.kernel.processor.TracingParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.MetricCatalog;
import org.legosim.timing.results.RunResult;

/**
 * One simulated machine, built for one run: processor nodes, and behind them either memory nodes or
 * the one node's own memory.
 *
 * <p>Actors are wired in a fixed order (RPC layer, memory nodes and their monitor, CPUs, daemons), which is the order of
 * ties between them.
 */
public final class LegoSystem {
  private final SystemParams params;
  private final RunOptions options;
  private final Simulation simulation;
  private final MissSampler sampler = new MissSampler();
  private final SeriesRecorder series = new SeriesRecorder();
  private final Machine machine;
  private final List<ProcessorNode> processors;
  private final ProcessMonitor monitor;
  private int loaded;

  public LegoSystem(SystemParams params, RunOptions options) {
    this.params = params;
    this.options = options;
    this.simulation = new Simulation(options.identity().seed(), options.runsAhead());
    simulation.show(options.timeline());
    TracingParams tracing = params.processorCosts().tracing();
    if (tracing.profilePoints()) {
      simulation.profile(new Profile(simulation.ledger().cost(tracing.profilePoint())));
    }
    if (options.interleaving() != null) {
      simulation.interleave(options.interleaving());
    }
    if (params.processor().memory() == MemoryPlacement.LOCAL) {
      LocalBacking local = new LocalBacking(simulation, params);
      this.machine = local;
      this.processors = List.of(new ProcessorNode(
          simulation, "P0", params.processor(), params.processorCosts(), params.cpu(), local));
    } else {
      RemoteMachine remote = new RemoteMachine(simulation, params, options, sampler, series);
      this.machine = remote;
      this.processors = remote.processors();
    }
    this.monitor = new ProcessMonitor(processors.size());
    watchRecords();
  }

  private void watchRecords() {
    long[] performed = new long[processors.size()];
    for (int node = 0; node < performed.length; node++) {
      int number = node;
      processors.get(node).watchRecords(records -> {
        performed[number] = records;
        long sum = 0;
        for (long count : performed) {
          sum += count;
        }
        options.progress().performed(sum);
      });
    }
  }

  /**
   * Adds an application; applications are spread over the memory nodes in turn.
   *
   * @throws ConfigException when it names a processor node that the machine does not have
   */
  public LegoSystem load(Application application) {
    int home = machine.homeNode(loaded++ % machine.homeNodes());
    int node = application.node() == Application.ANY_NODE ? monitor.choose() : application.node();
    if (node < 0 || node >= processors.size()) {
      throw new ConfigException("an application is to run on processor node P" + node
          + "; the machine has " + processors.size() + " (processor.nodes)");
    }
    monitor.started(node);
    processors.get(node).load(application.trace(), home, machine.startPs() + application.startPs());
    return this;
  }

  /**
   * Replays the loaded applications to their end.
   *
   * @throws InvariantViolation when the simulated kernel deadlocks or breaks an invariant
   */
  public RunResult run() {
    machine.verifyBooted();
    simulation.run();
    int living = processors.stream().mapToInt(ProcessorNode::livingTasks).sum();
    if (living > 0) {
      StringBuilder tasks = new StringBuilder();
      processors.forEach(node -> tasks.append(node.describeTasks()));
      throw new InvariantViolation(
          simulation.dump(living + " threads can never go on: deadlock") + tasks);
    }
    simulation.verifyQuiescent();
    machine.verify();
    processors.forEach(ProcessorNode::verify);
    return result();
  }

  /** What stands behind user memory; for tests. */
  Machine machine() {
    return machine;
  }

  /** Events delivered so far; for benchmarks. */
  public long eventCount() {
    return simulation.eventCount();
  }

  private RunResult result() {
    ProcessorReport report = ProcessorReport.of(processors);
    MetricSnapshot snapshot = new MetricSnapshot();
    long endPs = report.endPs();
    snapshot
        .put(FixedMetrics.SIMULATED_TIME_NS, endPs / 1000)
        .put(FixedMetrics.INSTRUCTIONS, report.instructions())
        .put(FixedMetrics.ACCESSES, report.accesses())
        .putPerSecond(FixedMetrics.THROUGHPUT_ACCESSES_PER_S, report.accesses(), endPs);
    machine.putMetrics(snapshot, report.lookups(), endPs);
    report.put(snapshot);
    MetricCatalog.putThreadTimes(
        snapshot, report.timesPs().stream().mapToLong(Long::longValue).toArray());
    long threadPs = report.threadPs();
    snapshot.putRatio(FixedMetrics.ASSUMED_TIME_SHARE, simulation.ledger().assumedPs(), threadPs);
    Set<String> approximations = new LinkedHashSet<>();
    processors.forEach(node -> approximations.addAll(node.approximations()));
    approximations.addAll(machine.approximations());
    return new RunResult(
        options.identity(),
        levels(),
        snapshot,
        machine.latencies(),
        report.syscalls(),
        sampler.samples(),
        series.rows(),
        List.copyOf(approximations),
        report.firstDisagreements(),
        simulation.ledger().assumed(),
        simulation.profile().rows(),
        machine.nodes(),
        machine.hops(),
        report.threadSyscalls());
  }

  private Map<String, String> levels() {
    Map<String, String> levels = new LinkedHashMap<>();
    levels.put("core.model", word(params.cpu().core().model()));
    levels.put("caches.model", word(params.cpu().caches().model()));
    levels.put(
        "tlb.model",
        params.cpu().isPageLevel() ? "off" : word(params.cpu().tlb().model()));
    levels.put("processor.dram.model", word(params.cpu().dram().model()));
    levels.put("network.model", word(params.network().model()));
    levels.put("processor.memory", word(params.processor().memory()));
    levels.put("replay.order", word(params.processor().order()));
    if (params.processor().addresses() != AddressLayout.CAPTURED) {
      levels.put("addresses", word(params.processor().addresses()));
    }
    return levels;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
