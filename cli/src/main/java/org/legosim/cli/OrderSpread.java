package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.Json;
import org.legosim.reports.Numbers;
import org.legosim.reports.Quantity;
import org.legosim.reports.TextTable;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunResult;

/**
 * One trace replayed in each order that this version models. How far the results lie apart is what the
 * captured interleaving leaves uncertain.
 */
final class OrderSpread {
  /** Values of {@code replay.order}, the most binding first. */
  static final List<String> ORDERS = List.of("strict", "per-address", "semantic");

  private static final List<String> METRICS = List.of(
      "simulated_time_ns",
      "thread_time_ns",
      "time_replay_order_ns",
      "pcache_misses",
      "fault_latency_mean_ns",
      "fault_latency_p99_ns");
  private static final int DIGITS = 3;

  private final Map<String, RunResult> results = new LinkedHashMap<>();

  void put(String order, RunResult result) {
    results.put(order, result);
  }

  String text() {
    TextTable table = new TextTable(headers());
    for (String metric : METRICS) {
      List<String> cells = new ArrayList<>(List.of(metric));
      results.values().forEach(result -> cells.add(shown(result.metrics(), metric)));
      cells.add(Numbers.significant(spreadPercent(metric), DIGITS) + " %");
      table.row(cells);
    }
    return table.toString();
  }

  private List<String> headers() {
    List<String> headers = new ArrayList<>(List.of("metric"));
    headers.addAll(results.keySet());
    headers.add("spread");
    return headers;
  }

  private static String shown(MetricSnapshot metrics, String metric) {
    Unit unit = metrics.get(metric).metric().unit();
    return Quantity.text(metrics.getDouble(metric), unit);
  }

  /** {@code {"orders": {order: {metric: value}}, "spread_pct": {metric: value}}}. */
  String json() {
    Map<String, Object> orders = new LinkedHashMap<>();
    results.forEach((order, result) -> {
      Map<String, Object> metrics = new LinkedHashMap<>();
      result.metrics().entries().forEach(e -> metrics.put(e.metric().name(), e.value()));
      orders.put(order, metrics);
    });
    Map<String, Object> spread = new LinkedHashMap<>();
    METRICS.forEach(metric -> spread.put(metric, spreadPercent(metric)));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("orders", orders);
    document.put("spread_pct", spread);
    return Json.text(document);
  }

  /** Largest less smallest, as a percentage of the smallest; 0 when all are equal. */
  private double spreadPercent(String metric) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (RunResult result : results.values()) {
      double value = result.metrics().getDouble(metric);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most == least ? 0 : least == 0 ? 100 : (most - least) / least * 100;
  }
}
