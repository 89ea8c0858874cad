package org.legosim.timing;

/**
 * An exact clock rate. Edge {@code n} is computed from the rate and rounded once, so no rounded
 * period accumulates: after 10^12 cycles of 2.4 GHz the error is below one picosecond.
 *
 * @param hertz cycles per second, positive
 */
public record Frequency(long hertz) {
  public Frequency {
    if (hertz <= 0) {
      throw new IllegalArgumentException("a frequency must be positive: " + hertz + " Hz");
    }
  }

  /** Time of the n-th rising edge, in picoseconds, rounded down. */
  public long edgePs(long cycle) {
    return Units.mulDivFloor(cycle, Units.PS_PER_SECOND, hertz);
  }

  /** Duration of {@code cycles} cycles, rounded up to a picosecond: for constants, not clocks. */
  public long durationPs(long cycles) {
    return Units.mulDivCeil(cycles, Units.PS_PER_SECOND, hertz);
  }

  /** Number of the last edge at or before {@code timePs}. */
  public long cycleAt(long timePs) {
    long cycle = Units.mulDivFloor(timePs, hertz, Units.PS_PER_SECOND);
    return edgePs(cycle + 1) <= timePs ? cycle + 1 : cycle;
  }
}
