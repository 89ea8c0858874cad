package org.legosim.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.reports.store.SweptKey;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** A result set of one point that was never simulated: enough for the commands that read one. */
final class SmallResults {
  private SmallResults() {}

  static void write(Path folder, long pcacheHits) {
    RunIdentity identity = new RunIdentity("c0", "t0", "v0", 7);
    PlannedPoint point = new PlannedPoint("p0", Map.of("pcache.ways", 8L), identity);
    Plan plan = new Plan(
        "small",
        Map.of(),
        List.of(),
        Map.of(),
        List.of(new SweptKey("pcache.ways", Unit.COUNT)),
        List.of(point));
    MetricSnapshot metrics = new MetricSnapshot();
    metrics.put(FixedMetrics.PCACHE_HITS, pcacheHits);
    RunResult result = new RunResult(
        identity, Map.of(), metrics, Map.of(), List.of(), List.of(), List.of(), List.of(),
        Map.of());
    try (ResultSetWriter writer = ResultSetWriter.open(folder, plan, ResultSetWriter.Mode.NEW)) {
      writer.add("p0", result);
      writer.finish(new HostFacts("unknown", Instant.EPOCH, 1));
    }
  }
}
