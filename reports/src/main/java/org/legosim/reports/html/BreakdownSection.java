package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.List;
import org.legosim.reports.Markup;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.html.ReportModel.Series;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.TimeCategory;

/** Where the threads' time goes. */
final class BreakdownSection {
  private static final double WIDTH = 1120;
  private static final int MOST_BARS = 60;
  /** A category below this share of every bar is left out of the legend. */
  private static final double LEGEND_FROM = 0.004;

  private final Markup out;
  private final ReportModel model;

  BreakdownSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void write(Figures figures) {
    List<StackedBars.Group> groups = new ArrayList<>();
    double[] largest = new double[TimeCategory.values().length];
    int perSeries = Math.max(1, MOST_BARS / model.series().size());
    int left = MOST_BARS;
    for (Series series : model.series()) {
      List<StackedBars.Bar> bars = new ArrayList<>();
      for (Point point : some(series.points(), Math.min(perSeries, left))) {
        StackedBars.Bar bar = bar(point);
        if (bar.sum() > 0) {
          bars.add(bar);
          for (int i = 0; i < largest.length; i++) {
            largest[i] = Math.max(largest[i], bar.parts().get(i));
          }
        }
      }
      left -= bars.size();
      if (!bars.isEmpty()) {
        groups.add(new StackedBars.Group(model.axis() == null ? "" : series.name(), bars));
      }
    }
    if (groups.isEmpty()) {
      return;
    }
    List<TimeCategory> legend = new ArrayList<>();
    for (TimeCategory category : TimeCategory.values()) {
      if (largest[category.ordinal()] >= LEGEND_FROM) {
        legend.add(category);
      }
    }
    figures.section("Where the time goes", "time");
    Axis axis = Axis.ofLength("share of all threads' time", 1, Unit.RATIO);
    figures.figure(
        "Every picosecond of every thread belongs to exactly one category. At the right: the life"
            + " of all threads together. "
            + Categories.omitted(legend),
        () -> Categories.legend(out, legend),
        () -> StackedBars.draw(out, "Where the time goes", WIDTH, axis, groups));
  }

  /** So many of the points, both ends included. */
  private static List<Point> some(List<Point> points, int most) {
    if (points.size() <= most) {
      return points;
    }
    List<Point> some = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      some.add(points.get(most == 1 ? 0 : (points.size() - 1) * i / (most - 1)));
    }
    return some;
  }

  private StackedBars.Bar bar(Point point) {
    double sum = 0;
    for (TimeCategory category : TimeCategory.values()) {
      sum += model.value(point, category.metricName()).orElse(0);
    }
    List<Double> parts = new ArrayList<>();
    for (TimeCategory category : TimeCategory.values()) {
      double part = model.value(point, category.metricName()).orElse(0);
      parts.add(sum == 0 ? 0 : part / sum);
    }
    String label = model.axis() == null ? model.name(point) : point.label();
    return new StackedBars.Bar(label, Display.quantity(sum, Unit.NS), parts);
  }
}
