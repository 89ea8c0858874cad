package org.legosim.reports.html;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.Markup;

/** Numbered figures with captions, and the legends above them. */
final class Figures {
  private final Markup out;
  private final Map<String, String> sections = new LinkedHashMap<>();
  private int number;

  Figures(Markup out) {
    this.out = out;
  }

  /** Begins a section that the table of contents lists. */
  void section(String title, String id) {
    sections.put(id, title);
    out.element("h2", title, "id", id);
  }

  /** Titles of the sections so far, by id. */
  Map<String, String> sections() {
    return sections;
  }

  /** Draws one figure of one or more panels. */
  void figure(String caption, Runnable legend, Runnable panels) {
    number++;
    out.start("figure");
    legend.run();
    out.start("div", "class", "panels");
    panels.run();
    out.end();
    out.start("figcaption");
    out.element("b", "Figure " + number + ". ");
    out.text(caption).end().end().newLine();
  }

  /** What colours and marks mean; each entry can be switched off. */
  void seriesLegend(ReportModel model) {
    out.start("div", "class", "keys");
    if (model.colourLabels().size() > 1) {
      entries(model.colourName(), model.colourLabels(), true);
    }
    if (model.markLabels().size() > 1) {
      entries(model.markName(), model.markLabels(), false);
    }
    out.end();
  }

  private void entries(String name, List<String> labels, boolean colours) {
    out.start("div", "class", "key");
    out.element("span", name, "class", "keyname");
    for (int i = 0; i < labels.size(); i++) {
      out.start(
          "button",
          "type",
          "button",
          "class",
          "entry",
          "aria-pressed",
          "true",
          colours ? "data-colour" : "data-mark",
          Integer.toString(i));
      swatch(colours ? i : Palette.SERIES.size() - 2, colours ? 0 : i);
      out.text(" " + labels.get(i)).end();
    }
    out.end();
  }

  /** A line with its mark. */
  void swatch(int colour, int mark) {
    Svg svg = new Svg(out).open(30, 12, "");
    String ink = Palette.series(colour);
    svg.path("M1 6L29 6", ink, 1.8, LinePlot.DASHES.get(mark % LinePlot.DASHES.size()));
    svg.mark(mark, 15, 6, 3.6, ink, "").close();
  }

  /** Which line is which point. */
  void pointLegend(ReportModel model, List<ReportModel.Point> points) {
    out.start("ul", "class", "legend");
    for (int i = 0; i < points.size(); i++) {
      out.start("li");
      swatch(colour(model, points.get(i), i), mark(model, points.get(i)));
      out.text(" " + model.shortName(points.get(i))).end();
    }
    out.end();
  }

  /** Ends a caption with what the drawn points have in common. */
  static String at(ReportModel model) {
    return model.commonPlace().isEmpty() ? "" : " All at " + model.commonPlace() + ".";
  }

  static int colour(ReportModel model, ReportModel.Point point, int index) {
    return model.representsSeries() ? point.colour() : index;
  }

  static int mark(ReportModel model, ReportModel.Point point) {
    return model.representsSeries() ? point.mark() : 0;
  }
}
