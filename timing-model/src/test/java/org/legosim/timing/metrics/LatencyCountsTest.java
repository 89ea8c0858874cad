package org.legosim.timing.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.junit.jupiter.api.Test;

/** Against HdrHistogram, whose buckets these are. */
class LatencyCountsTest {
  private static final long HIGHEST = 1L << 60;

  @Test
  void bucketsAndQuantiles_equalHdrHistogramWithThreeDigits() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      LatencyCounts counts = new LatencyCounts();
      Histogram oracle = new Histogram(1, HIGHEST, 3);
      for (int i = 0; i < 3000; i++) {
        long value = random.nextLong(1L << (1 + random.nextInt(45)));
        counts.record(value);
        oracle.recordValue(value);
      }
      StringBuilder ours = new StringBuilder();
      counts.forEachBucket(
          (low, high, count) -> ours.append(high).append(':').append(count).append(' '));
      StringBuilder theirs = new StringBuilder();
      for (HistogramIterationValue value : oracle.recordedValues()) {
        theirs
            .append(oracle.highestEquivalentValue(value.getValueIteratedTo()))
            .append(':')
            .append(value.getCountAtValueIteratedTo())
            .append(' ');
      }
      assertEquals(theirs.toString(), ours.toString(), "seed " + seed);
      for (int perMille : new int[] {1, 500, 900, 990, 999, 1000}) {
        long expected = Math.min(oracle.getValueAtPercentile(perMille / 10.0), counts.maxPs());
        assertEquals(expected, counts.quantilePs(perMille), "seed " + seed + ", " + perMille);
      }
      assertEquals(oracle.getTotalCount(), counts.count());
    }
  }

  @Test
  void sums_areExactAndAddUp() {
    LatencyCounts one = new LatencyCounts();
    one.record(5_000_000_123L);
    LatencyCounts two = new LatencyCounts();
    two.record(7, 3);
    one.add(two);
    assertEquals(4, one.count());
    assertEquals(5_000_000_144L, one.sumPs());
    assertEquals(7, one.minPs());
    assertEquals(5_000_000_123L, one.maxPs());
    assertEquals(0, new LatencyCounts().quantilePs(500));
  }
}
