package org.legosim.reports.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Markdown;
import org.legosim.reports.Numbers;
import org.legosim.reports.Printable;
import org.legosim.reports.TextTable;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Comparison.Row;

/** A comparison for people: on a terminal, or in the comment of a pull request. */
final class TextReport {
  private static final int MOST_ROWS = 200;
  private static final List<String> HEADERS =
      List.of("verdict", "row", "metric", "base", "head", "change", "allowed");

  private TextReport() {}

  static String text(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append(summary(comparison)).append("\n\n");
    out.append("base  ").append(Printable.of(comparison.base())).append('\n');
    out.append("head  ").append(Printable.of(comparison.head())).append("\n\n");
    List<List<String>> cells = cells(comparison);
    if (!cells.isEmpty()) {
      TextTable table = new TextTable(HEADERS);
      cells.stream().limit(MOST_ROWS).forEach(table::row);
      out.append(table);
      more(cells, out);
      out.append('\n');
    }
    comparison
        .warnings()
        .forEach(w -> out.append("warning: ").append(Printable.of(w)).append('\n'));
    comparison.notes().forEach(n -> out.append("note: ").append(Printable.of(n)).append('\n'));
    return out.toString();
  }

  static String markdown(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append("### legosim compare: ").append(comparison.passed() ? "pass" : "FAIL");
    out.append("\n\n").append(summary(comparison)).append("\n\n");
    out.append("base ").append(Markdown.cell(comparison.base()));
    out.append(", head ").append(Markdown.cell(comparison.head())).append("\n\n");
    comparison.warnings().forEach(w -> item(out, "**warning:** ", w));
    comparison.notes().forEach(n -> item(out, "", n));
    List<List<String>> cells = cells(comparison);
    if (!cells.isEmpty()) {
      out.append("\n| ").append(String.join(" | ", HEADERS)).append(" |\n");
      out.append("|---|---|---|--:|--:|--:|--:|\n");
      for (List<String> row : cells.subList(0, Math.min(MOST_ROWS, cells.size()))) {
        List<String> escaped = row.stream().map(Markdown::cell).toList();
        out.append("| ").append(String.join(" | ", escaped)).append(" |\n");
      }
      more(cells, out.append('\n'));
    }
    return out.toString();
  }

  private static void item(StringBuilder out, String prefix, String text) {
    out.append("* ").append(prefix).append(Markdown.cell(text)).append('\n');
  }

  private static void more(List<List<String>> cells, StringBuilder out) {
    if (cells.size() > MOST_ROWS) {
      out.append("and ").append(cells.size() - MOST_ROWS);
      out.append(" more; the formats json and junit list them all\n");
    }
  }

  /** What is missing first, then what fails, then what changed within its limits; large changes before small. */
  private static List<List<String>> cells(Comparison comparison) {
    List<List<String>> cells = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (Row row : comparison.rows()) {
      if (row.isMissing()) {
        cells.add(List.of("MISSING", row.name(), "", "", "", "", ""));
      }
      row.differences().forEach(difference -> changes.add(new Change(row, difference)));
    }
    changes.sort(Comparator.comparing((Change change) -> !change.difference().fails())
        .thenComparing(Comparator.comparingDouble(Change::size).reversed()));
    changes.forEach(change -> cells.add(cells(change.row(), change.difference())));
    return cells;
  }

  private record Change(Row row, Difference difference) {
    /** In per cent, without its sign; beyond all others when there is nothing to divide by. */
    double size() {
      Double percent = difference.changePercent();
      return percent == null ? Double.POSITIVE_INFINITY : Math.abs(percent);
    }
  }

  private static List<String> cells(Row row, Difference difference) {
    return List.of(
        difference.fails() ? "FAIL" : "ok",
        row.name(),
        difference.metric(),
        SetComparer.plain(difference.base()),
        SetComparer.plain(difference.head()),
        change(difference.changePercent()),
        difference.limit());
  }

  static String change(@Nullable Double percent) {
    if (percent == null) {
      return "";
    }
    String digits = Numbers.significant(percent, 3);
    return (percent > 0 ? "+" : "") + digits + " %";
  }

  static String summary(Comparison comparison) {
    long missing = comparison.rows().stream().filter(Row::isMissing).count();
    long failing = comparison.rows().stream().filter(Row::fails).count();
    long changed = comparison.rows().stream()
        .filter(row -> !row.fails() && !row.differences().isEmpty())
        .count();
    return (comparison.passed() ? "pass" : "FAIL")
        + ": " + comparison.rows().size() + " rows compared, "
        + (failing - missing) + " differ more than allowed, " + missing + " missing, "
        + changed + " changed within their limits";
  }
}
