package org.legosim.timing.results;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.KernelCounters;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;

/** Every metric with a fixed name, in the order of the result files. */
public final class MetricCatalog {
  private static final long PS_PER_NS = 1000;

  private MetricCatalog() {}

  public static List<Metric> all() {
    List<Metric> metrics = new ArrayList<>(FixedMetrics.ALL);
    for (TimeCategory category : TimeCategory.values()) {
      metrics.add(category.metric());
    }
    metrics.addAll(KernelCounters.ALL);
    return List.copyOf(metrics);
  }

  /**
   * Puts {@code thread_time_ns} and every {@code time_*_ns}. Running sums are rounded, not the parts,
   * so each part is within a nanosecond of its exact value and the parts add up exactly.
   *
   * @param partsPs one entry per {@link TimeCategory} in its order
   */
  public static void putThreadTimes(MetricSnapshot snapshot, long[] partsPs) {
    TimeCategory[] categories = TimeCategory.values();
    if (partsPs.length != categories.length) {
      throw new IllegalArgumentException(
          partsPs.length + " parts for " + categories.length + " time categories");
    }
    long totalPs = 0;
    for (long partPs : partsPs) {
      totalPs = Math.addExact(totalPs, partPs);
    }
    snapshot.put(FixedMetrics.THREAD_TIME_NS, totalPs / PS_PER_NS);
    long sumPs = 0;
    for (int i = 0; i < partsPs.length; i++) {
      long beforeNs = sumPs / PS_PER_NS;
      sumPs += partsPs[i];
      snapshot.put(categories[i].metric(), sumPs / PS_PER_NS - beforeNs);
    }
  }
}
