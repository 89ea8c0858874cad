package org.legosim.reports.html;

import org.legosim.reports.Numbers;
import org.legosim.reports.Quantity;
import org.legosim.timing.params.Unit;

/**
 * One unit for a whole axis, so that its ticks are short: {@code MiB} with ticks 1, 2, 4.
 *
 * @param divisor from the canonical unit to the shown one
 * @param unit shown in the axis title; empty when ticks carry their own
 */
record Display(double divisor, String unit) {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] TIMES = {"ps", "ns", "\u00b5s", "ms", "s"};
  private static final String[] DECIMAL = {"", "thousand", "million", "billion"};
  private static final String[] PREFIX = {"", "k", "M", "G", "T"};
  private static final double SMALLEST_SHOWN = 0.1;
  private static final int DIGITS = 5;

  /** The largest unit in which the smallest positive value is still at least a tenth. */
  static Display of(double smallest, double largest, Unit unit) {
    double from = smallest > 0 ? smallest : largest / 20;
    return switch (unit) {
      case PS -> scaled(from, 1, 1000, TIMES);
      case NS -> scaled(from * 1000, 1e-3, 1000, TIMES);
      case BYTES -> scaled(from, 1, 1024, BINARY);
      case COUNT -> largest < 1e5 ? new Display(1, "") : scaled(largest / 50, 1, 1000, DECIMAL);
      case PER_SECOND -> suffixed(scaled(from, 1, 1000, PREFIX), "/s");
      case HERTZ -> suffixed(scaled(from, 1, 1000, PREFIX), "Hz");
      case BITS_PER_SECOND -> suffixed(scaled(from, 1, 1000, PREFIX), "bit/s");
      case RATIO -> new Display(0.01, "%");
      case TEXT, FLAG -> new Display(1, "");
      default -> new Display(1, unit.symbol());
    };
  }

  private static Display scaled(double from, double divisor, double step, String[] units) {
    double scale = 1;
    int unit = 0;
    while (from / (scale * step) >= SMALLEST_SHOWN && unit < units.length - 1) {
      scale *= step;
      unit++;
    }
    return new Display(scale * divisor, units[unit]);
  }

  private static Display suffixed(Display display, String suffix) {
    return new Display(display.divisor, display.unit + suffix);
  }

  /** A tick's label. */
  String label(double value) {
    return Numbers.significant(value / divisor, DIGITS);
  }

  /** An axis title with the unit in brackets. */
  String title(String name) {
    return unit.isEmpty() ? name : name + " [" + unit + "]";
  }

  /** A value by itself, with a unit of its own size. */
  static String quantity(double value, Unit unit) {
    return unit == Unit.RATIO
        ? Numbers.significant(value * 100, 4) + " %"
        : Quantity.text(value, unit).replace(" us", " \u00b5s");
  }

  /** For columns of a table: always four significant digits, or a share with two decimals. */
  static String cell(double value, Unit unit) {
    String text = unit == Unit.RATIO ? Numbers.fixed(value * 100, 2) + " %" : quantity(value, unit);
    int space = text.indexOf(' ');
    boolean padded = space > 0 && (unit == Unit.NS || unit == Unit.PS || unit == Unit.PER_SECOND);
    return padded ? padded(text.substring(0, space)) + text.substring(space) : text;
  }

  private static String padded(String number) {
    long digits = number.chars().filter(Character::isDigit).count();
    if (digits >= 4 || number.startsWith("0")) {
      return number;
    }
    return number + (number.contains(".") ? "" : ".") + "0".repeat((int) (4 - digits));
  }

  /** As {@link #quantity}, with three digits. */
  static String shortQuantity(double value, Unit unit) {
    String rounded = Numbers.significant(value, unit == Unit.RATIO ? 4 : 3);
    return quantity(Double.parseDouble(rounded), unit);
  }
}
