package org.legosim.reports.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.JsonReader;
import org.legosim.timing.TraceException;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.params.Unit;

/**
 * What {@code manifest.json} says about a result set.
 *
 * @param machine that was simulated
 * @param versions of the models
 * @param points number of rows in the table of points
 * @param traces that were replayed
 * @param sweptKeys axes in the order of their columns
 * @param metrics definitions in the order of their columns
 * @param json the whole document
 */
public record Manifest(
    String machine,
    List<String> versions,
    long points,
    List<Plan.NamedTrace> traces,
    List<SweptKey> sweptKeys,
    List<Metric> metrics,
    Map<String, @Nullable Object> json) {
  static final String FORMAT = "legosim-result-set";
  static final long SCHEMA_VERSION = 1;

  static Manifest parse(String source, String text) {
    return new Parser(source, JsonReader.parseObject(source, text)).manifest();
  }

  /** False for a table that the version which wrote the set did not have. */
  boolean has(String fileName) {
    return json.get("files") instanceof Map<?, ?> files && files.containsKey(fileName);
  }

  /** Size and SHA-256 that the manifest promises for a file. */
  record FileFacts(long rows, long bytes, String sha256) {}

  FileFacts facts(String source, String fileName) {
    Parser parser = new Parser(source, json);
    Map<String, @Nullable Object> facts = parser.object(parser.object(json, "files"), fileName);
    return new FileFacts(
        parser.number(facts, "rows"), parser.number(facts, "bytes"), parser.text(facts, "sha256"));
  }

  private record Parser(String source, Map<String, @Nullable Object> json) {
    Manifest manifest() {
      if (!FORMAT.equals(json.get("format"))) {
        throw new TraceException(source + ": not the manifest of a result set");
      }
      long version = number(json, "schemaVersion");
      if (version != SCHEMA_VERSION) {
        throw new TraceException(source + ": schema version " + version
            + "; this version of legosim reads " + SCHEMA_VERSION);
      }
      List<Plan.NamedTrace> traces = new ArrayList<>();
      for (Map<String, @Nullable Object> row : objects("traces")) {
        traces.add(new Plan.NamedTrace(text(row, "name"), text(row, "digest")));
      }
      List<SweptKey> keys = new ArrayList<>();
      for (Map<String, @Nullable Object> row : objects("sweptKeys")) {
        keys.add(new SweptKey(text(row, "name"), unit(row)));
      }
      List<Metric> metrics = new ArrayList<>();
      for (Map<String, @Nullable Object> row : objects("metrics")) {
        metrics.add(new Metric(
            text(row, "name"), unit(row), text(row, "definition"), text(row, "identity")));
      }
      List<String> versions = new ArrayList<>();
      for (Object element : list("versions")) {
        versions.add(String.valueOf(element));
      }
      return new Manifest(
          text(json, "machine"), versions, number(json, "points"), traces, keys, metrics, json);
    }

    private Unit unit(Map<String, @Nullable Object> row) {
      String symbol = text(row, "unit");
      for (Unit unit : Unit.values()) {
        if (unit.symbol().equals(symbol)) {
          return unit;
        }
      }
      throw new TraceException(source + ": unknown unit " + symbol);
    }

    private List<?> list(String name) {
      if (json.get(name) instanceof List<?> list) {
        return list;
      }
      throw missing(name, "a list");
    }

    private List<Map<String, @Nullable Object>> objects(String name) {
      List<Map<String, @Nullable Object>> objects = new ArrayList<>();
      for (Object element : list(name)) {
        objects.add(asObject(element, name));
      }
      return objects;
    }

    Map<String, @Nullable Object> object(Map<String, @Nullable Object> parent, String name) {
      return asObject(parent.get(name), name);
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> asObject(@Nullable Object value, String name) {
      if (value instanceof Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
      }
      throw missing(name, "an object");
    }

    String text(Map<String, @Nullable Object> parent, String name) {
      if (parent.get(name) instanceof String text) {
        return text;
      }
      throw missing(name, "text");
    }

    long number(Map<String, @Nullable Object> parent, String name) {
      if (parent.get(name) instanceof Long number) {
        return number;
      }
      throw missing(name, "a whole number");
    }

    private TraceException missing(String name, String kind) {
      return new TraceException(source + ": " + name + " is missing or not " + kind);
    }
  }
}
