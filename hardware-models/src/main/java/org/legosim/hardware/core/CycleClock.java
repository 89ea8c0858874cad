package org.legosim.hardware.core;

import org.legosim.timing.Frequency;
import org.legosim.timing.engine.HotPath;

/**
 * Turns cycles into picoseconds and carries the fraction: after any number of calls the sum of the
 * results is that of all cycles together, rounded down once.
 */
@HotPath
public final class CycleClock {
  /** Picoseconds per millicycle at one hertz. */
  private static final long PS_PER_MILLICYCLE = 1_000_000_000L;

  private final long numerator;
  private final long denominator;
  private final long mostMilliCycles;
  /** 2^63 over the denominator, rounded up, and the numbers below which it divides exactly. */
  private final long reciprocal;

  private final long exactBelow;
  private long remainder;

  public CycleClock(Frequency frequency) {
    long divisor = gcd(PS_PER_MILLICYCLE, frequency.hertz());
    numerator = PS_PER_MILLICYCLE / divisor;
    denominator = frequency.hertz() / divisor;
    mostMilliCycles = (Long.MAX_VALUE - denominator) / numerator;
    reciprocal = Long.MAX_VALUE / denominator + 1;
    exactBelow = denominator == 1 ? 0 : Long.MAX_VALUE / denominator;
  }

  /** Time of that many thousandths of a cycle, at most {@link #mostMilliCycles}. */
  public long milliCycles(long milliCycles) {
    if (milliCycles > mostMilliCycles) {
      throw new ArithmeticException(milliCycles + " millicycles at once overflow the clock");
    }
    long scaled = milliCycles * numerator + remainder;
    long ps = dividedByDenominator(scaled);
    remainder = scaled - ps * denominator;
    return ps;
  }

  /**
   * A product instead of a division, which takes ten times as long and is needed once per access:
   * ReplayBenchmark with a hierarchy. The reciprocal is too large by less than one, so for {@code n}
   * below 2^63 / denominator the product is too large by less than 1 / denominator: the floor is exact.
   */
  private long dividedByDenominator(long n) {
    return n < exactBelow ? Math.multiplyHigh(n << 1, reciprocal) : n / denominator;
  }

  public long cycles(long cycles) {
    return milliCycles(cycles * 1000);
  }

  /** Most that one call takes: a year's worth at any usual clock rate. */
  public long mostMilliCycles() {
    return mostMilliCycles;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
