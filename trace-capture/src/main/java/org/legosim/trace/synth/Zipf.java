package org.legosim.trace.synth;

/**
 * Ranks by Zipf's law through the inverse of the distribution: rank r, from 0, has a weight of 1 / (r + 1)^skew; the sums are
 * taken from left to right in IEEE doubles, so that a rank depends on nothing but the random number.
 */
final class Zipf {
  private final double[] sums;

  Zipf(int ranks, double skew) {
    sums = new double[ranks];
    double sum = 0;
    for (int i = 0; i < ranks; i++) {
      // A skew of one is the usual one, and its weights are exact quotients.
      sum += 1.0 / (skew == 1 ? i + 1 : StrictMath.pow(i + 1, skew));
      sums[i] = sum;
    }
  }

  /** Sum of all weights. */
  double total() {
    return sums[sums.length - 1];
  }

  /** The smallest rank whose sum of weights is above a random share of the total. */
  int rank(SplitMix64 random) {
    double wanted = random.unit() * total();
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
