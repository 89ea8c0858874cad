package org.legosim.trace.synth;

/** Spreads ranks over pages by a fixed one-to-one mapping, so that popular pages are not neighbours. */
final class Scatter {
  private static final long MULTIPLIER = 611_953;

  private final long pages;
  private final long multiplier;

  Scatter(long pages) {
    this.pages = pages;
    long candidate = MULTIPLIER;
    while (gcd(candidate, pages) != 1) {
      candidate++;
    }
    this.multiplier = candidate;
  }

  /** Page of a rank in [0, pages). The product stays far below 2^63. */
  long page(long rank) {
    return rank * multiplier % pages;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
