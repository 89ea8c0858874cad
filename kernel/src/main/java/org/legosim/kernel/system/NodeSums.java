package org.legosim.kernel.system;

import java.util.List;
import org.legosim.timing.metrics.MetricSnapshot;

/** Counters of several nodes as one. */
final class NodeSums {
  private NodeSums() {}

  /** Puts the sums of what each part has, in the order of the first one; all of it is counts. */
  static void put(MetricSnapshot snapshot, List<MetricSnapshot> parts) {
    for (MetricSnapshot.Entry entry : parts.get(0).entries()) {
      long sum = 0;
      for (MetricSnapshot part : parts) {
        sum += part.getLong(entry.metric().name());
      }
      snapshot.put(entry.metric(), sum);
    }
  }
}
