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
  private long remainder;

  public CycleClock(Frequency frequency) {
    long divisor = gcd(PS_PER_MILLICYCLE, frequency.hertz());
    numerator = PS_PER_MILLICYCLE / divisor;
    denominator = frequency.hertz() / divisor;
    mostMilliCycles = (Long.MAX_VALUE - denominator) / numerator;
  }

  /** Time of that many thousandths of a cycle, at most {@link #mostMilliCycles}. */
  public long milliCycles(long milliCycles) {
    if (milliCycles > mostMilliCycles) {
      throw new ArithmeticException(milliCycles + " millicycles at once overflow the clock");
    }
    long scaled = milliCycles * numerator + remainder;
    long ps = scaled / denominator;
    remainder = scaled - ps * denominator;
    return ps;
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
