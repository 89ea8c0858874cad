package org.legosim.reports.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Numbers;
import org.legosim.reports.Quantity;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Comparison.Row;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.store.SweptKey;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.Table;
import org.legosim.timing.TraceException;
import org.legosim.timing.params.Unit;

/**
 * Compares two result sets: rows matched by swept keys, trace digest and seed, every metric, and the
 * other tables row for row whatever their order.
 */
final class SetComparer {
  private static final String TRACE = "trace_digest";
  private static final String SEED = "seed";
  /** They say where a row comes from, not what it found. */
  private static final Set<String> ORIGIN =
      Set.of(SetFile.POINT_ID, "config_digest", TRACE, "version", SEED);

  private static final int DIGEST_SHOWN = 12;

  private final ResultSet base;
  private final ResultSet head;
  private final Thresholds thresholds;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  SetComparer(ResultSet base, ResultSet head, Thresholds thresholds) {
    this.base = base;
    this.head = head;
    this.thresholds = thresholds;
  }

  Comparison compare() {
    checkSchema();
    thresholds.checkNames(metrics(), "metric");
    checkTraces();
    noteOrigin("version");
    Map<Map<String, Object>, Integer> heads = rowsByKey(head);
    Map<Map<String, Object>, Integer> bases = rowsByKey(base);
    Map<String, String> pairs = new LinkedHashMap<>();
    bases.forEach((key, row) -> {
      Integer match = heads.get(key);
      if (match != null) {
        pairs.put(base.points().textAt(0, row), head.points().textAt(0, match));
      }
    });
    Map<String, List<Difference>> details = details(pairs);
    List<Row> rows = new ArrayList<>();
    bases.forEach((key, row) -> {
      Integer match = heads.remove(key);
      List<Difference> differences = new ArrayList<>();
      if (match != null) {
        differences.addAll(differences(row, match));
        differences.addAll(details.getOrDefault(base.points().textAt(0, row), List.of()));
      }
      rows.add(new Row(name(key), key, match == null, differences));
    });
    List<String> extra = heads.keySet().stream().map(this::name).toList();
    if (!extra.isEmpty()) {
      notes.add(extra.size() + " rows stand only in " + head.folder());
    }
    return new Comparison(
        base.folder().toString(), head.folder().toString(), rows, extra, warnings, notes);
  }

  private void checkSchema() {
    List<String> baseKeys =
        base.manifest().sweptKeys().stream().map(SweptKey::name).toList();
    List<String> headKeys =
        head.manifest().sweptKeys().stream().map(SweptKey::name).toList();
    if (!Set.copyOf(baseKeys).equals(Set.copyOf(headKeys))) {
      throw new TraceException(head.folder() + ": sweeps " + headKeys + ", " + base.folder()
          + " sweeps " + baseKeys + "; only sets with the same swept keys can be compared");
    }
    Set<Column> missing = new LinkedHashSet<>(base.points().columns());
    head.points().columns().forEach(missing::remove);
    Set<Column> added = new LinkedHashSet<>(head.points().columns());
    base.points().columns().forEach(added::remove);
    if (!missing.isEmpty()) {
      throw new TraceException(head.folder() + ": unlike schema: it lacks " + names(missing)
          + (added.isEmpty() ? "" : " and has " + names(added) + " instead")
          + "; make both sets with versions that share a schema");
    }
    if (!added.isEmpty()) {
      warnings.add("not compared, since the base lacks them: " + names(added));
    }
  }

  private static String names(Set<Column> columns) {
    return String.join(
        ", ", columns.stream().map(c -> c.name() + " (" + c.type() + ")").toList());
  }

  private List<String> metrics() {
    Set<String> keys = new LinkedHashSet<>(ORIGIN);
    base.manifest().sweptKeys().forEach(key -> keys.add(key.name()));
    return base.points().columns().stream()
        .map(Column::name)
        .filter(name -> !keys.contains(name))
        .toList();
  }

  private void checkTraces() {
    Set<String> baseTraces = texts(base.points(), TRACE);
    Set<String> headTraces = texts(head.points(), TRACE);
    if (!baseTraces.equals(headTraces)) {
      warnings.add("the sets replay unlike traces, so rows of different traces do not match: "
          + shortened(baseTraces) + " and " + shortened(headTraces));
    }
  }

  private void noteOrigin(String column) {
    Set<String> from = texts(base.points(), column);
    Set<String> to = texts(head.points(), column);
    if (!from.equals(to)) {
      notes.add(column + " " + String.join(", ", from) + " -> " + String.join(", ", to));
    }
  }

  private static Set<String> texts(Table table, String column) {
    Set<String> texts = new LinkedHashSet<>();
    int position = table.position(column);
    for (int row = 0; row < table.rows(); row++) {
      texts.add(table.textAt(position, row));
    }
    return texts;
  }

  private static String shortened(Set<String> digests) {
    return String.join(", ", digests.stream().map(SetComparer::shortened).toList());
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(DIGEST_SHOWN, digest.length()));
  }

  private Map<Map<String, Object>, Integer> rowsByKey(ResultSet set) {
    Table points = set.points();
    Map<Map<String, Object>, Integer> rows = new LinkedHashMap<>();
    for (int row = 0; row < points.rows(); row++) {
      Map<String, Object> key = new LinkedHashMap<>();
      for (SweptKey swept : base.manifest().sweptKeys()) {
        Object value = points.at(points.position(swept.name()), row);
        if (value != null) {
          key.put(swept.name(), value);
        }
      }
      key.put(TRACE, points.textAt(points.position(TRACE), row));
      key.put(SEED, points.longAt(points.position(SEED), row));
      if (rows.put(key, row) != null) {
        throw new TraceException(set.folder() + ": two rows have the keys " + name(key));
      }
    }
    return rows;
  }

  /** Keys in words; trace and seed only when they tell rows apart. */
  private String name(Map<String, Object> key) {
    List<String> words = new ArrayList<>();
    for (SweptKey swept : base.manifest().sweptKeys()) {
      Object value = key.get(swept.name());
      if (value != null) {
        words.add(swept.name() + "=" + word(value, swept.unit()));
      }
    }
    if (texts(base.points(), TRACE).size() > 1 || words.isEmpty()) {
      words.add("trace=" + shortened(String.valueOf(key.get(TRACE))));
    }
    words.add("seed=" + key.get(SEED));
    return String.join(" ", words);
  }

  static String word(Object value, Unit unit) {
    if (value instanceof Number number) {
      return unit == Unit.TEXT || unit == Unit.COUNT
          ? plain(value)
          : Quantity.text(number.doubleValue(), unit);
    }
    return value.toString();
  }

  static String plain(@Nullable Object value) {
    return value == null
        ? "absent"
        : value instanceof Double number ? Numbers.exact(number) : value.toString();
  }

  private List<Difference> differences(int baseRow, int headRow) {
    List<Difference> differences = new ArrayList<>();
    for (String metric : metrics()) {
      Object from = base.points().at(base.points().position(metric), baseRow);
      Object to = head.points().at(head.points().position(metric), headRow);
      Difference difference = Differences.between(metric, from, to, thresholds.of(metric));
      if (difference != null) {
        differences.add(difference);
      }
    }
    return differences;
  }

  /** Per point of the base: the other tables that are not the same, order of rows aside. */
  private Map<String, List<Difference>> details(Map<String, String> pairs) {
    Map<String, List<Difference>> details = new LinkedHashMap<>();
    for (SetFile file : SetFile.values()) {
      if (file == SetFile.POINTS) {
        continue;
      }
      Map<String, RowDigest> from = RowDigest.byPoint(base, file);
      Map<String, RowDigest> to = RowDigest.byPoint(head, file);
      pairs.forEach((basePoint, headPoint) -> {
        RowDigest a = from.getOrDefault(basePoint, RowDigest.NONE);
        RowDigest b = to.getOrDefault(headPoint, RowDigest.NONE);
        if (!a.equals(b)) {
          // With a threshold on any metric the rows behind it may differ too.
          boolean fails = thresholds.isEmpty();
          details
              .computeIfAbsent(basePoint, p -> new ArrayList<>())
              .add(new Difference(
                  file.fileName(),
                  a.rows() + " rows",
                  b.rows() + " rows" + (a.rows() == b.rows() ? ", other content" : ""),
                  null,
                  fails ? Differences.EQUAL : "none",
                  fails));
        }
      });
    }
    return details;
  }
}
