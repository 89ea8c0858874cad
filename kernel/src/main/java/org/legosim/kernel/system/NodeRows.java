package org.legosim.kernel.system;

import java.util.List;
import org.legosim.kernel.fit.FitCounters;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.memory.MemoryCounters;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.pcache.Pcache;
import org.legosim.kernel.processor.ProcessorReport;
import org.legosim.timing.results.NodeRow;

/** What is told of each node of a machine with several. */
final class NodeRows {
  private NodeRows() {}

  static void addProcessor(List<NodeRow> rows, FitNode fit, ProcessorReport report, Pcache pcache) {
    FitCounters counters = fit.counters();
    String name = fit.name();
    rows.add(new NodeRow(name, "end_ns", report.endPs() / 1000));
    rows.add(new NodeRow(name, "accesses", report.accesses()));
    rows.add(new NodeRow(name, "pcache_misses", pcache.misses()));
    rows.add(new NodeRow(name, "calls", counters.sendReplies()));
    rows.add(new NodeRow(name, "mean_call_ns", counters.latency().meanPs() / 1000));
    rows.add(new NodeRow(name, "timeouts", counters.timeouts()));
    rows.add(new NodeRow(name, "leaked_slots", fit.leakedSlots()));
  }

  static void addMemory(List<NodeRow> rows, MemoryNode node) {
    MemoryCounters counters = node.counters();
    String name = node.name();
    rows.add(new NodeRow(name, "misses", counters.misses()));
    rows.add(new NodeRow(name, "flushes", counters.flushes()));
    rows.add(new NodeRow(name, "pages", node.pagesInUse()));
    rows.add(new NodeRow(name, "workers_busy_ns", node.workersBusyPs() / 1000));
  }
}
