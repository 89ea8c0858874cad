package org.legosim.reports.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Json;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Comparison.Row;

/** A comparison as one JSON document. */
final class JsonReport {
  private JsonReport() {}

  static String print(Comparison comparison) {
    List<Map<String, @Nullable Object>> differences = new ArrayList<>();
    List<Map<String, Object>> missing = new ArrayList<>();
    for (Row row : comparison.rows()) {
      if (row.isMissing()) {
        missing.add(row.keys());
      }
      for (Difference difference : row.differences()) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("row", row.keys());
        json.put("metric", difference.metric());
        json.put("base", difference.base());
        json.put("head", difference.head());
        json.put("change_pct", difference.changePercent());
        json.put("allowed", difference.limit());
        json.put("fails", difference.fails());
        differences.add(json);
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("passed", comparison.passed());
    json.put("base", comparison.base());
    json.put("head", comparison.head());
    json.put("rows", comparison.rows().size());
    json.put("differences", differences);
    json.put("missing", missing);
    json.put("extra", comparison.extra());
    json.put("warnings", comparison.warnings());
    json.put("notes", comparison.notes());
    return Json.text(json);
  }
}
