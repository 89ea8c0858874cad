package org.legosim.reports.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Json;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.Table;
import org.legosim.timing.ModelException;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.MissSample;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SeriesRow;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.ThreadSyscalls;

/**
 * One point's rows of every table, and the definitions of its metrics.
 *
 * @param metrics in the order of their columns
 */
record PointTables(String id, List<Metric> metrics, Map<SetFile, Table> tables) {
  /** Fidelity levels, as a JSON object. */
  static final Column LEVELS = new Column("levels", ColumnType.TEXT);
  /** What the run approximated, as a JSON array. */
  static final Column APPROXIMATIONS = new Column("approximations", ColumnType.TEXT);
  /** The first disagreements between capture and simulated kernel, as a JSON array. */
  static final Column DISAGREEMENTS = new Column(SetFile.DISAGREEMENTS, ColumnType.TEXT);
  /** Thread time in picoseconds that rests on each ASSUMED constant, as a JSON object. */
  static final Column ASSUMED = new Column("assumed_ps", ColumnType.TEXT);

  Table table(SetFile file) {
    return Objects.requireNonNull(tables.get(file));
  }

  static PointTables of(Plan plan, PlannedPoint point, RunResult result) {
    if (!result.identity().equals(point.identity())) {
      throw new ModelException("point " + point.id() + " was planned as " + point.identity()
          + " and simulated as " + result.identity());
    }
    Map<SetFile, Table> tables = new EnumMap<>(SetFile.class);
    tables.put(SetFile.POINTS, points(plan, point, result));
    tables.put(SetFile.LATENCY, latencies(point.id(), result.latencies()));
    tables.put(SetFile.SYSCALLS, syscalls(point.id(), result.syscalls()));
    tables.put(SetFile.MISSES, misses(point.id(), result.misses()));
    tables.put(SetFile.SERIES, series(point.id(), result.series()));
    tables.put(SetFile.PROFILE, profile(point.id(), result.profile()));
    tables.put(SetFile.THREAD_SYSCALLS, threads(point.id(), result.threadSyscalls()));
    List<Metric> metrics =
        result.metrics().entries().stream().map(MetricSnapshot.Entry::metric).toList();
    return new PointTables(point.id(), metrics, tables);
  }

  private static Table points(Plan plan, PlannedPoint point, RunResult result) {
    RunIdentity identity = result.identity();
    Map<Column, @Nullable Object> row = new LinkedHashMap<>();
    List<Column> fixed = SetFile.POINTS.fixedColumns();
    row.put(fixed.get(0), point.id());
    row.put(fixed.get(1), identity.configDigest());
    row.put(fixed.get(2), identity.traceDigest());
    row.put(fixed.get(3), identity.version());
    row.put(fixed.get(4), identity.seed());
    for (SweptKey key : plan.sweptKeys()) {
      Column column = plan.column(key);
      row.put(column, converted(point.keys().get(key.name()), column.type()));
    }
    for (MetricSnapshot.Entry entry : result.metrics().entries()) {
      ColumnType type = entry.integral() ? ColumnType.LONG : ColumnType.DOUBLE;
      row.put(new Column(entry.metric().name(), type), entry.value());
    }
    row.put(LEVELS, Json.compact(result.levels()));
    row.put(APPROXIMATIONS, Json.compact(result.approximations()));
    row.put(DISAGREEMENTS, Json.compact(disagreements(result.disagreements())));
    row.put(ASSUMED, Json.compact(result.assumed()));
    Table table = new Table(new ArrayList<>(row.keySet()));
    table.add(row.values().toArray());
    return table;
  }

  /** A key's value in the type that its column has over all points. */
  private static @Nullable Object converted(@Nullable Object value, ColumnType type) {
    if (value instanceof Long number && type == ColumnType.DOUBLE) {
      return (double) number;
    } else if (value != null && type == ColumnType.TEXT) {
      return value instanceof Double number
          ? org.legosim.reports.Numbers.exact(number)
          : value.toString();
    }
    return value;
  }

  private static Table latencies(String id, Map<String, LatencyCounts> latencies) {
    Table table = new Table(SetFile.LATENCY.fixedColumns());
    latencies.forEach((name, counts) -> counts.forEachBucket(
        (lowestPs, highestPs, count) -> table.add(id, name, lowestPs, highestPs, count)));
    return table;
  }

  private static Table syscalls(String id, List<SyscallRow> rows) {
    Table table = new Table(SetFile.SYSCALLS.fixedColumns());
    for (SyscallRow row : rows) {
      long number = row.number();
      table.add(id, number, row.name(), row.calls(), row.errors(), row.totalPs(), row.maxPs());
    }
    return table;
  }

  private static Table threads(String id, List<ThreadSyscalls> threads) {
    Table table = new Table(SetFile.THREAD_SYSCALLS.fixedColumns());
    for (ThreadSyscalls thread : threads) {
      for (SyscallRow row : thread.rows()) {
        table.add(
            id,
            (long) thread.pid(),
            (long) thread.tid(),
            (long) row.number(),
            row.name(),
            row.calls(),
            row.errors(),
            row.totalPs(),
            row.maxPs());
      }
    }
    return table;
  }

  private static Table profile(String id, List<ProfileRow> rows) {
    Table table = new Table(SetFile.PROFILE.fixedColumns());
    for (ProfileRow row : rows) {
      ProfilePoint parent = row.point().parent();
      table.add(
          id,
          row.node(),
          row.point().kernelName(),
          parent == null ? "" : parent.kernelName(),
          row.count(),
          row.totalPs());
    }
    return table;
  }

  /** As JSON objects. */
  private static List<Map<String, Object>> disagreements(List<Disagreement> disagreements) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Disagreement disagreement : disagreements) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("pid", disagreement.pid());
      row.put("tid", disagreement.tid());
      row.put("record", disagreement.record());
      row.put("call", disagreement.call());
      row.put("captured", disagreement.captured());
      row.put("simulated", disagreement.simulated());
      rows.add(row);
    }
    return rows;
  }

  private static Table misses(String id, List<MissSample> samples) {
    Table table = new Table(SetFile.MISSES.fixedColumns());
    for (MissSample miss : samples) {
      long sumPs = miss.partsPs().stream().mapToLong(Long::longValue).sum();
      if (sumPs != miss.totalPs()) {
        throw new ModelException("point " + id + ": the parts of the miss at " + miss.startPs()
            + " ps add up to " + sumPs + " ps, its latency is " + miss.totalPs() + " ps");
      }
      List<Object> row = new ArrayList<>();
      row.add(id);
      row.add(miss.startPs());
      row.add((long) miss.cpu());
      row.add((long) miss.pid());
      row.add((long) miss.tid());
      row.add(miss.address());
      row.add((long) miss.set());
      row.add((long) miss.way());
      row.add(miss.kind());
      row.add(miss.totalPs());
      row.addAll(miss.partsPs());
      table.add(row.toArray());
    }
    return table;
  }

  private static Table series(String id, List<SeriesRow> rows) {
    Table table = new Table(SetFile.SERIES.fixedColumns());
    for (SeriesRow row : rows) {
      table.add(id, row.timePs(), row.metric(), row.value());
    }
    return table;
  }
}
