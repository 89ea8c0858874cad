package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.Units;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.results.SeriesRow;

/**
 * Misses over simulated time in a bounded number of equal intervals. When the run outgrows them,
 * neighbours are merged and the interval doubles, so the result does not depend on how long the run
 * was expected to be.
 */
final class SeriesRecorder {
  static final int INTERVALS = 256;

  private static final List<String> METRICS = List.of(
      FixedMetrics.PCACHE_MISSES.name(),
      FixedMetrics.PCACHE_FILL_REMOTE.name(),
      FixedMetrics.PCACHE_FILL_VICTIM.name(),
      FixedMetrics.PCACHE_FILL_ZERO.name());

  static final int REMOTE = 1;
  static final int VICTIM = 2;
  static final int ZERO = 3;

  private final long[][] counts = new long[METRICS.size()][INTERVALS];
  private long intervalPs = Units.PS_PER_US;
  private int last = -1;

  /** Counts a miss that ended at {@code timePs}; {@code fill} is 0 when no page was filled. */
  void miss(long timePs, int fill) {
    while (timePs / intervalPs >= INTERVALS) {
      merge();
    }
    int interval = (int) (timePs / intervalPs);
    last = Math.max(last, interval);
    counts[0][interval]++;
    if (fill != 0) {
      counts[fill][interval]++;
    }
  }

  private void merge() {
    for (long[] row : counts) {
      for (int i = 0; i < INTERVALS / 2; i++) {
        row[i] = row[2 * i] + row[2 * i + 1];
      }
      Arrays.fill(row, INTERVALS / 2, INTERVALS, 0);
    }
    last /= 2;
    intervalPs *= 2;
  }

  List<SeriesRow> rows() {
    List<SeriesRow> rows = new ArrayList<>();
    for (int interval = 0; interval <= last; interval++) {
      for (int metric = 0; metric < counts.length; metric++) {
        rows.add(new SeriesRow(
            (interval + 1) * intervalPs, METRICS.get(metric), counts[metric][interval]));
      }
    }
    return rows;
  }
}
