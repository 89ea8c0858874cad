package org.legosim.reports;

import java.util.Locale;
import org.legosim.timing.params.Unit;

/** Values for people: {@code 512 MiB}, {@code 4.31 us}, {@code 98.7 %}, {@code 1,234,567}. */
public final class Quantity {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
  private static final String[] TIMES = {"ps", "ns", "us", "ms", "s"};
  private static final int DIGITS = 4;

  private Quantity() {}

  /** Four significant digits and a unit that suits the size; counts in full. */
  public static String text(double value, Unit unit) {
    return switch (unit) {
      case PS -> time(value, 0);
      case NS -> time(value, 1);
      case BYTES -> scaled(value, 1024, BINARY);
      case HERTZ -> decimal(value, "Hz");
      case BITS_PER_SECOND -> decimal(value, "bit/s");
      case PER_SECOND -> decimal(value, "/s");
      case COUNT, CYCLES -> grouped(value);
      case PERCENT -> Numbers.significant(value, DIGITS) + " %";
      case RATIO, FLAG, TEXT -> Numbers.significant(value, DIGITS);
      default -> Numbers.significant(value, DIGITS) + " " + unit.symbol();
    };
  }

  /** A share between 0 and 1 as a percentage with one decimal. */
  public static String percent(double share) {
    return Numbers.fixed(share * 100, 1) + " %";
  }

  private static String grouped(double value) {
    return value == Math.rint(value) && Math.abs(value) < 0x1p53
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : Numbers.significant(value, DIGITS);
  }

  private static String time(double value, int step) {
    double scaled = value;
    int unit = step;
    while (Math.abs(scaled) >= 1000 && unit < TIMES.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return Numbers.significant(scaled, DIGITS) + " " + TIMES[unit];
  }

  private static String scaled(double value, double step, String[] units) {
    double scaled = value;
    int unit = 0;
    while (Math.abs(scaled) >= step && unit < units.length - 1) {
      scaled /= step;
      unit++;
    }
    return (Numbers.significant(scaled, DIGITS) + " " + units[unit]).strip();
  }

  private static String decimal(double value, String unit) {
    String text = scaled(value, 1000, DECIMAL);
    return text.contains(" ") ? text + unit : text + " " + unit;
  }
}
