package org.legosim.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.results.MetricCatalog;

/** The data dictionary: name, unit, definition and identity of every metric. */
public final class Dictionary {
  /** Forms in which the dictionary is printed. */
  public enum Format {
    TEXT,
    MARKDOWN,
    JSON
  }

  private final List<Metric> metrics;

  private Dictionary(List<Metric> metrics) {
    this.metrics = List.copyOf(metrics);
  }

  /** The metrics with fixed names: what every version writes. */
  public static Dictionary fixed() {
    return new Dictionary(MetricCatalog.all());
  }

  /** The metrics of one result set, in its order. */
  public static Dictionary of(List<Metric> metrics) {
    return new Dictionary(metrics);
  }

  public String print(Format format) {
    return switch (format) {
      case TEXT -> text();
      case MARKDOWN -> markdown();
      case JSON -> json();
    };
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    for (Metric metric : metrics) {
      out.append(metric.name()).append(" [").append(metric.unit().symbol()).append("]\n");
      out.append("    ").append(Printable.of(metric.definition())).append('\n');
      if (!metric.identity().isEmpty()) {
        out.append("    always: ").append(Printable.of(metric.identity())).append('\n');
      }
    }
    return out.toString();
  }

  private String markdown() {
    StringBuilder out = new StringBuilder("| metric | unit | definition | identity |\n");
    out.append("|---|---|---|---|\n");
    for (Metric metric : metrics) {
      String identity = metric.identity();
      out.append("| ").append(Markdown.code(metric.name())).append(" | ");
      out.append(Markdown.cell(metric.unit().symbol())).append(" | ");
      out.append(Markdown.cell(metric.definition())).append(" | ");
      out.append(identity.isEmpty() ? "" : Markdown.code(identity)).append(" |\n");
    }
    return out.toString();
  }

  private String json() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Metric metric : metrics) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", metric.name());
      row.put("unit", metric.unit().symbol());
      row.put("definition", metric.definition());
      row.put("identity", metric.identity());
      rows.add(row);
    }
    return Json.text(Map.of("metrics", rows));
  }
}
