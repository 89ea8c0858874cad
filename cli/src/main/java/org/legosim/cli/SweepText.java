package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.Json;
import org.legosim.reports.Printable;
import org.legosim.reports.Quantity;
import org.legosim.reports.TextTable;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.SweptKey;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.Table;
import org.legosim.timing.params.Unit;

/** A sweep's points on a terminal, and as a JSON document. */
final class SweepText {
  private static final String HITS = "pcache_hits";
  private static final String SEED = "seed";
  private static final String MISSES = "pcache_misses";

  private SweepText() {}

  /** One line for each point: its swept keys and what a designer looks at first. */
  static String text(ResultSet set) {
    Table points = set.points();
    List<SweptKey> keys = set.manifest().sweptKeys();
    List<String> headers = new ArrayList<>();
    keys.forEach(key -> headers.add(key.name()));
    boolean hasSeeds = hasSeveralSeeds(points);
    if (hasSeeds) {
      headers.add(SEED);
    }
    headers.addAll(List.of("hit ratio", "misses", "evictions", "mean fault", "p99 fault", "time"));
    TextTable table = new TextTable(headers);
    for (int row = 0; row < points.rows(); row++) {
      List<String> cells = new ArrayList<>();
      for (SweptKey key : keys) {
        cells.add(key(points, key, row));
      }
      if (hasSeeds) {
        cells.add(String.valueOf(points.at(points.position(SEED), row)));
      }
      double hits = number(points, HITS, row);
      double misses = number(points, MISSES, row);
      cells.add(hits + misses == 0 ? "-" : Quantity.percent(hits / (hits + misses)));
      cells.add(Quantity.text(misses, Unit.COUNT));
      cells.add(Quantity.text(number(points, "pcache_evictions", row), Unit.COUNT));
      cells.add(Quantity.text(number(points, "fault_latency_mean_ns", row), Unit.NS));
      cells.add(Quantity.text(number(points, "fault_latency_p99_ns", row), Unit.NS));
      cells.add(Quantity.text(number(points, "simulated_time_ns", row), Unit.NS));
      table.row(cells);
    }
    return table.toString();
  }

  private static boolean hasSeveralSeeds(Table points) {
    int column = points.position(SEED);
    for (int row = 1; row < points.rows(); row++) {
      if (points.longAt(column, row) != points.longAt(column, 0)) {
        return true;
      }
    }
    return false;
  }

  private static String key(Table points, SweptKey key, int row) {
    int column = points.position(key.name());
    if (points.isAbsent(column, row)) {
      return "-";
    }
    return points.at(column, row) instanceof Number number
        ? Quantity.text(number.doubleValue(), key.unit())
        : Printable.of(points.textAt(column, row));
  }

  private static double number(Table points, String name, int row) {
    if (!points.has(name)) {
      return 0;
    }
    return points.at(points.position(name), row) instanceof Number number
        ? number.doubleValue()
        : 0;
  }

  /** {@code {"points": [{column: value, ...}, ...]}}. */
  static String json(ResultSet set) {
    Table points = set.points();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < points.rows(); row++) {
      Map<String, Object> cells = new LinkedHashMap<>();
      for (Column column : points.columns()) {
        Object value = points.at(points.position(column.name()), row);
        if (value != null) {
          cells.put(column.name(), value);
        }
      }
      rows.add(cells);
    }
    return Json.text(Map.of("points", rows));
  }
}
