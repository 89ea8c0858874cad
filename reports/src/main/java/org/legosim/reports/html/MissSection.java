package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.legosim.reports.Markup;
import org.legosim.reports.html.Details.Miss;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.TimeCategory;

/** Single misses with every part of their latency. */
final class MissSection {
  private static final double WIDTH = 1120;
  private static final double LEGEND_FROM = 0.004;

  private final Markup out;
  private final ReportModel model;
  private final Details details;

  MissSection(Markup out, ReportModel model, Details details) {
    this.out = out;
    this.model = model;
    this.details = details;
  }

  void write(Figures figures) {
    List<Point> points = model.representatives().stream()
        .filter(p -> !details.misses(p.id()).isEmpty())
        .toList();
    if (points.isEmpty()) {
      return;
    }
    figures.section("Sampled misses", "misses");
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (i == 0) {
        out.start("details", "open", "open");
      } else {
        out.start("details");
      }
      out.element("summary", model.name(point));
      draw(figures, details.misses(point.id()));
      out.end().newLine();
    }
  }

  private void draw(Figures figures, List<Miss> misses) {
    List<StackedBars.Bar> bars = new ArrayList<>();
    double longest = 0;
    double[] largest = new double[TimeCategory.values().length];
    for (Miss miss : misses) {
      List<Double> parts = miss.partsPs().stream().map(Long::doubleValue).toList();
      String label = Display.quantity((double) miss.startPs(), Unit.PS) + ", " + miss.kind();
      StackedBars.Bar bar =
          new StackedBars.Bar(label, Display.quantity((double) miss.totalPs(), Unit.PS), parts);
      bars.add(bar);
      longest = Math.max(longest, bar.sum());
      for (int i = 0; i < largest.length; i++) {
        largest[i] = Math.max(largest[i], parts.get(i) / Math.max(1, bar.sum()));
      }
    }
    List<TimeCategory> legend = new ArrayList<>();
    for (TimeCategory category : TimeCategory.values()) {
      if (largest[category.ordinal()] >= LEGEND_FROM) {
        legend.add(category);
      }
    }
    Axis axis = Axis.ofLength("from the faulting access to its retry", longest, Unit.PS);
    figures.figure(
        "Sampled misses in the order of simulated time, with the time of the fault and how it was"
            + " filled at the left. The parts add up to the latency.",
        () -> Categories.legend(out, legend),
        () -> StackedBars.draw(
            out, "Sampled misses", WIDTH, axis, List.of(new StackedBars.Group("", bars))));
    table(misses);
  }

  private void table(List<Miss> misses) {
    out.start("details").element("summary", "Where these misses were");
    out.start("div", "class", "wide").start("table").start("thead").start("tr");
    for (String header : List.of("time", "CPU", "thread", "address", "place", "filled by")) {
      out.element("th", header);
    }
    out.end().end().start("tbody");
    for (Miss miss : misses) {
      out.start("tr");
      out.element("td", Display.quantity((double) miss.startPs(), Unit.PS), "class", "number");
      out.element("td", Long.toString(miss.cpu()), "class", "number");
      out.element("td", Long.toString(miss.tid()), "class", "number");
      out.element("td", String.format(Locale.ROOT, "0x%x", miss.address()), "class", "number");
      out.element("td", miss.place());
      out.element("td", miss.kind());
      out.end().newLine();
    }
    out.end().end().end().end();
  }
}
