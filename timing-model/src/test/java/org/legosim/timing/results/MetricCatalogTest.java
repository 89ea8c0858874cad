package org.legosim.timing.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;

class MetricCatalogTest {
  @Test
  void everyNameIsSnakeCase_definedInOneSentence_andUnique() {
    Set<String> names = new TreeSet<>();
    for (Metric metric : MetricCatalog.all()) {
      assertTrue(metric.name().matches("[a-z][a-z0-9_]*"), metric.name());
      assertTrue(metric.definition().endsWith("."), metric.name());
      assertTrue(names.add(metric.name()), metric.name() + " twice");
    }
    // 56 of FixedMetrics, 22 time categories, 49 kernel counters.
    assertEquals(131, names.size());
  }

  @Test
  void timeParts_addUpExactly_thoughEachIsRounded() {
    long[] partsPs = new long[TimeCategory.values().length];
    for (int i = 0; i < partsPs.length; i++) {
      partsPs[i] = 1_600; // 22 x 1.6 ns = 35.2 ns: each part rounded alone would give 22 or 44
    }
    MetricSnapshot snapshot = new MetricSnapshot();
    MetricCatalog.putThreadTimes(snapshot, partsPs);
    long sumNs = 0;
    for (TimeCategory category : TimeCategory.values()) {
      long partNs = snapshot.getLong(category.metricName());
      assertTrue(partNs == 1 || partNs == 2, category + " " + partNs);
      sumNs += partNs;
    }
    assertEquals(35, sumNs);
    assertEquals(35, snapshot.getLong("thread_time_ns"));
  }

  @Test
  void latencyStatistics_keepThePicosecond() {
    LatencyCounts counts = new LatencyCounts();
    counts.record(1_001);
    counts.record(1_004);
    MetricSnapshot snapshot = new MetricSnapshot();
    FixedMetrics.putFaultLatency(snapshot, counts);
    assertEquals(1.002, snapshot.getDouble("fault_latency_mean_ns")); // 2005 / 2, rounded down
    assertEquals(1.001, snapshot.getDouble("fault_latency_p50_ns"));
    assertEquals(1.004, snapshot.getDouble("fault_latency_max_ns"));
    assertEquals(6, snapshot.entries().size());
  }
}
