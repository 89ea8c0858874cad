package org.legosim.experiments;

import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.processor.ShootdownPath;
import org.legosim.kernel.processor.ShootdownProfile;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.engine.Simulation;

/** CPU 0 asks others to flush: the highest-numbered ones for everything, CPU 1 for a page count. */
final class TlbShootdown implements Experiment {
  private static final String ALL = "all";
  private static final double PS_PER_NS = 1000;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    SystemParams params = Systems.bind(config);
    int remote = (int) row.number("remote_cpus", 1);
    boolean flushesAll = row.text("pages", ALL).equals(ALL);
    int cpus = params.processor().cpus();
    if (remote < 1 || remote >= cpus) {
      throw new UnknownPointException(
          "CPU 0 has 1 to " + (cpus - 1) + " others, the row wants " + remote);
    }
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < remote; i++) {
      targets.add(flushesAll ? cpus - remote + i : 1 + i);
    }
    long pages = flushesAll ? ShootdownPath.ALL_PAGES : row.number("pages", 1);
    return ShootdownProfile.latencyPs(
            new Simulation(0),
            params.processor(),
            params.processorCosts(),
            params.cpu(),
            targets,
            pages)
        / PS_PER_NS;
  }
}
