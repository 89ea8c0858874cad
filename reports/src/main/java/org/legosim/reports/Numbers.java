package org.legosim.reports;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as text that does not depend on the JVM: {@code Double.toString} changed between Java 17
 * and 19, and formatters follow the locale.
 */
public final class Numbers {
  private static final double EXACT_INTEGERS = 0x1p53;
  private static final int MOST_DIGITS = 17;

  private Numbers() {}

  /**
   * The shortest decimal that reads back as the same double: {@code 0.1}, {@code 12}, {@code
   * 1.5E-9}.
   */
  public static String exact(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not a finite number: " + value);
    }
    if (value == Math.rint(value) && Math.abs(value) < EXACT_INTEGERS) {
      return value == 0 && 1 / value < 0 ? "-0.0" : Long.toString((long) value);
    }
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return text(rounded);
      }
    }
    return text(exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)));
  }

  /** Rounded half up to so many places after the point: {@code 12.50}. */
  public static String fixed(double value, int places) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not a finite number: " + value);
    }
    return new BigDecimal(value).setScale(places, RoundingMode.HALF_UP).toPlainString();
  }

  /** Rounded to so many significant digits, without trailing zeros and without an exponent. */
  public static String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not a finite number: " + value);
    }
    if (value == 0) {
      return "0";
    }
    return new BigDecimal(value)
        .round(new MathContext(digits, RoundingMode.HALF_UP))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String text(BigDecimal value) {
    return value.stripTrailingZeros().toString();
  }
}
