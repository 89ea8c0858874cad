package org.legosim.kernel.processor;

import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;

/**
 * One CPU's instructions on exact time: a constant number of cycles per instruction at a clock rate,
 * with the remainder carried, so no rounding accumulates.
 */
@HotPath
final class CycleClock {
  private final long psNumerator;
  private final long psDenominator;
  private long remainder;

  /**
   * @param hertz clock rate
   * @param milliCyclesPerInstruction thousandths of a cycle per instruction, positive
   */
  CycleClock(long hertz, long milliCyclesPerInstruction) {
    long numerator = Math.multiplyExact(Units.PS_PER_SECOND / 1000, milliCyclesPerInstruction);
    long divisor = gcd(numerator, hertz);
    this.psNumerator = numerator / divisor;
    this.psDenominator = hertz / divisor;
  }

  /** When {@code instructions} that begin at {@code startPs} are done. */
  long execute(long startPs, long instructions) {
    long scaled = instructions * psNumerator + remainder;
    long ps = scaled / psDenominator;
    remainder = scaled - ps * psDenominator;
    return startPs + ps;
  }

  /** Instructions after which the clock has reached {@code horizonPs}, rounded up. */
  long instructionsUntil(long startPs, long horizonPs) {
    long windowPs = horizonPs - startPs;
    if (windowPs <= 0) {
      return 0;
    }
    // beyond a simulated second the exact number does not matter: a batch is shorter
    return windowPs >= Units.PS_PER_SECOND
        ? Long.MAX_VALUE
        : Units.mulDivCeil(windowPs, psDenominator, psNumerator);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
