package org.legosim.reports.html;

import java.util.List;
import org.legosim.reports.Markup;

/** Horizontal bars with their values at the end. */
final class PlainBars {
  private static final double STEP = 22;
  private static final double BAR = 16;
  private static final double BELOW = 44;
  private static final double FONT = 11.5;
  private static final double VALUES = 76;
  private static final int MOST_LABEL = 46;

  /** One bar. */
  record Bar(String label, double value, String text, int colour) {}

  private PlainBars() {}

  /**
   * @param title above the bars; empty for none
   * @param axis along the bars
   */
  static void draw(Markup out, String title, double width, Axis axis, List<Bar> bars) {
    double top = title.isEmpty() ? 2 : 26;
    double height = top + bars.size() * STEP + BELOW;
    double left = 20;
    for (Bar bar : bars) {
      left = Math.max(left, Svg.width(shortened(bar.label()), FONT) + 14);
    }
    double length = width - left - VALUES;
    Svg svg = new Svg(out).open(width, height, title.isEmpty() ? axis.title() : title);
    if (!title.isEmpty()) {
      svg.bold(left, 15, title, 13);
    }
    double bottom = height - BELOW + 2;
    for (Axis.Tick tick : axis.ticks()) {
      double at = left + axis.at(tick.value()) * length;
      svg.line(at, top - 2, at, bottom, Palette.GRID, 1);
      svg.text(at, bottom + 16, tick.label(), "middle", FONT, Palette.MUTED);
    }
    double y = top;
    for (Bar bar : bars) {
      double end = axis.at(bar.value()) * length;
      svg.text(left - 8, y + 13, shortened(bar.label()), "end", FONT, Palette.INK);
      svg.rect(left, y, end, BAR, Palette.series(bar.colour()), bar.label());
      svg.text(left + end + 6, y + 13, bar.text(), "start", FONT, Palette.MUTED);
      y += STEP;
    }
    svg.line(left, top - 2, left, bottom, Palette.AXIS, 1.2);
    svg.text(left + length / 2, height - 8, axis.title(), "middle", 12.5, Palette.INK)
        .close();
  }

  /** A label cut to what a figure has room for. */
  static String shortened(String label) {
    int characters = label.codePointCount(0, label.length());
    return characters <= MOST_LABEL
        ? label
        : label.substring(0, label.offsetByCodePoints(0, MOST_LABEL - 1)) + "\u2026";
  }
}
