package org.legosim.reports.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** A few points with hardly any rows: what a test of files and crashes needs. */
final class SmallSweep {
  private SmallSweep() {}

  static Plan plan(int count, String version) {
    List<PlannedPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(new PlannedPoint("p" + i, Map.of("pcache.ways", (long) i), identity(i, version)));
    }
    return new Plan(
        "small",
        Map.of(),
        List.of(),
        Map.of(),
        List.of(new SweptKey("pcache.ways", Unit.COUNT)),
        points);
  }

  static RunResult result(int point, String version) {
    MetricSnapshot metrics = new MetricSnapshot();
    metrics.put(FixedMetrics.PCACHE_HITS, 1000L * point);
    return new RunResult(
        identity(point, version),
        Map.of(),
        metrics,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  private static RunIdentity identity(int point, String version) {
    return new RunIdentity("c" + point, "t", version, 7);
  }
}
