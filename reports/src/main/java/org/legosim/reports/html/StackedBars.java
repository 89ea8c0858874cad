package org.legosim.reports.html;

import java.util.List;
import org.legosim.reports.Markup;
import org.legosim.timing.results.TimeCategory;

/** Horizontal bars of stacked time categories, in groups, with what fits written into them. */
final class StackedBars {
  private static final double LEAST_LABELS = 90;
  private static final double TOTALS = 110;
  private static final double BAR = 16;
  private static final double STEP = 20;
  private static final double GROUP = 28;
  private static final double AXIS_HEIGHT = 44;
  private static final double FONT = 11.5;
  private static final double INSIDE_FONT = 10.5;

  /**
   * One bar.
   *
   * @param label at its left
   * @param total at its right
   * @param parts one value per time category; the bar is as long as their sum
   */
  record Bar(String label, String total, List<Double> parts) {
    double sum() {
      double sum = 0;
      for (double part : parts) {
        sum += part;
      }
      return sum;
    }
  }

  /** Bars under one heading. */
  record Group(String heading, List<Bar> bars) {}

  private StackedBars() {}

  /**
   * @param axis along the bars, from 0
   */
  static void draw(Markup out, String title, double width, Axis axis, List<Group> groups) {
    double rows = groups.stream().mapToDouble(g -> g.bars().size() * STEP).sum();
    long headings = groups.stream().filter(g -> !g.heading().isEmpty()).count();
    double height = 10 + rows + headings * GROUP + AXIS_HEIGHT;
    double labels = labels(groups);
    double length = width - labels - TOTALS;
    Svg svg = new Svg(out).open(width, height, title);
    double bottom = height - AXIS_HEIGHT;
    double y = 6;
    for (Group group : groups) {
      if (!group.heading().isEmpty()) {
        svg.bold(labels, y + 17, group.heading(), 12);
        y += GROUP;
      }
      double end = y + group.bars().size() * STEP;
      for (Axis.Tick tick : axis.ticks()) {
        double at = labels + axis.at(tick.value()) * length;
        svg.line(at, y - 3, at, end, Palette.GRID, 1);
      }
      svg.line(labels, y - 3, labels, end, Palette.AXIS, 1.2);
      for (Bar bar : group.bars()) {
        bar(svg, bar, axis, y, labels, length);
        y += STEP;
      }
    }
    for (Axis.Tick tick : axis.ticks()) {
      double at = labels + axis.at(tick.value()) * length;
      svg.line(at, bottom, at, bottom + 5, Palette.AXIS, 1);
      svg.text(at, bottom + 18, tick.label(), "middle", FONT, Palette.MUTED);
    }
    svg.text(labels + length / 2, height - 8, axis.title(), "middle", 12.5, Palette.INK);
    svg.close();
  }

  private static double labels(List<Group> groups) {
    double widest = LEAST_LABELS;
    for (Group group : groups) {
      for (Bar bar : group.bars()) {
        String label = PlainBars.shortened(bar.label());
        widest = Math.max(widest, Svg.width(label, FONT) + 14);
      }
    }
    return widest;
  }

  private static void bar(Svg svg, Bar bar, Axis axis, double y, double labels, double length) {
    svg.text(labels - 8, y + 12, PlainBars.shortened(bar.label()), "end", FONT, Palette.INK);
    double sum = bar.sum();
    double before = 0;
    double end = labels;
    for (TimeCategory category : TimeCategory.values()) {
      double part = bar.parts().get(category.ordinal());
      if (part <= 0) {
        continue;
      }
      double start = labels + axis.at(before) * length;
      before += part;
      end = labels + axis.at(before) * length;
      String colour = Palette.of(category);
      String name = Categories.name(category);
      double share = part / sum;
      String tooltip = name + ": " + Display.quantity(share, org.legosim.timing.params.Unit.RATIO);
      svg.rect(start, y, Math.max(end - start, 0.2), BAR, colour, tooltip);
      if (Svg.width(name, INSIDE_FONT) + 8 < end - start) {
        svg.text((start + end) / 2, y + 12, name, "middle", INSIDE_FONT, Palette.inkOn(colour));
      }
    }
    svg.text(end + 7, y + 12, bar.total(), "start", FONT, Palette.MUTED);
  }
}
