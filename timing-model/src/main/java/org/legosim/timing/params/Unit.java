package org.legosim.timing.params;

/** Canonical units: what a parameter or metric is stored in. */
public enum Unit {
  /** Picoseconds. */
  PS("ps"),
  /** Nanoseconds: metrics only. */
  NS("ns"),
  BYTES("bytes"),
  HERTZ("Hz"),
  BITS_PER_SECOND("bit/s"),
  /** Picoseconds per kibibyte: a copy's or a fill's cost. */
  PS_PER_KIB("ps/KiB"),
  CYCLES("cycles"),
  /** Thousandths of a clock cycle, for averages; written {@code 0.5 cycles} in a configuration. */
  MILLICYCLES("millicycles"),
  COUNT("count"),
  RATIO("ratio"),
  PER_SECOND("1/s"),
  PERCENT("%"),
  TEXT("text"),
  FLAG("flag");

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }
}
