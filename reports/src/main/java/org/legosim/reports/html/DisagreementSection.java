package org.legosim.reports.html;

import java.util.List;
import java.util.Map;
import org.legosim.reports.JsonReader;
import org.legosim.reports.Markup;
import org.legosim.reports.Printable;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.table.Table;

/** Where the capture says one thing and the simulated kernel another. */
final class DisagreementSection {
  private static final int MOST_ROWS = 40;
  private static final List<String> HEADERS =
      List.of("about", "thread", "record", "captured", "simulated kernel");

  private final Markup out;
  private final ReportModel model;

  DisagreementSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void write(Figures figures) {
    Table table = model.table();
    if (!table.has(SetFile.DISAGREEMENTS)) {
      return;
    }
    int column = table.position(SetFile.DISAGREEMENTS);
    List<Point> points = model.representatives().stream()
        .filter(point -> !rows(table, column, point).isEmpty())
        .toList();
    if (points.isEmpty()) {
      return;
    }
    figures.section("Disagreements with the capture", "disagreements");
    out.element(
        "p",
        "The replay goes on with the captured outcome; the simulated kernel would have answered"
            + " what stands beside it.",
        "class",
        "note");
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (i == 0) {
        out.start("details", "open", "open");
      } else {
        out.start("details");
      }
      double count = model.value(point, "replay_disagreements").orElse(0);
      out.element("summary", model.name(point) + ": " + (long) count);
      rows(rows(table, column, point));
      out.end().newLine();
    }
  }

  private static List<?> rows(Table table, int column, Point point) {
    if (table.isAbsent(column, point.row())) {
      return List.of();
    }
    Object json = JsonReader.parse(SetFile.DISAGREEMENTS, table.textAt(column, point.row()));
    return json instanceof List<?> list ? list : List.of();
  }

  private void rows(List<?> disagreements) {
    out.start("div", "class", "wide").start("table").start("thead").start("tr");
    HEADERS.forEach(header -> out.element("th", header));
    out.end().end().start("tbody");
    for (Object disagreement :
        disagreements.subList(0, Math.min(MOST_ROWS, disagreements.size()))) {
      if (disagreement instanceof Map<?, ?> row) {
        out.start("tr");
        cell(row.get("call"));
        out.element("td", row.get("pid") + "/" + row.get("tid"));
        cell(row.get("record"));
        cell(row.get("captured"));
        cell(row.get("simulated"));
        out.end().newLine();
      }
    }
    out.end().end().end();
  }

  private void cell(@org.jspecify.annotations.Nullable Object text) {
    out.element("td", Printable.of(String.valueOf(text)));
  }
}
