package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.legosim.reports.Markup;
import org.legosim.reports.html.Details.Sample;
import org.legosim.reports.html.LinePlot.Dot;
import org.legosim.reports.html.LinePlot.Line;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.params.Unit;

/** Quantities over simulated time. */
final class SeriesSection {
  private static final double WIDTH = 552;
  private static final double HEIGHT = 280;
  private static final int MOST_PANELS = 6;
  private static final int MOST_DOTS = 400;

  private final Markup out;
  private final ReportModel model;
  private final Details details;

  SeriesSection(Markup out, ReportModel model, Details details) {
    this.out = out;
    this.model = model;
    this.details = details;
  }

  void write(Figures figures) {
    List<Point> points = model.representatives();
    Set<String> metrics = new LinkedHashSet<>();
    points.forEach(point -> metrics.addAll(details.series(point.id()).keySet()));
    if (metrics.isEmpty()) {
      return;
    }
    List<String> shown = metrics.stream().limit(MOST_PANELS).toList();
    figures.section("Over simulated time", "series");
    figures.figure(
        "Rates over simulated time: the increase within an interval, per second of it."
            + Figures.at(model),
        () -> figures.pointLegend(model, points),
        () -> {
          for (int i = 0; i < shown.size(); i++) {
            panel("(" + (char) ('a' + i) + ") " + shown.get(i), shown.get(i), points);
          }
        });
  }

  private void panel(String title, String metric, List<Point> points) {
    List<Line> lines = new ArrayList<>();
    TreeSet<Double> xs = new TreeSet<>();
    double highest = 0;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      List<Dot> dots = dots(details.series(point.id()).getOrDefault(metric, List.of()));
      for (Dot dot : dots) {
        xs.add(dot.x());
        highest = Math.max(highest, dot.y());
      }
      lines.add(new Line(Figures.colour(model, point, i), Figures.mark(model, point), false, dots));
    }
    if (xs.isEmpty() || highest == 0) {
      return;
    }
    Unit unit = model.set().manifest().metrics().stream()
        .filter(m -> m.name().equals(metric))
        .map(Metric::unit)
        .findFirst()
        .orElse(Unit.COUNT);
    Axis x = Axis.ofMagnitude("simulated time", 0, xs.last(), Unit.PS);
    Axis y = Axis.ofMagnitude(
        unit == Unit.BYTES ? "per second" : "events",
        0,
        highest,
        unit == Unit.BYTES ? Unit.BYTES : Unit.PER_SECOND);
    LinePlot.draw(out, title, WIDTH, HEIGHT, x, y, lines);
  }

  /** Neighbouring intervals are merged until few enough are left to draw. */
  private static List<Dot> dots(List<Sample> samples) {
    int merged = (samples.size() + MOST_DOTS - 1) / MOST_DOTS;
    List<Dot> dots = new ArrayList<>();
    long startPs = 0;
    for (int i = 0; i < samples.size(); i += Math.max(1, merged)) {
      double sum = 0;
      long endPs = startPs;
      for (int j = i; j < Math.min(samples.size(), i + merged); j++) {
        sum += samples.get(j).value();
        endPs = samples.get(j).timePs();
      }
      if (endPs > startPs) {
        double rate = sum / ((endPs - startPs) / 1e12);
        dots.add(new Dot((startPs + endPs) / 2.0, rate, rate, rate, ""));
      }
      startPs = endPs;
    }
    return dots;
  }
}
