package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.ThreadSyscalls;
import org.legosim.timing.results.TimeCategory;

/**
 * What a processor node counted in a run.
 *
 * @param endPs end of the last thread
 * @param lookups page-level look-ups, the kernel's included
 * @param timesPs all threads' time per {@link TimeCategory} in its order
 */
public record ProcessorReport(
    long endPs,
    long instructions,
    long accesses,
    long lookups,
    List<Long> timesPs,
    long l1dMisses,
    long l2Misses,
    long llcMisses,
    long dtlbMisses,
    long shootdowns,
    long contextSwitches,
    long involuntarySwitches,
    long migrations,
    long ticks,
    long futexWaits,
    long signals,
    long staleAccesses,
    long machineStops,
    long queuedWorks,
    long syscallCount,
    long disagreements,
    List<Disagreement> firstDisagreements,
    List<SyscallRow> syscalls,
    List<ThreadSyscalls> threadSyscalls) {

  /** Disagreements that are kept of all nodes together. */
  private static final int DISAGREEMENTS_KEPT = 100;

  /** What several nodes counted together: sums, and the end of the last thread of all. */
  public static ProcessorReport of(List<ProcessorNode> nodes) {
    long endPs = 0;
    long instructions = 0;
    long accesses = 0;
    long lookups = 0;
    long[] times = new long[TimeCategory.values().length];
    long contextSwitches = 0;
    long involuntarySwitches = 0;
    long ticks = 0;
    long l1d = 0;
    long l2 = 0;
    long llc = 0;
    long dtlb = 0;
    long shootdowns = 0;
    long migrations = 0;
    long futexWaits = 0;
    long signals = 0;
    long stale = 0;
    long stops = 0;
    long works = 0;
    long disagreements = 0;
    List<Disagreement> first = new ArrayList<>();
    List<ThreadSyscalls> threads = new ArrayList<>();
    SyscallTable syscalls = new SyscallTable();
    for (ProcessorNode node : nodes) {
      endPs = Math.max(endPs, node.endPs());
      for (Task task : node.tasks()) {
        instructions += task.instructions;
        accesses += task.accesses;
        lookups += task.lookups + task.kernelLookups;
        for (TimeCategory category : TimeCategory.values()) {
          times[category.ordinal()] += task.clock.ps(category);
        }
        List<SyscallRow> rows = task.kernel.syscalls.rows();
        if (!rows.isEmpty()) {
          threads.add(new ThreadSyscalls(task.process.image().pid(), task.tid, rows));
        }
      }
      for (Cpu cpu : node.cpus()) {
        contextSwitches += cpu.contextSwitches();
        involuntarySwitches += cpu.scheduler().involuntarySwitches();
        ticks += cpu.ticks().count();
        l1d += cpu.user().l1dMisses();
        l2 += cpu.user().l2Misses();
        dtlb += cpu.user().dtlbMisses();
      }
      llc += node.llcMisses();
      shootdowns += node.shootdownCount();
      migrations += node.scheduling().affinity().migrations();
      futexWaits += node.futexWaits();
      signals += node.signals().delivered();
      stale += node.audit().staleAccesses();
      stops += node.scheduling().stopMachine().done();
      works += node.scheduling().queuedWorks();
      disagreements += node.kernel().disagreements().count();
      first.addAll(node.kernel().disagreements().first());
      syscalls.add(node.syscalls());
    }
    return new ProcessorReport(
        endPs,
        instructions,
        accesses,
        lookups,
        java.util.Arrays.stream(times).boxed().toList(),
        l1d,
        l2,
        llc,
        dtlb,
        shootdowns,
        contextSwitches,
        involuntarySwitches,
        migrations,
        ticks,
        futexWaits,
        signals,
        stale,
        stops,
        works,
        syscalls.total(),
        disagreements,
        List.copyOf(first.subList(0, Math.min(first.size(), DISAGREEMENTS_KEPT))),
        syscalls.rows(),
        threads);
  }

  /** All threads' time. */
  public long threadPs() {
    long sum = 0;
    for (long ps : timesPs) {
      sum += ps;
    }
    return sum;
  }

  /** Puts the node's own counters. */
  public void put(MetricSnapshot snapshot) {
    snapshot
        .put(FixedMetrics.TLB_SHOOTDOWNS, shootdowns)
        .put(FixedMetrics.CONTEXT_SWITCHES, contextSwitches)
        .put(FixedMetrics.INVOLUNTARY_SWITCHES, involuntarySwitches)
        .put(FixedMetrics.MIGRATIONS, migrations)
        .put(FixedMetrics.TICKS, ticks)
        .put(FixedMetrics.FUTEX_WAITS, futexWaits)
        .put(FixedMetrics.SIGNALS_DELIVERED, signals)
        .put(FixedMetrics.STALE_TLB_ACCESSES, staleAccesses)
        .put(FixedMetrics.MACHINE_STOPS, machineStops)
        .put(FixedMetrics.QUEUED_WORKS, queuedWorks)
        .put(FixedMetrics.SYSCALLS, syscallCount)
        .put(FixedMetrics.REPLAY_DISAGREEMENTS, disagreements)
        .put(FixedMetrics.L1D_MISSES, l1dMisses)
        .put(FixedMetrics.L2_MISSES, l2Misses)
        .put(FixedMetrics.LLC_MISSES, llcMisses)
        .put(FixedMetrics.DTLB_MISSES, dtlbMisses);
  }
}
