package org.legosim.reports.html;

import org.legosim.reports.Markup;
import org.legosim.reports.Numbers;

/** Shapes with coordinates rounded to a tenth of a pixel. */
final class Svg {
  private static final double CHARACTER_WIDTH = 0.56;
  private final Markup out;

  Svg(Markup out) {
    this.out = out;
  }

  Svg open(double width, double height, String description) {
    out.start(
        "svg",
        "viewBox",
        "0 0 " + n(width) + " " + n(height),
        "width",
        n(width),
        "height",
        n(height),
        "role",
        "img",
        "aria-label",
        description,
        "font-family",
        "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif");
    return this;
  }

  Svg group(String... attributes) {
    out.start("g", attributes);
    return this;
  }

  Svg close() {
    out.end();
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String stroke, double width) {
    out.empty(
        "line",
        "x1",
        n(x1),
        "y1",
        n(y1),
        "x2",
        n(x2),
        "y2",
        n(y2),
        "stroke",
        stroke,
        "stroke-width",
        n(width));
    return this;
  }

  Svg rect(double x, double y, double width, double height, String fill, String tooltip) {
    out.start("rect", "x", n(x), "y", n(y), "width", n(width), "height", n(height), "fill", fill);
    tooltip(tooltip);
    out.end();
    return this;
  }

  Svg path(String data, String stroke, double width, String dashes) {
    out.empty(
        "path",
        "d",
        data,
        "fill",
        "none",
        "stroke",
        stroke,
        "stroke-width",
        n(width),
        "stroke-linejoin",
        "round",
        "stroke-dasharray",
        dashes);
    return this;
  }

  /** A filled or hollow shape around a point; the kinds differ in outline, not only in colour. */
  Svg mark(int kind, double x, double y, double size, String colour, String tooltip) {
    String shape = switch (kind % 4) {
      case 0 -> circle(x, y, size);
      case 1 ->
        "M" + n(x - size) + " " + n(y - size) + "h" + n(2 * size) + "v" + n(2 * size) + "h"
            + n(-2 * size) + "z";
      case 2 ->
        "M" + n(x) + " " + n(y - size * 1.25) + "L" + n(x + size * 1.2) + " " + n(y + size * 0.9)
            + "L" + n(x - size * 1.2) + " " + n(y + size * 0.9) + "z";
      default ->
        "M" + n(x) + " " + n(y - size * 1.35) + "l" + n(size * 1.35) + " "
            + n(size * 1.35) + "l" + n(-size * 1.35) + " " + n(size * 1.35) + "l"
            + n(-size * 1.35) + " " + n(-size * 1.35) + "z";
    };
    boolean hollow = kind % 2 == 1;
    out.start(
        "path",
        "d",
        shape,
        "fill",
        hollow ? "#ffffff" : colour,
        "stroke",
        colour,
        "stroke-width",
        hollow ? "1.6" : "1");
    tooltip(tooltip);
    out.end();
    return this;
  }

  private static String circle(double x, double y, double r) {
    return "M" + n(x - r) + " " + n(y) + "a" + n(r) + " " + n(r) + " 0 1 0 " + n(2 * r) + " 0a"
        + n(r) + " " + n(r) + " 0 1 0 " + n(-2 * r) + " 0z";
  }

  /**
   * @param anchor {@code start}, {@code middle} or {@code end}
   */
  Svg text(double x, double y, String text, String anchor, double size, String fill) {
    out.element(
        "text",
        text,
        "x",
        n(x),
        "y",
        n(y),
        "text-anchor",
        anchor,
        "font-size",
        n(size),
        "fill",
        fill);
    return this;
  }

  Svg bold(double x, double y, String text, double size) {
    out.element(
        "text",
        text,
        "x",
        n(x),
        "y",
        n(y),
        "font-size",
        n(size),
        "font-weight",
        "600",
        "fill",
        Palette.INK);
    return this;
  }

  /** Reads upwards; x and y are its middle. */
  Svg upwards(double x, double y, String text, double size, String fill) {
    out.element(
        "text",
        text,
        "transform",
        "translate(" + n(x) + " " + n(y) + ") rotate(-90)",
        "text-anchor",
        "middle",
        "font-size",
        n(size),
        "fill",
        fill);
    return this;
  }

  private void tooltip(String text) {
    if (!text.isEmpty()) {
      out.element("title", text);
    }
  }

  /** About how wide a text is; good enough to decide whether it fits. */
  static double width(String text, double size) {
    return text.codePointCount(0, text.length()) * size * CHARACTER_WIDTH;
  }

  /** A coordinate as short text. */
  static String n(double value) {
    String text = Numbers.fixed(value, 1);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
