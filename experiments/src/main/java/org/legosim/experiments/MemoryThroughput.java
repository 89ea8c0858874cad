package org.legosim.experiments;

import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/**
 * Threads that touch never-touched pages in sequence, each in its own region; summed rate.
 *
 * <p>With several memory nodes each region is a mapping in a range of 1 GiB of its own, and the ranges
 * go to the nodes in turn: the rows measure what the nodes do together. The kernel's default placement
 * would give the first four regions to one node, since no node had reported any load yet.
 */
final class MemoryThroughput implements Experiment {
  private static final int PAGES = 20_000;
  private static final double NS_PER_MS = 1e6;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    List<String> settings = new ArrayList<>();
    settings.add("caches.model=off");
    settings.add("pcache.size=32 GiB");
    String path = row.text("path", "");
    if (path.equals("linux-local")) {
      settings.add("processor.memory=local");
      settings.add("processor.pinnedCpus=0");
    } else {
      settings.add("pcache.zeroFill=" + (path.equals("zero-fill") ? "on" : "off"));
      settings.add("memory.nodes=" + row.number("memory_nodes", 1));
      settings.add("memory.workers=" + row.number("workers", 1));
      if (isSpread(row)) {
        settings.add("memory.placement=round-robin");
        settings.add("memory.placementInterval=1");
      }
    }
    return settings;
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    int threads = (int) row.number("threads", 1);
    PageTouchTrace trace = new PageTouchTrace(threads, PAGES, heap(row));
    RunIdentity identity = new RunIdentity(config.digest(), trace.digest(), "", 0);
    RunResult result = new LegoSystem(Systems.bind(config), RunOptions.of(identity))
        .load(new Application(trace, 0))
        .run();
    // what the threads did between their set-up and their exit: faults, and the loop around them
    MetricSnapshot metrics = result.metrics();
    double touchNs =
        metrics.getDouble("fault_latency_mean_ns") * metrics.getLong("kernel_nr_pgfault")
            + metrics.getLong("time_compute_ns");
    double perThreadNs = touchNs / threads;
    return (double) threads * PAGES / (perThreadNs / NS_PER_MS);
  }

  private static boolean isSpread(MeasuredRow row) {
    return row.number("memory_nodes", 1) > 1;
  }

  private static PageTouchTrace.Heap heap(MeasuredRow row) {
    if (isSpread(row)) {
      return PageTouchTrace.Heap.MAPPED_APART;
    }
    return row.text("path", "").equals("zero-fill")
        ? PageTouchTrace.Heap.MAPPED_BY_CALL
        : PageTouchTrace.Heap.MAPPED_AT_START;
  }
}
