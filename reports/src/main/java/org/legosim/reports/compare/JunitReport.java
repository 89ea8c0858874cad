package org.legosim.reports.compare;

import java.util.ArrayList;
import java.util.List;
import org.legosim.reports.Markup;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Comparison.Row;

/** A comparison as a JUnit report: one test case per row of the base. */
final class JunitReport {
  private JunitReport() {}

  static String print(Comparison comparison) {
    long failures = comparison.rows().stream().filter(Row::fails).count();
    Markup xml = Markup.xml();
    String tests = Integer.toString(comparison.rows().size());
    xml.start(
            "testsuite",
            "name",
            "legosim compare",
            "tests",
            tests,
            "failures",
            Long.toString(failures),
            "errors",
            "0",
            "skipped",
            "0",
            "time",
            "0")
        .newLine();
    for (Row row : comparison.rows()) {
      xml.start("testcase", "classname", "legosim.compare", "name", row.name(), "time", "0");
      if (row.isMissing()) {
        xml.element("failure", "", "type", "missing", "message", "the head has no such row");
      } else if (row.fails()) {
        failure(xml, row);
      }
      xml.end().newLine();
    }
    xml.element("system-out", systemOut(comparison)).newLine();
    return xml.end().newLine().toString();
  }

  private static void failure(Markup xml, Row row) {
    List<String> lines = new ArrayList<>();
    for (Difference difference : row.differences()) {
      if (difference.fails()) {
        lines.add(difference.metric() + ": " + SetComparer.plain(difference.base()) + " -> "
            + SetComparer.plain(difference.head()) + " "
            + TextReport.change(difference.changePercent()) + " (allowed: "
            + difference.limit() + ")");
      }
    }
    xml.element(
        "failure",
        String.join("\n", lines),
        "type",
        "difference",
        "message",
        lines.size() + " values differ, first " + lines.get(0));
  }

  private static String systemOut(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.add("base " + comparison.base());
    lines.add("head " + comparison.head());
    comparison.warnings().forEach(w -> lines.add("warning: " + w));
    comparison.notes().forEach(n -> lines.add("note: " + n));
    lines.add(TextReport.summary(comparison));
    return String.join("\n", lines);
  }
}
