package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.legosim.reports.Markup;
import org.legosim.reports.html.LinePlot.Dot;
import org.legosim.reports.html.LinePlot.Line;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.html.ReportModel.Series;
import org.legosim.reports.html.ReportModel.VaryingKey;
import org.legosim.timing.params.Unit;

/** How the main metrics move along the main axis of the sweep. */
final class CurvesSection {
  private static final double WIDTH = 552;
  private static final double HEIGHT = 320;
  private static final int MOST_SERIES = 24;
  private static final int MOST_BARS = 40;

  /** One panel: a metric of a point. */
  private record Panel(String title, Unit unit, Function<Point, OptionalDouble> value) {}

  private final Markup out;
  private final ReportModel model;

  CurvesSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void write(Figures figures) {
    VaryingKey axis = model.axis();
    List<Panel> panels = panels();
    if (axis == null) {
      bars(figures, panels);
      return;
    }
    int shown = Math.min(MOST_SERIES, model.series().size());
    String left = shown < model.series().size() ? " The first " + shown + " lines are drawn." : "";
    figures.section("Across the sweep", "sweep");
    figures.figure(
        "The sweep over "
            + axis.name()
            + ". Lines that coincide show as rings around a mark; a vertical bar spans the runs that"
            + " differ in their seed alone."
            + left,
        () -> figures.seriesLegend(model),
        () -> {
          for (int i = 0; i < panels.size(); i++) {
            draw("(" + (char) ('a' + i) + ") ", panels.get(i), axis);
          }
        });
  }

  /** Without a numeric key every point is a bar. */
  private void bars(Figures figures, List<Panel> panels) {
    List<Point> points = model.points();
    if (points.size() < 2) {
      return;
    }
    List<Point> shown = points.subList(0, Math.min(MOST_BARS, points.size()));
    String left = shown.size() < points.size() ? " The first " + MOST_BARS + " are drawn." : "";
    figures.section("Across the sweep", "sweep");
    figures.figure("The points of the sweep." + left, () -> {}, () -> {
      for (int i = 0; i < panels.size(); i++) {
        bars("(" + (char) ('a' + i) + ") ", panels.get(i), shown);
      }
    });
  }

  private void bars(String letter, Panel panel, List<Point> points) {
    List<PlainBars.Bar> bars = new ArrayList<>();
    double longest = 0;
    for (Point point : points) {
      double value = panel.value().apply(point).orElse(0);
      longest = Math.max(longest, value);
      String text = Display.quantity(value, panel.unit());
      bars.add(new PlainBars.Bar(model.name(point), value, text, point.colour()));
    }
    Axis axis = Axis.ofLength(panel.title(), longest, panel.unit());
    PlainBars.draw(out, letter + panel.title(), WIDTH, axis, bars);
  }

  private List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    panels.add(new Panel("pcache hit ratio", Unit.RATIO, model::hitRatio));
    panels.add(metric("simulated time", "simulated_time_ns", Unit.NS));
    panels.add(metric("mean fault latency", "fault_latency_mean_ns", Unit.NS));
    panels.add(metric("99th percentile of the fault latency", "fault_latency_p99_ns", Unit.NS));
    panels.add(metric("bytes sent over the network", "network_sent_bytes", Unit.BYTES));
    panels.add(metric("memory worker utilization", "memory_worker_utilization", Unit.RATIO));
    panels.removeIf(
        panel -> model.points().stream().allMatch(p -> panel.value().apply(p).orElse(0) == 0));
    return panels;
  }

  private Panel metric(String title, String name, Unit unit) {
    return new Panel(title, unit, point -> model.value(point, name));
  }

  private void draw(String letter, Panel panel, VaryingKey axis) {
    List<Line> lines = new ArrayList<>();
    TreeSet<Double> xs = new TreeSet<>();
    TreeSet<Double> ys = new TreeSet<>();
    for (Series series :
        model.series().subList(0, Math.min(MOST_SERIES, model.series().size()))) {
      List<Dot> dots = dots(series, panel, axis);
      for (Dot dot : dots) {
        xs.add(dot.x());
        ys.add(dot.low());
        ys.add(dot.high());
      }
      lines.add(new Line(series.colour(), series.mark(), true, dots));
    }
    if (xs.isEmpty()) {
      return;
    }
    Axis x = Axis.ofKey(axis.name(), xs, axis.unit());
    boolean share = panel.unit() == Unit.RATIO;
    Axis y = share && ys.first() > 0.2
        ? Axis.ofShare(panel.title(), ys.first(), ys.last())
        : Axis.ofMagnitude(panel.title(), ys.first(), ys.last(), panel.unit());
    LinePlot.draw(out, letter + panel.title(), WIDTH, HEIGHT, x, y, lines);
  }

  /** One dot per x: the mean of its points, which then differ in their seed. */
  private List<Dot> dots(Series series, Panel panel, VaryingKey axis) {
    TreeMap<Double, List<Double>> byX = new TreeMap<>();
    for (Point point : series.points()) {
      panel
          .value()
          .apply(point)
          .ifPresent(y -> byX.computeIfAbsent(point.x(), x -> new ArrayList<>()).add(y));
    }
    List<Dot> dots = new ArrayList<>();
    byX.forEach((x, values) -> {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      double mean = sum / values.size();
      double low = values.stream().min(Double::compare).orElse(mean);
      double high = values.stream().max(Double::compare).orElse(mean);
      String tooltip = (series.name().isEmpty() ? "" : series.name() + "\n")
          + axis.name() + " = " + Display.quantity(x, axis.unit()) + "\n"
          + panel.title() + ": " + Display.quantity(mean, panel.unit());
      dots.add(new Dot(x, mean, low, high, tooltip));
    });
    return dots;
  }
}
