package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.table.Table;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.TimeCategory;

/** Rows of the larger tables, kept only for the few points whose details are shown. */
final class Details {
  private static final int MOST_MISSES = 24;

  /** A bucket of a latency histogram. */
  record Bucket(long lowestPs, long highestPs, long count) {}

  /** A sampled miss; one part per time category. */
  record Miss(
      long startPs,
      long cpu,
      long tid,
      long address,
      String place,
      String kind,
      long totalPs,
      List<Long> partsPs) {}

  /** A value of a series. */
  record Sample(long timePs, long value) {}

  private final Map<String, Map<String, List<Bucket>>> latencies = new LinkedHashMap<>();
  private final Map<String, List<SyscallRow>> syscalls = new LinkedHashMap<>();
  private final Map<String, List<ProfileRow>> profiles = new LinkedHashMap<>();
  private final Map<String, List<Miss>> misses = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Sample>>> series = new LinkedHashMap<>();

  static Details read(ResultSet set, Set<String> ids) {
    Details details = new Details();
    set.scan(SetFile.LATENCY, table -> each(table, ids, details::latency));
    set.scan(SetFile.SYSCALLS, table -> each(table, ids, details::syscall));
    set.scan(SetFile.MISSES, table -> each(table, ids, details::miss));
    set.scan(SetFile.PROFILE, table -> each(table, ids, details::profilePoint));
    set.scan(SetFile.SERIES, table -> each(table, ids, details::sample));
    return details;
  }

  private interface RowReader {
    void read(Table table, int row, String id);
  }

  private static void each(Table table, Set<String> ids, RowReader reader) {
    for (int row = 0; row < table.rows(); row++) {
      String id = table.textAt(0, row);
      if (ids.contains(id)) {
        reader.read(table, row, id);
      }
    }
  }

  private static long at(Table table, int row, String column) {
    return table.longAt(table.position(column), row);
  }

  private static String text(Table table, int row, String column) {
    return table.textAt(table.position(column), row);
  }

  private void latency(Table table, int row, String id) {
    latencies
        .computeIfAbsent(id, k -> new LinkedHashMap<>())
        .computeIfAbsent(text(table, row, "latency"), k -> new ArrayList<>())
        .add(new Bucket(
            at(table, row, "lowest_ps"), at(table, row, "highest_ps"), at(table, row, "count")));
  }

  private void syscall(Table table, int row, String id) {
    syscalls
        .computeIfAbsent(id, k -> new ArrayList<>())
        .add(new SyscallRow(
            (int) at(table, row, "number"),
            text(table, row, "name"),
            at(table, row, "calls"),
            at(table, row, "errors"),
            at(table, row, "total_ps"),
            at(table, row, "max_ps")));
  }

  private void profilePoint(Table table, int row, String id) {
    String name = text(table, row, "name");
    for (ProfilePoint point : ProfilePoint.values()) {
      if (point.kernelName().equals(name)) {
        profiles
            .computeIfAbsent(id, k -> new ArrayList<>())
            .add(new ProfileRow(
                text(table, row, "node"),
                point,
                at(table, row, "count"),
                at(table, row, "total_ps")));
      }
    }
  }

  private void miss(Table table, int row, String id) {
    List<Miss> list = misses.computeIfAbsent(id, k -> new ArrayList<>());
    if (list.size() == MOST_MISSES) {
      return;
    }
    List<Long> partsPs = new ArrayList<>();
    for (TimeCategory category : TimeCategory.values()) {
      partsPs.add(at(table, row, SetFile.partColumn(category)));
    }
    String place = "set " + at(table, row, "set") + " way " + at(table, row, "way");
    list.add(new Miss(
        at(table, row, "start_ps"),
        at(table, row, "cpu"),
        at(table, row, "tid"),
        at(table, row, "address"),
        place,
        text(table, row, "kind"),
        at(table, row, "total_ps"),
        partsPs));
  }

  private void sample(Table table, int row, String id) {
    series
        .computeIfAbsent(id, k -> new LinkedHashMap<>())
        .computeIfAbsent(text(table, row, "metric"), k -> new ArrayList<>())
        .add(new Sample(at(table, row, "time_ps"), at(table, row, "value")));
  }

  List<Bucket> latency(String id, String name) {
    return latencies.getOrDefault(id, Map.of()).getOrDefault(name, List.of());
  }

  List<SyscallRow> syscalls(String id) {
    return syscalls.getOrDefault(id, List.of());
  }

  List<ProfileRow> profile(String id) {
    return profiles.getOrDefault(id, List.of());
  }

  List<Miss> misses(String id) {
    return misses.getOrDefault(id, List.of());
  }

  Map<String, List<Sample>> series(String id) {
    return series.getOrDefault(id, Map.of());
  }
}
