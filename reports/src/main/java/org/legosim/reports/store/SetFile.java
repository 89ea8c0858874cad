package org.legosim.reports.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.timing.results.TimeCategory;

/** The tables of a result set, one Parquet file each. */
public enum SetFile {
  /** One row per simulated point; its columns depend on the sweep. */
  POINTS,
  /** The buckets of every latency histogram that hold a value. */
  LATENCY,
  /** The simulated kernel's strace. */
  SYSCALLS,
  /** Sampled page misses with every part of their latency. */
  MISSES,
  /** Quantities over simulated time. */
  SERIES,
  /** The simulated kernel's profile points; sets of earlier versions lack it. */
  PROFILE,
  /** The simulated kernel's strace by thread; sets of earlier versions lack it. */
  THREAD_SYSCALLS;

  /** The column of {@code points.parquet} with the first disagreements, a JSON array. */
  public static final String DISAGREEMENTS = "disagreements";

  /** The column that every table begins with. */
  public static final String POINT_ID = "point_id";

  /** True for a table that sets of earlier versions lack. */
  boolean isNew() {
    return this == PROFILE || this == THREAD_SYSCALLS;
  }

  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".parquet";
  }

  /** Columns of the tables that do not depend on the sweep. */
  List<Column> fixedColumns() {
    return switch (this) {
      case POINTS ->
        columns(
            "text point_id",
            "text config_digest",
            "text trace_digest",
            "text version",
            "long seed");
      case LATENCY ->
        columns("text point_id", "text latency", "long lowest_ps", "long highest_ps", "long count");
      case SYSCALLS ->
        columns(
            "text point_id",
            "long number",
            "text name",
            "long calls",
            "long errors",
            "long total_ps",
            "long max_ps");
      case MISSES -> missColumns();
      case SERIES -> columns("text point_id", "long time_ps", "text metric", "long value");
      case THREAD_SYSCALLS ->
        columns(
            "text point_id",
            "long pid",
            "long tid",
            "long number",
            "text name",
            "long calls",
            "long errors",
            "long total_ps",
            "long max_ps");
      case PROFILE ->
        columns(
            "text point_id",
            "text node",
            "text name",
            "text parent",
            "long count",
            "long total_ps");
    };
  }

  /** The column of {@code misses.parquet} that holds one part of the latency. */
  public static String partColumn(TimeCategory category) {
    return category.name().toLowerCase(Locale.ROOT) + "_ps";
  }

  private static List<Column> missColumns() {
    List<Column> columns = new ArrayList<>(columns(
        "text point_id",
        "long start_ps",
        "long cpu",
        "long pid",
        "long tid",
        "long address",
        "long set",
        "long way",
        "text kind",
        "long total_ps"));
    for (TimeCategory category : TimeCategory.values()) {
      columns.add(new Column(partColumn(category), ColumnType.LONG));
    }
    return columns;
  }

  private static List<Column> columns(String... declarations) {
    List<Column> columns = new ArrayList<>();
    for (String declaration : declarations) {
      int space = declaration.indexOf(' ');
      String type = declaration.substring(0, space).toUpperCase(Locale.ROOT);
      columns.add(new Column(declaration.substring(space + 1), ColumnType.valueOf(type)));
    }
    return columns;
  }
}
