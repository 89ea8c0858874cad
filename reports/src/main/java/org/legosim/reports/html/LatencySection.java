package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.List;
import org.legosim.reports.Markup;
import org.legosim.reports.html.Details.Bucket;
import org.legosim.reports.html.LinePlot.Dot;
import org.legosim.reports.html.LinePlot.Line;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.timing.params.Unit;

/** Latency by percentile, with the tail stretched. */
final class LatencySection {
  private static final double WIDTH = 552;
  private static final double HEIGHT = 340;
  private static final int DOTS = 160;

  private final Markup out;
  private final ReportModel model;
  private final Details details;

  LatencySection(Markup out, ReportModel model, Details details) {
    this.out = out;
    this.model = model;
    this.details = details;
  }

  void write(Figures figures) {
    List<Point> points = model.representatives();
    boolean any = points.stream()
        .anyMatch(p -> !details.latency(p.id(), "fault_latency").isEmpty()
            || !details.latency(p.id(), "rpc_latency").isEmpty());
    if (!any) {
      return;
    }
    figures.section("Latency distributions", "latency");
    figures.figure(
        "Latency by percentile; each further nine takes as much room as the one before."
            + Figures.at(model),
        () -> figures.pointLegend(model, points),
        () -> {
          panel("(a) page fault, from the access to its retry", "fault_latency", points);
          panel("(b) remote procedure call, as its caller sees it", "rpc_latency", points);
        });
  }

  private void panel(String title, String name, List<Point> points) {
    List<Line> lines = new ArrayList<>();
    double lowest = Double.MAX_VALUE;
    double highest = 0;
    long most = 0;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      List<Bucket> buckets = details.latency(point.id(), name);
      if (buckets.isEmpty()) {
        continue;
      }
      most = Math.max(most, buckets.stream().mapToLong(Bucket::count).sum());
      List<Dot> dots = dots(buckets);
      lowest = Math.min(lowest, dots.get(0).y());
      highest = Math.max(highest, dots.get(dots.size() - 1).y());
      lines.add(new Line(Figures.colour(model, point, i), Figures.mark(model, point), false, dots));
    }
    if (lines.isEmpty()) {
      return;
    }
    Axis x = Axis.ofPercentiles(most);
    Axis y = Axis.ofMagnitude("latency", lowest, highest, Unit.PS);
    LinePlot.draw(out, title, WIDTH, HEIGHT, x, y, lines);
  }

  /** At evenly spaced places of the stretched axis: the latency that this share stays within. */
  private static List<Dot> dots(List<Bucket> buckets) {
    long count = buckets.stream().mapToLong(Bucket::count).sum();
    double places = StrictMath.log10((double) Math.max(count, 100));
    List<Dot> dots = new ArrayList<>();
    int bucket = 0;
    long seen = buckets.get(0).count();
    for (int i = 0; i <= DOTS; i++) {
      double share = 1 - StrictMath.pow(10, -places * i / DOTS);
      long rank = Math.max(1, (long) StrictMath.ceil(share * count));
      while (seen < rank && bucket < buckets.size() - 1) {
        bucket++;
        seen += buckets.get(bucket).count();
      }
      double y = buckets.get(bucket).highestPs();
      dots.add(new Dot(share, y, y, y, ""));
    }
    return dots;
  }
}
