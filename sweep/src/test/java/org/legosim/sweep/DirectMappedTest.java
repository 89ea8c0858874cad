package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** Threads that share sets of one line take it from each other, and still get on. */
class DirectMappedTest {
  private static final Path TRACE =
      Machines.projectRoot().orElseThrow().resolve("configs/traces/wordcount.ltrace");

  @ParameterizedTest
  @ValueSource(strings = {"write-protect", "per-set-list", "victim-cache"})
  void oneWay_runsToItsEnd(String mechanism) {
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load(
            "legoos-osdi18",
            List.of(
                "caches.model=off",
                "pcache.ways=1",
                "pcache.size=4 MiB",
                "pcache.victimEntries=32",
                "pcache.eviction=" + mechanism));
    try (TraceImage trace = Traces.open(TRACE)) {
      MetricSnapshot metrics = PointSimulator.run(
              config,
              List.of(new Application(trace, 0)),
              1,
              EventLog.NONE,
              RunOptions.Progress.NONE)
          .metrics();
      assertEquals(2_108_834, metrics.getLong("accesses"));
      long fills = metrics.getLong("pcache_fill_remote")
          + metrics.getLong("pcache_fill_victim")
          + metrics.getLong("pcache_fill_zero")
          + metrics.getLong("pcache_fault_lost_race")
          + metrics.getLong("pcache_fault_cow");
      assertEquals(metrics.getLong("pcache_misses"), fills);
      assertTrue(fills > trace.footprintPages(), "no conflicts: " + fills);
    }
  }
}
