package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Numbers;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.store.SweptKey;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.Table;
import org.legosim.timing.params.Unit;

/**
 * The points of a result set as the figures see them: the numeric key with the most values is the x
 * axis, one other key chooses the colour of a line, all further ones together its mark.
 */
final class ReportModel {
  private static final int MOST_REPRESENTATIVES = 8;
  private static final int FEW_POINTS = 6;
  private static final String TRACE = "trace";
  private static final String SEED = "seed";

  /** A key whose value is not the same at all points. */
  record VaryingKey(
      String name, Unit unit, boolean numeric, List<String> labels, List<Double> values) {
    int distinct() {
      return new HashSet<>(labels).size();
    }
  }

  /**
   * A point.
   *
   * @param row in the table of points
   * @param label its place on the x axis, or its id
   */
  record Point(int row, String id, double x, String label, int colour, int mark) {}

  /** Points that share colour and mark, by x. */
  record Series(int colour, int mark, String name, List<Point> points) {}

  private final ResultSet set;
  private final Table table;
  private final @Nullable VaryingKey axis;
  private final @Nullable VaryingKey colour;
  private final List<VaryingKey> marks = new ArrayList<>();
  private final List<String> colourLabels = new ArrayList<>();
  private final List<String> markLabels = new ArrayList<>();
  private final List<Series> series = new ArrayList<>();

  ReportModel(ResultSet set) {
    this.set = set;
    this.table = set.points();
    List<VaryingKey> keys = varyingKeys();
    axis = keys.stream()
        .filter(VaryingKey::numeric)
        .max(Comparator.comparing((VaryingKey k) -> !k.name().equals(SEED))
            .thenComparingInt(VaryingKey::distinct)
            .thenComparing(k -> -keys.indexOf(k)))
        .orElse(null);
    List<VaryingKey> others = new ArrayList<>(keys);
    others.remove(axis);
    others.removeIf(key -> key.name().equals(SEED));
    colour = others.stream()
        .min(Comparator.comparing(VaryingKey::numeric).thenComparing(others::indexOf))
        .orElse(null);
    others.remove(colour);
    marks.addAll(others);
    groupPoints();
  }

  private List<VaryingKey> varyingKeys() {
    List<VaryingKey> keys = new ArrayList<>();
    for (SweptKey key : set.manifest().sweptKeys()) {
      int column = table.position(key.name());
      boolean numeric = table.columns().get(column).type() != ColumnType.TEXT;
      List<String> labels = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (int row = 0; row < table.rows(); row++) {
        labels.add(label(column, row, key.unit()));
        values.add(numeric ? table.doubleAt(column, row) : 0.0);
      }
      keys.add(new VaryingKey(key.name(), key.unit(), numeric, labels, values));
    }
    if (keys.stream().noneMatch(key -> key.name().equals(TRACE))) {
      keys.add(traceKey());
    }
    keys.removeIf(key -> key.distinct() < 2);
    return keys;
  }

  private VaryingKey traceKey() {
    Map<String, String> names = new LinkedHashMap<>();
    for (Plan.NamedTrace trace : set.manifest().traces()) {
      names.put(trace.digest(), trace.name());
    }
    int column = table.position("trace_digest");
    List<String> labels = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      String digest = table.textAt(column, row);
      labels.add(names.getOrDefault(digest, digest.substring(0, Math.min(8, digest.length()))));
    }
    return new VaryingKey(TRACE, Unit.TEXT, false, labels, List.of());
  }

  private String label(int column, int row, Unit unit) {
    if (table.isAbsent(column, row)) {
      return "\u2013";
    }
    if (table.columns().get(column).type() == ColumnType.TEXT) {
      return table.textAt(column, row);
    }
    double value = table.doubleAt(column, row);
    return unit == Unit.COUNT || unit == Unit.TEXT
        ? Numbers.exact(value)
        : Display.quantity(value, unit);
  }

  private void groupPoints() {
    Map<List<Integer>, Series> groups = new LinkedHashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      int colourIndex = colour == null ? 0 : index(colourLabels, colour.labels().get(row));
      int at = row;
      List<String> words = marks.stream().map(key -> key.labels().get(at)).toList();
      int markIndex = marks.isEmpty() ? 0 : index(markLabels, String.join(", ", words));
      String id = table.textAt(table.position(SetFile.POINT_ID), row);
      double x = axis == null ? row : axis.values().get(row);
      String label = axis == null ? id : axis.labels().get(row);
      groups
          .computeIfAbsent(
              List.of(colourIndex, markIndex),
              k -> new Series(k.get(0), k.get(1), name(at), new ArrayList<>()))
          .points()
          .add(new Point(row, id, x, label, colourIndex, markIndex));
    }
    groups.values().forEach(s -> s.points().sort(Comparator.comparingDouble(Point::x)));
    series.addAll(groups.values());
  }

  private static int index(List<String> labels, String label) {
    if (!labels.contains(label)) {
      labels.add(label);
    }
    return labels.indexOf(label);
  }

  private String name(int row) {
    List<String> words = new ArrayList<>();
    if (colour != null) {
      words.add(colour.name() + " = " + colour.labels().get(row));
    }
    marks.forEach(key -> words.add(key.name() + " = " + key.labels().get(row)));
    return String.join(", ", words);
  }

  ResultSet set() {
    return set;
  }

  Table table() {
    return table;
  }

  @Nullable
  VaryingKey axis() {
    return axis;
  }

  /** Name of the key that chooses the colour; empty when none does. */
  String colourName() {
    return colour == null ? "" : colour.name();
  }

  List<String> colourLabels() {
    return colourLabels;
  }

  String markName() {
    return String.join(", ", marks.stream().map(VaryingKey::name).toList());
  }

  List<String> markLabels() {
    return markLabels;
  }

  List<Series> series() {
    return series;
  }

  /** All points: series by series, along the axis. */
  List<Point> points() {
    return series.stream().flatMap(s -> s.points().stream()).toList();
  }

  /** A point's keys in words. */
  String name(Point point) {
    String name = name(point.row());
    if (axis == null) {
      return name.isEmpty() ? point.id() : name;
    }
    String place = axis.name() + " = " + point.label();
    return name.isEmpty() ? place : name + ", " + place;
  }

  /** True when points differ in their seed. */
  boolean variesSeed() {
    if (!table.has(SEED)) {
      return false;
    }
    int column = table.position(SEED);
    for (int row = 1; row < table.rows(); row++) {
      if (table.longAt(column, row) != table.longAt(column, 0)) {
        return true;
      }
    }
    return false;
  }

  /** A point's keys in words, but for its seed: the same for points that differ in it alone. */
  String nameWithoutSeed(Point point) {
    return axis == null || axis.name().equals(SEED) ? name(point.row()) : name(point);
  }

  /** A metric of a point; empty when its run did not report it. */
  OptionalDouble value(Point point, String metric) {
    if (!table.has(metric) || table.isAbsent(table.position(metric), point.row())) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(table.doubleAt(table.position(metric), point.row()));
  }

  /** Hits per page-level look-up; empty when there were none. */
  OptionalDouble hitRatio(Point point) {
    OptionalDouble hits = value(point, "pcache_hits");
    OptionalDouble misses = value(point, "pcache_misses");
    if (hits.isEmpty() || misses.isEmpty()) {
      return OptionalDouble.empty();
    }
    double lookups = hits.getAsDouble() + misses.getAsDouble();
    return lookups == 0 ? OptionalDouble.empty() : OptionalDouble.of(hits.getAsDouble() / lookups);
  }

  /**
   * The few points whose details the report shows: all of a few, else the middle one of each series,
   * or some along the only series.
   */
  List<Point> representatives() {
    List<Point> all = points();
    if (all.size() <= FEW_POINTS) {
      return all;
    }
    if (series.size() > 1) {
      return series.stream()
          .limit(MOST_REPRESENTATIVES)
          .map(s -> s.points().get(s.points().size() / 2))
          .toList();
    }
    List<Point> spread = new ArrayList<>();
    for (int i = 0; i < FEW_POINTS; i++) {
      spread.add(all.get((all.size() - 1) * i / (FEW_POINTS - 1)));
    }
    return spread;
  }

  /** What all representatives have in common on the axis, in words; empty when they do not. */
  String commonPlace() {
    List<Point> points = representatives();
    boolean common = axis != null
        && representsSeries()
        && points.stream().map(Point::label).distinct().count() == 1;
    return common && axis != null ? axis.name() + " = " + points.get(0).label() : "";
  }

  /** A representative's keys in words, without what all of them have in common. */
  String shortName(Point point) {
    return commonPlace().isEmpty() ? name(point) : name(point.row());
  }

  /** Whether the representatives are one per series, so that a line may wear its series' colour. */
  boolean representsSeries() {
    return points().size() > FEW_POINTS && series.size() > 1;
  }

  Set<String> ids(List<Point> points) {
    Set<String> ids = new HashSet<>();
    points.forEach(point -> ids.add(point.id()));
    return ids;
  }
}
