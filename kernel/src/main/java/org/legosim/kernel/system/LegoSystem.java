package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.kernel.processor.ProcessorParams.AddressLayout;
import org.legosim.kernel.processor.ProcessorParams.MemoryPlacement;
import org.legosim.kernel.processor.ProcessorReport;
import org.legosim.kernel.processor.TracingParams;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.MetricCatalog;
import org.legosim.timing.results.RunResult;

/**
 * One simulated machine, built for one run: a processor node, and behind it either memory nodes or
 * its own memory.
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
  private final Backing backing;
  private final ProcessorNode processor;
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
    this.backing = params.processor().memory() == MemoryPlacement.LOCAL
        ? new LocalBacking(simulation, params)
        : new RemoteBacking(simulation, params, options, sampler, series);
    this.processor = new ProcessorNode(
        simulation, "P0", params.processor(), params.processorCosts(), params.cpu(), backing);
    backing.startThreads(processor);
    this.processor.watchRecords(options.progress()::performed);
  }

  /** Adds an application; applications are spread over the memory nodes in turn. */
  public LegoSystem load(Application application) {
    int home = backing.homeNode(loaded++ % backing.homeNodes());
    processor.load(application.trace(), home, backing.startPs() + application.startPs());
    return this;
  }

  /**
   * Replays the loaded applications to their end.
   *
   * @throws InvariantViolation when the simulated kernel deadlocks or breaks an invariant
   */
  public RunResult run() {
    backing.verifyBooted();
    simulation.run();
    if (processor.livingTasks() > 0) {
      throw new InvariantViolation(
          simulation.dump(processor.livingTasks() + " threads can never go on: deadlock")
              + processor.describeTasks());
    }
    simulation.verifyQuiescent();
    backing.verify();
    processor.verify();
    return result();
  }

  /** What stands behind user memory; for tests. */
  Backing backing() {
    return backing;
  }

  /** Events delivered so far; for benchmarks. */
  public long eventCount() {
    return simulation.eventCount();
  }

  private RunResult result() {
    ProcessorReport report = processor.report();
    MetricSnapshot snapshot = new MetricSnapshot();
    long endPs = report.endPs();
    snapshot
        .put(FixedMetrics.SIMULATED_TIME_NS, endPs / 1000)
        .put(FixedMetrics.INSTRUCTIONS, report.instructions())
        .put(FixedMetrics.ACCESSES, report.accesses())
        .putPerSecond(FixedMetrics.THROUGHPUT_ACCESSES_PER_S, report.accesses(), endPs);
    backing.putMetrics(snapshot, report.lookups(), endPs);
    report.put(snapshot);
    MetricCatalog.putThreadTimes(
        snapshot, report.timesPs().stream().mapToLong(Long::longValue).toArray());
    long threadPs = report.threadPs();
    snapshot.putRatio(FixedMetrics.ASSUMED_TIME_SHARE, simulation.ledger().assumedPs(), threadPs);
    List<String> approximations = new ArrayList<>(processor.approximations());
    approximations.addAll(backing.approximations());
    return new RunResult(
        options.identity(),
        levels(),
        snapshot,
        backing.latencies(),
        report.syscalls(),
        sampler.samples(),
        series.rows(),
        approximations,
        report.firstDisagreements(),
        simulation.ledger().assumed(),
        simulation.profile().rows());
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
