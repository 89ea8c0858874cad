package org.legosim.reports.html;

import java.util.List;
import org.legosim.reports.Markup;

/** A plot of lines: axes with units, a light grid, one dash and mark per kind of line. */
final class LinePlot {
  /** Dash patterns that differ as much as the marks do. */
  static final List<String> DASHES = List.of("none", "6 3", "2 3", "9 3 2 3");

  private static final double LEFT = 66;
  private static final double RIGHT = 14;
  private static final double TOP = 30;
  private static final double BOTTOM = 48;
  private static final double TICK_FONT = 11.5;
  private static final double TITLE_FONT = 12.5;
  private static final double MARK = 3.6;

  /**
   * A point of a line.
   *
   * @param low lowest of the values behind it, equal to y when there is one
   * @param tooltip shown when the pointer rests on it
   */
  record Dot(double x, double y, double low, double high, String tooltip) {}

  /**
   * A line of the plot.
   *
   * @param colour index into the palette
   * @param mark index of its mark and dash
   * @param marks whether its dots are drawn
   */
  record Line(int colour, int mark, boolean marks, List<Dot> dots) {}

  private final Svg svg;
  private final double width;
  private final double height;
  private final Axis x;
  private final Axis y;

  private LinePlot(Markup out, double width, double height, Axis x, Axis y) {
    this.svg = new Svg(out);
    this.width = width;
    this.height = height;
    this.x = x;
    this.y = y;
  }

  static void draw(
      Markup out, String title, double width, double height, Axis x, Axis y, List<Line> lines) {
    LinePlot plot = new LinePlot(out, width, height, x, y);
    plot.svg.open(width, height, title);
    plot.svg.bold(LEFT, 15, title, 13);
    plot.grid();
    for (int i = 0; i < lines.size(); i++) {
      int hidden = 0;
      for (Line later : lines.subList(i + 1, lines.size())) {
        hidden += plot.coincide(lines.get(i), later) ? 1 : 0;
      }
      plot.line(lines.get(i), hidden);
    }
    plot.svg.close();
  }

  private double px(double value) {
    return LEFT + x.at(value) * (width - LEFT - RIGHT);
  }

  private double py(double value) {
    return height - BOTTOM - y.at(value) * (height - TOP - BOTTOM);
  }

  private void grid() {
    double bottom = height - BOTTOM;
    double right = width - RIGHT;
    for (Axis.Tick tick : y.ticks()) {
      double at = py(tick.value());
      svg.line(LEFT, at, right, at, Palette.GRID, 1);
      svg.text(LEFT - 8, at + 4, tick.label(), "end", TICK_FONT, Palette.MUTED);
    }
    double free = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : x.ticks()) {
      double at = px(tick.value());
      double half = Svg.width(tick.label(), TICK_FONT) / 2;
      svg.line(at, bottom, at, bottom + 5, Palette.AXIS, 1);
      if (at - half > free) {
        svg.text(at, bottom + 19, tick.label(), "middle", TICK_FONT, Palette.MUTED);
        free = at + half + 4;
      }
    }
    svg.line(LEFT, bottom, right, bottom, Palette.AXIS, 1.2);
    svg.text((LEFT + right) / 2, height - 8, x.title(), "middle", TITLE_FONT, Palette.INK);
    svg.upwards(15, (TOP + bottom) / 2, y.title(), TITLE_FONT, Palette.INK);
  }

  /** Whether one line would hide the other. */
  private boolean coincide(Line a, Line b) {
    if (!a.marks() || a.mark() != b.mark() || a.dots().size() != b.dots().size()) {
      return false;
    }
    for (int i = 0; i < a.dots().size(); i++) {
      Dot p = a.dots().get(i);
      Dot q = b.dots().get(i);
      if (StrictMath.abs(px(p.x()) - px(q.x())) > 1 || StrictMath.abs(py(p.y()) - py(q.y())) > 1) {
        return false;
      }
    }
    return true;
  }

  /** Marks grow with each later line on top of them, so that all show as rings. */
  private void line(Line line, int hidden) {
    double mark = MARK + 1.8 * Math.min(hidden, 4);
    String colour = Palette.series(line.colour());
    svg.group(
        "class",
        "line",
        "data-colour",
        Integer.toString(line.colour()),
        "data-mark",
        Integer.toString(line.mark()));
    StringBuilder path = new StringBuilder();
    for (Dot dot : line.dots()) {
      path.append(path.isEmpty() ? "M" : "L");
      path.append(Svg.n(px(dot.x()))).append(' ').append(Svg.n(py(dot.y())));
    }
    if (line.dots().size() > 1) {
      svg.path(path.toString(), colour, 1.8, DASHES.get(line.mark() % DASHES.size()));
    }
    for (Dot dot : line.dots()) {
      if (dot.high() > dot.low()) {
        svg.line(px(dot.x()), py(dot.low()), px(dot.x()), py(dot.high()), colour, 1.2);
      }
    }
    if (line.marks()) {
      for (Dot dot : line.dots()) {
        svg.mark(line.mark(), px(dot.x()), py(dot.y()), mark, colour, dot.tooltip());
      }
    }
    svg.close();
  }
}
