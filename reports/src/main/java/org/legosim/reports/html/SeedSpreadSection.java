package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.legosim.reports.Markup;
import org.legosim.reports.Numbers;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.timing.params.Unit;

/**
 * How far runs that differ in their seed alone lie apart: with {@code addresses: randomised} the spread
 * over address layouts.
 */
final class SeedSpreadSection {
  private static final int MOST_ROWS = 500;

  private record Spread(String title, Unit unit, Function<Point, Double> value) {}

  private final Markup out;
  private final ReportModel model;

  SeedSpreadSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void write(Figures figures) {
    Map<String, List<Point>> groups = new LinkedHashMap<>();
    for (Point point : model.points()) {
      groups
          .computeIfAbsent(model.nameWithoutSeed(point), n -> new ArrayList<>())
          .add(point);
    }
    groups.values().removeIf(points -> points.size() < 2);
    if (!model.variesSeed() || groups.isEmpty()) {
      return;
    }
    List<Spread> spreads = List.of(
        new Spread("miss ratio", Unit.RATIO, p -> 1 - model.hitRatio(p).orElse(Double.NaN)),
        metric("misses", "pcache_misses", Unit.COUNT),
        metric("simulated time", "simulated_time_ns", Unit.NS),
        metric("fault mean", "fault_latency_mean_ns", Unit.NS));
    figures.section("Spread over seeds", "seeds");
    out.element(
        "p",
        "Least, median and greatest value of the runs that differ in their seed alone; with"
            + " addresses: randomised each seed is another address layout.",
        "class",
        "note");
    out.start("div", "class", "wide").start("table", "class", "points");
    out.start("thead").start("tr");
    header("points", "text");
    header("seeds", "number");
    for (Spread spread : spreads) {
      for (String end : List.of("min", "median", "max")) {
        header(spread.title() + " " + end, "number");
      }
    }
    out.end().end().start("tbody").newLine();
    groups.entrySet().stream()
        .limit(MOST_ROWS)
        .forEach(g -> row(g.getKey(), g.getValue(), spreads));
    out.end().end().end();
    if (groups.size() > MOST_ROWS) {
      String left = "The first " + MOST_ROWS + " of " + groups.size() + " groups.";
      out.element("p", left, "class", "note");
    }
  }

  private Spread metric(String title, String name, Unit unit) {
    return new Spread(title, unit, p -> model.value(p, name).orElse(Double.NaN));
  }

  private void header(String text, String kind) {
    out.start("th", "scope", "col", "class", kind);
    out.element("button", text, "type", "button").end();
  }

  private void row(String name, List<Point> points, List<Spread> spreads) {
    out.start("tr").element("td", name.isEmpty() ? "all points" : name);
    number(points.size(), Unit.COUNT);
    for (Spread spread : spreads) {
      double[] values = points.stream()
          .mapToDouble(p -> spread.value().apply(p))
          .filter(v -> !Double.isNaN(v))
          .sorted()
          .toArray();
      if (values.length == 0) {
        for (int i = 0; i < 3; i++) {
          out.element("td", "\u2013", "class", "number");
        }
        continue;
      }
      number(values[0], spread.unit());
      number(median(values), spread.unit());
      number(values[values.length - 1], spread.unit());
    }
    out.end().newLine();
  }

  /** Of an even number of values, the mean of the middle two. */
  static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void number(double value, Unit unit) {
    // of an even number of counts the median may lie between two
    double shown = unit == Unit.COUNT ? Math.rint(value) : value;
    out.element("td", Display.cell(shown, unit), "class", "number", "data-v", Numbers.exact(value));
  }
}
