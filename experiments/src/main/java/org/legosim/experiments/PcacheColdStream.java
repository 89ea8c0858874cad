package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** A sequential write touch larger than the pcache; counts of faults and flushes. */
final class PcacheColdStream implements Experiment {
  private static final long PAGES_PER_MIB = 256;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of(
        "caches.model=off",
        "pcache.size=" + row.number("pcache_mib", 2048) + " MiB",
        "pcache.ways=" + row.number("ways", 8));
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    int pages = Math.toIntExact(row.number("touched_mib", 0) * PAGES_PER_MIB);
    PageTouchTrace trace = new PageTouchTrace(1, pages, PageTouchTrace.Heap.MAPPED_AT_START);
    RunIdentity identity = new RunIdentity(config.digest(), trace.digest(), "", 0);
    RunResult result = new LegoSystem(Systems.bind(config), RunOptions.of(identity))
        .load(new Application(trace, 0))
        .run();
    return switch (row.metric()) {
      case "faults" -> result.metrics().getLong("kernel_nr_pgfault");
      case "flushes" -> result.metrics().getLong("pcache_flushes");
      default -> throw new UnknownPointException("no metric is named " + row.metric());
    };
  }
}
