package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.legosim.reports.Numbers;
import org.legosim.timing.params.Unit;

/** One axis of a plot: where a value stands between 0 and 1, and its ticks. */
final class Axis {
  /** A labelled place on the axis. */
  record Tick(double value, String label) {}

  private enum Kind {
    LINEAR,
    LOG,
    /** By the number of nines of a share: 90 %, 99 % and 99.9 % are equally far apart. */
    NINES
  }

  private static final int MOST_DATA_TICKS = 10;
  private static final double LOG_FROM_RATIO = 7;
  private static final double LOG_MAGNITUDE_FROM_RATIO = 25;
  private static final double ONE_UNIT_UP_TO = 1000;
  private static final int WANTED_TICKS = 5;

  private final Kind kind;
  private final String title;
  private final double min;
  private final double max;
  private final List<Tick> ticks;

  private Axis(Kind kind, String title, double min, double max, List<Tick> ticks) {
    this.kind = kind;
    this.title = title;
    this.min = min;
    this.max = max;
    this.ticks = List.copyOf(ticks);
  }

  String title() {
    return title;
  }

  List<Tick> ticks() {
    return ticks;
  }

  /** Place of a value: 0 at the axis' start, 1 at its end. */
  double at(double value) {
    return (mapped(value) - mapped(min)) / (mapped(max) - mapped(min));
  }

  private double mapped(double value) {
    return switch (kind) {
      case LINEAR -> value;
      case LOG -> StrictMath.log(value);
      case NINES -> -StrictMath.log10(1 - value);
    };
  }

  /** For the values of a swept key: a tick at each when they are few, logarithmic when wide. */
  static Axis ofKey(String name, SortedSet<Double> values, Unit unit) {
    double first = values.first();
    double last = values.last();
    Display display = Display.of(first > 0 ? first : 1, last, unit);
    boolean log = first > 0 && last / first > LOG_FROM_RATIO;
    double pad = log ? StrictMath.pow(last / first, 0.04) : (last - first) * 0.04;
    double min = log ? first / pad : first - pad;
    double max = log ? last * pad : last + pad;
    if (first == last) {
      min = first - 1;
      max = last + 1;
    }
    List<Tick> ticks = new ArrayList<>();
    if (values.size() <= MOST_DATA_TICKS) {
      values.forEach(value -> ticks.add(new Tick(value, display.label(value))));
      return new Axis(log ? Kind.LOG : Kind.LINEAR, display.title(name), min, max, ticks);
    }
    List<Tick> nice = log ? logTicks(first, last, display) : linearTicks(first, last, display);
    return new Axis(log ? Kind.LOG : Kind.LINEAR, display.title(name), min, max, nice);
  }

  /** For values that begin at zero: from zero, or logarithmic when they span a wide range. */
  static Axis ofMagnitude(String name, double smallest, double largest, Unit unit) {
    boolean wide = smallest > 0 && largest / smallest > LOG_MAGNITUDE_FROM_RATIO;
    if (wide && unit != Unit.RATIO) {
      Display display = Display.of(smallest, largest, unit);
      double min = smallest / 1.3;
      double max = largest * 1.3;
      List<Tick> ticks = logTicks(min, max, display);
      boolean time = unit == Unit.NS || unit == Unit.PS;
      if (!time || max / display.divisor() < ONE_UNIT_UP_TO) {
        return new Axis(Kind.LOG, display.title(name), min, max, ticks);
      }
      List<Tick> labelled = ticks.stream()
          .map(tick -> new Tick(tick.value(), Display.quantity(tick.value(), unit)))
          .toList();
      return new Axis(Kind.LOG, name, min, max, labelled);
    }
    double top = largest > 0 ? largest : 1;
    Display display = Display.of(top / 3, top, unit);
    double step = step(top / display.divisor()) * display.divisor();
    double max = StrictMath.ceil(top * 1.02 / step) * step;
    return new Axis(Kind.LINEAR, display.title(name), 0, max, linearTicks(0, max, display));
  }

  /** From zero to just the largest: for bars. */
  static Axis ofLength(String name, double largest, Unit unit) {
    double top = largest > 0 ? largest : 1;
    Display display = Display.of(top / 3, top, unit);
    return new Axis(Kind.LINEAR, display.title(name), 0, top, linearTicks(0, top, display));
  }

  /** For shares near each other: from a round share below the smallest to one above the largest. */
  static Axis ofShare(String name, double smallest, double largest) {
    Display display = Display.of(smallest, largest, Unit.RATIO);
    double span = Math.max(largest - smallest, 0.001);
    double step = step(span / display.divisor()) * display.divisor();
    double min = Math.max(0, StrictMath.floor((smallest - span * 0.05) / step) * step);
    double max = Math.min(1, StrictMath.ceil((largest + span * 0.02) / step) * step);
    return new Axis(Kind.LINEAR, display.title(name), min, max, linearTicks(min, max, display));
  }

  /** For percentiles up to the one that a single value of so many decides. */
  static Axis ofPercentiles(long count) {
    List<Tick> ticks = new ArrayList<>();
    ticks.add(new Tick(0, "0"));
    ticks.add(new Tick(0.5, "50"));
    double tail = 0.1;
    double limit = 1.0 / Math.max(count, 100);
    for (int nines = 1; tail >= limit && nines <= 7; nines++) {
      ticks.add(new Tick(1 - tail, Numbers.significant(100 - tail * 100, nines + 1)));
      tail /= 10;
    }
    return new Axis(Kind.NINES, "percentile [%]", 0, 1 - limit, ticks);
  }

  private static double step(double range) {
    double raw = range / WANTED_TICKS;
    double decade = StrictMath.pow(10, StrictMath.floor(StrictMath.log10(raw)));
    double lead = raw / decade;
    return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * decade;
  }

  private static List<Tick> linearTicks(double min, double max, Display display) {
    double step = step((max - min) / display.divisor()) * display.divisor();
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) StrictMath.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
      ticks.add(new Tick(i * step, display.label(i * step)));
    }
    return ticks;
  }

  private static List<Tick> logTicks(double min, double max, Display display) {
    boolean wide = max / min > 300;
    SortedSet<Double> values = new TreeSet<>();
    double shownMin = min / display.divisor();
    double shownMax = max / display.divisor();
    int decade = (int) StrictMath.floor(StrictMath.log10(shownMin));
    for (; StrictMath.pow(10, decade) <= shownMax; decade++) {
      for (double lead : wide ? new double[] {1} : new double[] {1, 2, 5}) {
        double value = lead * StrictMath.pow(10, decade);
        if (value >= shownMin && value <= shownMax) {
          values.add(value);
        }
      }
    }
    return values.stream()
        .map(value -> new Tick(value * display.divisor(), Numbers.significant(value, 4)))
        .toList();
  }
}
