package org.legosim.timing.metrics;

import java.util.Arrays;

/**
 * Log-linear counts of latencies in picoseconds: HdrHistogram's buckets for three significant digits
 * and a lowest discernible value of one, in one {@code long[]}; no allocation per recorded value.
 * Values below 2048 ps have a bucket each, above that every power of two has 1024 buckets. Count, sum
 * and extremes are exact.
 */
public final class LatencyCounts {
  private static final int SUB_BUCKET_BITS = 11;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  private static final int HALF_BITS = SUB_BUCKET_BITS - 1;
  private static final int HALF = 1 << HALF_BITS;

  private long[] counts = new long[SUB_BUCKETS];
  private long count;
  private long sumPs;
  private long minPs = Long.MAX_VALUE;
  private long maxPs;

  /** Records one latency, non-negative. */
  public void record(long valuePs) {
    record(valuePs, 1);
  }

  public void record(long valuePs, long times) {
    int index = indexOf(valuePs);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, (index / HALF + 1) * HALF);
    }
    counts[index] += times;
    count += times;
    sumPs += valuePs * times;
    minPs = Math.min(minPs, valuePs);
    maxPs = Math.max(maxPs, valuePs);
  }

  public long count() {
    return count;
  }

  public long sumPs() {
    return sumPs;
  }

  public long minPs() {
    return count == 0 ? 0 : minPs;
  }

  public long maxPs() {
    return maxPs;
  }

  /** Mean rounded down to a picosecond; 0 when nothing was recorded. */
  public long meanPs() {
    return count == 0 ? 0 : sumPs / count;
  }

  /**
   * Highest value equivalent to the one at {@code perMille} thousandths of the recorded values, never
   * above the exact maximum; 0 when nothing was recorded.
   */
  public long quantilePs(int perMille) {
    if (count == 0) {
      return 0;
    }
    long rank = Math.max(1, (count / 1000) * perMille + ((count % 1000) * perMille + 999) / 1000);
    long seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= rank) {
        return Math.min(highestOf(index), maxPs);
      }
    }
    return maxPs;
  }

  /** Adds another's counts to these. */
  public void add(LatencyCounts other) {
    if (other.counts.length > counts.length) {
      counts = Arrays.copyOf(counts, other.counts.length);
    }
    for (int index = 0; index < other.counts.length; index++) {
      counts[index] += other.counts[index];
    }
    count += other.count;
    sumPs += other.sumPs;
    minPs = Math.min(minPs, other.minPs);
    maxPs = Math.max(maxPs, other.maxPs);
  }

  /** Receives the buckets that hold a value, lowest first. */
  @FunctionalInterface
  public interface BucketVisitor {
    void bucket(long lowestPs, long highestPs, long count);
  }

  public void forEachBucket(BucketVisitor visitor) {
    for (int index = 0; index < counts.length; index++) {
      if (counts[index] != 0) {
        visitor.bucket(lowestOf(index), highestOf(index), counts[index]);
      }
    }
  }

  private static int indexOf(long value) {
    int exponent = Math.max(0, 64 - SUB_BUCKET_BITS - Long.numberOfLeadingZeros(value));
    int sub = (int) (value >>> exponent);
    return (exponent << HALF_BITS) + sub;
  }

  private static long lowestOf(int index) {
    int exponent = Math.max(0, (index >> HALF_BITS) - 1);
    long sub = index - ((long) exponent << HALF_BITS);
    return sub << exponent;
  }

  private static long highestOf(int index) {
    int exponent = Math.max(0, (index >> HALF_BITS) - 1);
    return lowestOf(index) + (1L << exponent) - 1;
  }
}
