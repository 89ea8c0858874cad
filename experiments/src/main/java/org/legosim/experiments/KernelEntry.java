package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** A thread takes faults of memory of its own machine; the way into the kernel or out of it alone, in cycles of the core. */
final class KernelEntry implements Experiment {
  private static final int PAGES = 1000;
  private static final double NS_PER_S = 1e9;

  /** The other half of the way takes nothing, so that what is left of the trap's time is the one asked for. */
  @Override
  public Iterable<String> settings(MeasuredRow row) {
    String path = row.text("path", "");
    String other = switch (path) {
      case "iret" -> "trapEntry";
      case "trap" -> "trapReturn";
      default -> throw new UnknownPointException("path " + path + " is neither trap nor iret");
    };
    return List.of("caches.model=off", "kernel.costs." + other + "=0 ns");
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    PageTouchTrace trace = new PageTouchTrace(1, PAGES, PageTouchTrace.Heap.MAPPED_AT_START);
    RunIdentity identity = new RunIdentity(config.digest(), trace.digest(), "", 0);
    var params = Systems.bind(config);
    RunResult result = new LegoSystem(params, RunOptions.of(identity))
        .load(new Application(trace, 0))
        .run();
    double trapNs = (double) result.metrics().getLong("time_trap_ns")
        / result.metrics().getLong("kernel_nr_pgfault");
    return trapNs * params.cpu().core().frequencyHz().value() / NS_PER_S;
  }
}
