package org.legosim.reports.html;

import java.util.List;
import java.util.OptionalDouble;
import org.legosim.reports.KernelTables;
import org.legosim.reports.Markup;
import org.legosim.reports.Numbers;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.store.SweptKey;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.Table;
import org.legosim.timing.params.Unit;

/** The table of points, and the system calls of a few of them. */
final class TablesSection {
  private static final int MOST_ROWS = 2000;
  private static final String NOTHING = "\u2013";

  /** A metric column of the table of points. */
  private record MetricColumn(String header, String metric, Unit unit) {}

  private static final List<MetricColumn> COLUMNS = List.of(
      new MetricColumn("simulated time", "simulated_time_ns", Unit.NS),
      new MetricColumn("accesses/s", "throughput_accesses_per_s", Unit.PER_SECOND),
      new MetricColumn("misses", "pcache_misses", Unit.COUNT),
      new MetricColumn("remote", "pcache_fill_remote", Unit.COUNT),
      new MetricColumn("evictions", "pcache_evictions", Unit.COUNT),
      new MetricColumn("flushes", "pcache_flushes", Unit.COUNT),
      new MetricColumn("fault mean", "fault_latency_mean_ns", Unit.NS),
      new MetricColumn("fault p99", "fault_latency_p99_ns", Unit.NS),
      new MetricColumn("assumed", "assumed_time_share", Unit.RATIO));

  private final Markup out;
  private final ReportModel model;

  TablesSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void writePoints(Figures figures) {
    Table table = model.table();
    List<SweptKey> keys = model.set().manifest().sweptKeys();
    List<MetricColumn> columns =
        COLUMNS.stream().filter(c -> table.has(c.metric())).toList();
    figures.section("Points", "points");
    out.start("div", "class", "wide").start("table", "class", "points");
    out.start("thead").start("tr");
    header("point", false);
    keys.forEach(key -> header(
        key.name(), table.columns().get(table.position(key.name())).type() != ColumnType.TEXT));
    header("hit ratio", true);
    columns.forEach(column -> header(column.header(), true));
    out.end().end().start("tbody").newLine();
    List<Point> points = model.points();
    for (Point point : points.subList(0, Math.min(MOST_ROWS, points.size()))) {
      out.start("tr");
      out.element("td", point.id());
      keys.forEach(key -> keyCell(key, point));
      number(model.hitRatio(point), Unit.RATIO);
      columns.forEach(column -> number(model.value(point, column.metric()), column.unit()));
      out.end().newLine();
    }
    out.end().end().end();
    if (points.size() > MOST_ROWS) {
      out.element(
          "p",
          "The first " + MOST_ROWS + " of " + points.size() + " points; the file "
              + SetFile.POINTS.fileName() + " holds them all, with every metric.",
          "class",
          "note");
    }
  }

  private void header(String text, boolean numeric) {
    out.start("th", "scope", "col", "class", numeric ? "number" : "text");
    out.element("button", text, "type", "button").end();
  }

  private void keyCell(SweptKey key, Point point) {
    Table table = model.table();
    int column = table.position(key.name());
    if (table.isAbsent(column, point.row())) {
      out.element("td", NOTHING);
    } else if (table.columns().get(column).type() == ColumnType.TEXT) {
      out.element("td", table.textAt(column, point.row()));
    } else {
      double value = table.doubleAt(column, point.row());
      String text =
          key.unit() == Unit.COUNT ? Numbers.exact(value) : Display.quantity(value, key.unit());
      out.element("td", text, "class", "number", "data-v", Numbers.exact(value));
    }
  }

  private void number(OptionalDouble value, Unit unit) {
    if (value.isEmpty()) {
      out.element("td", NOTHING, "class", "number");
      return;
    }
    double number = value.getAsDouble();
    String text = Display.cell(number, unit);
    out.element("td", text, "class", "number", "data-v", Numbers.exact(number));
  }

  /** Laid out as {@code strace -C} does, most time first. */
  void writeSyscalls(Figures figures, Details details) {
    List<Point> points = model.representatives().stream()
        .filter(p -> !details.syscalls(p.id()).isEmpty())
        .toList();
    if (points.isEmpty()) {
      return;
    }
    figures.section("System calls", "syscalls");
    out.element(
        "p",
        "Simulated time from entry to return; errors are results that were negative when the trace"
            + " was captured.",
        "class",
        "note");
    for (int i = 0; i < points.size(); i++) {
      openDetails(points.get(i), i == 0);
      out.element(
          "pre", KernelTables.strace(details.syscalls(points.get(i).id())), "class", "strace");
      out.end().newLine();
    }
  }

  /** What the kernel's own profile points say, if they were switched on. */
  void writeProfile(Figures figures, Details details) {
    List<Point> points = model.representatives().stream()
        .filter(p -> !details.profile(p.id()).isEmpty())
        .toList();
    if (points.isEmpty()) {
      return;
    }
    figures.section("Profile points", "profile");
    out.element(
        "p",
        "Simulated time inside each of the kernel's profile points, with what is nested in it and"
            + " what the points themselves cost.",
        "class",
        "note");
    for (int i = 0; i < points.size(); i++) {
      openDetails(points.get(i), i == 0);
      out.element(
          "pre", KernelTables.profile(details.profile(points.get(i).id())), "class", "strace");
      out.end().newLine();
    }
  }

  private void openDetails(Point point, boolean open) {
    if (open) {
      out.start("details", "open", "open");
    } else {
      out.start("details");
    }
    out.element("summary", model.name(point));
  }
}
