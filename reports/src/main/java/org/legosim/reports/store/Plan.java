package org.legosim.reports.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Json;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.timing.results.RunIdentity;

/**
 * What a result set will hold and what it comes from: everything in it is an input, so two plans that
 * print the same make the same bytes.
 *
 * @param machine name of the machine file or preset
 * @param sweep the sweep file as a JSON tree, or empty for a single run
 * @param traces that the points replay
 * @param configs effective configuration of each config digest, as text; may be empty
 * @param sweptKeys axes in the order of their columns
 * @param points in the order of their rows
 */
public record Plan(
    String machine,
    Map<String, ? extends @Nullable Object> sweep,
    List<NamedTrace> traces,
    Map<String, String> configs,
    List<SweptKey> sweptKeys,
    List<PlannedPoint> points) {

  /**
   * A trace and its name in reports.
   *
   * @param name without its folder; untrusted text
   * @param digest SHA-256 over its decoded records
   */
  public record NamedTrace(String name, String digest) {}

  public Plan {
    sweep = Collections.unmodifiableMap(new LinkedHashMap<>(sweep));
    traces = List.copyOf(traces);
    configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    sweptKeys = List.copyOf(sweptKeys);
    points = List.copyOf(points);
    checkKeys(sweptKeys);
    checkPoints(sweptKeys, points);
  }

  private static void checkKeys(List<SweptKey> sweptKeys) {
    Set<String> names = new HashSet<>();
    for (Column column : SetFile.POINTS.fixedColumns()) {
      names.add(column.name());
    }
    for (SweptKey key : sweptKeys) {
      if (!names.add(key.name())) {
        throw new IllegalArgumentException("two columns would be named " + key.name());
      }
    }
  }

  private static void checkPoints(List<SweptKey> sweptKeys, List<PlannedPoint> points) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a result set needs at least one point");
    }
    Set<String> ids = new HashSet<>();
    Set<Object> matches = new HashSet<>();
    Set<String> keys = new HashSet<>();
    sweptKeys.forEach(key -> keys.add(key.name()));
    for (PlannedPoint point : points) {
      if (!ids.add(point.id())) {
        throw new IllegalArgumentException("two points are named " + point.id());
      }
      if (!keys.containsAll(point.keys().keySet())) {
        throw new IllegalArgumentException("point " + point.id() + " has a key that is not swept: "
            + point.keys().keySet());
      }
      RunIdentity identity = point.identity();
      if (!matches.add(List.of(point.keys(), identity.traceDigest(), identity.seed()))) {
        throw new IllegalArgumentException(
            "point " + point.id() + " has the keys, trace and seed of another point");
      }
    }
  }

  /** A key's column: whole numbers, numbers, or text as soon as one point has a word there. */
  Column column(SweptKey key) {
    ColumnType type = ColumnType.LONG;
    for (PlannedPoint point : points) {
      Object value = point.keys().get(key.name());
      if (value instanceof String) {
        return new Column(key.name(), ColumnType.TEXT);
      } else if (value instanceof Double) {
        type = ColumnType.DOUBLE;
      }
    }
    return new Column(key.name(), type);
  }

  /** SHA-256 of {@link #toJson()}, in lower-case hexadecimal. */
  String digest() {
    return Sha256.hex(Json.compact(toJson()).getBytes(StandardCharsets.UTF_8));
  }

  /** Everything, as the partial folder keeps it. */
  Map<String, Object> toJson() {
    Map<String, Object> json = summary();
    List<Map<String, Object>> list = new ArrayList<>();
    for (PlannedPoint point : points) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", point.id());
      row.put("keys", point.keys());
      row.put("configDigest", point.identity().configDigest());
      row.put("traceDigest", point.identity().traceDigest());
      row.put("version", point.identity().version());
      row.put("seed", point.identity().seed());
      list.add(row);
    }
    json.put("points", list);
    return json;
  }

  /** What the manifest says about the set's origin. */
  Map<String, Object> summary() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("versions", distinct(p -> p.identity().version()));
    json.put("seeds", distinct(p -> p.identity().seed()));
    List<Map<String, Object>> named = new ArrayList<>();
    for (NamedTrace trace : traces) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", trace.name());
      row.put("digest", trace.digest());
      named.add(row);
    }
    json.put("traces", named);
    json.put("sweep", sweep);
    List<Map<String, Object>> axes = new ArrayList<>();
    for (SweptKey key : sweptKeys) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", key.name());
      row.put("unit", key.unit().symbol());
      axes.add(row);
    }
    json.put("sweptKeys", axes);
    json.put("configDigests", distinct(p -> p.identity().configDigest()));
    json.put("configs", configs);
    return json;
  }

  private List<Object> distinct(java.util.function.Function<PlannedPoint, Object> property) {
    return new ArrayList<>(new TreeSet<>(points.stream().map(property).toList()));
  }
}
