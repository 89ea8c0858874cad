package org.legosim.reports.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.reports.store.SweptKey;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

class SeedSpreadTest {
  @TempDir
  Path folder;

  /** Misses of seeds 1, 2 and on, for 8 ways; with 64 ways each has one more. */
  private String report(long... misses) {
    List<PlannedPoint> points = new ArrayList<>();
    Map<String, RunResult> results = new LinkedHashMap<>();
    for (long ways : new long[] {8, 64}) {
      for (int seed = 1; seed <= misses.length; seed++) {
        RunIdentity identity = new RunIdentity("c" + ways, "t", "0.1.0", seed);
        String id = "p" + points.size();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("pcache.ways", ways);
        points.add(new PlannedPoint(id, keys, identity));
        results.put(id, result(identity, misses[seed - 1] + ways / 64));
      }
    }
    Plan plan = new Plan(
        "legoos-osdi18",
        Map.of(),
        List.of(new Plan.NamedTrace("a.ltrace", "t")),
        Map.of(),
        List.of(new SweptKey("pcache.ways", Unit.COUNT)),
        points);
    Path set = folder.resolve("set" + misses.length);
    try (ResultSetWriter writer = ResultSetWriter.open(set, plan, ResultSetWriter.Mode.NEW)) {
      results.forEach(writer::add);
      writer.finish(new HostFacts("made-up", Instant.EPOCH, 1));
    }
    return HtmlReport.render(ResultSet.open(set));
  }

  private static RunResult result(RunIdentity identity, long misses) {
    MetricSnapshot metrics = new MetricSnapshot();
    metrics.put(FixedMetrics.SIMULATED_TIME_NS, 1_000L);
    metrics.put(FixedMetrics.PCACHE_MISSES, misses);
    metrics.put(FixedMetrics.PCACHE_HITS, 1_000 - misses);
    return new RunResult(
        identity, Map.of(), metrics, Map.of(), List.of(), List.of(), List.of(), List.of(),
        Map.of());
  }

  private static String section(String html) {
    String text = html.substring(html.indexOf("Least, median and greatest"));
    return text.substring(0, text.indexOf("</table>")).replaceAll("<[^>]*>", " ");
  }

  @Test
  void eachGroupOfSeeds_hasItsLeastMedianAndGreatestValue() {
    String text = section(report(70, 10, 30));
    assertTrue(text.matches("(?s).*pcache.ways = 8 +3 .* 10 +30 +70 .*"), text);
    assertTrue(text.matches("(?s).*pcache.ways = 64 +3 .* 11 +31 +71 .*"), text);
  }

  @Test
  void oneSeed_hasNoSpread() {
    assertFalse(report(70).contains("Least, median and greatest"));
  }

  @Test
  void medianOfAnEvenNumber_isTheMiddleOfTheMiddleTwo() {
    assertEquals(2.5, SeedSpreadSection.median(new double[] {1, 2, 3, 9}));
    assertEquals(2, SeedSpreadSection.median(new double[] {1, 2, 9}));
  }
}
