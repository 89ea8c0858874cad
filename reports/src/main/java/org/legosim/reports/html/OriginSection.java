package org.legosim.reports.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.JsonReader;
import org.legosim.reports.Markup;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.store.Manifest;
import org.legosim.reports.store.Plan;
import org.legosim.reports.table.Table;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.params.Unit;

/** How far to trust the numbers, and what they come from. */
final class OriginSection {
  private static final int MOST_ASSUMED = 15;
  private static final double WIDTH = 760;

  private final Markup out;
  private final ReportModel model;

  OriginSection(Markup out, ReportModel model) {
    this.out = out;
    this.model = model;
  }

  void write(Figures figures) {
    figures.section("How far to trust this", "trust");
    levels();
    approximations();
    assumed(figures);
    figures.section("Identity", "identity");
    identity();
    dictionary();
  }

  private List<String> column(String name) {
    Table table = model.table();
    List<String> texts = new ArrayList<>();
    if (table.has(name)) {
      for (Point point : model.points()) {
        texts.add(table.textAt(table.position(name), point.row()));
      }
    }
    return texts;
  }

  private void levels() {
    Map<String, Set<String>> values = new TreeMap<>();
    for (String json : new LinkedHashSet<>(column("levels"))) {
      JsonReader.parseObject("levels", json)
          .forEach((part, level) ->
              values.computeIfAbsent(part, p -> new LinkedHashSet<>()).add(String.valueOf(level)));
    }
    if (values.isEmpty()) {
      return;
    }
    out.element("h3", "Fidelity levels used");
    out.start("dl", "class", "facts");
    values.forEach((part, levels) -> {
      out.element("dt", part);
      out.element("dd", String.join(", ", levels));
    });
    out.end();
  }

  private void approximations() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> columns = column("approximations");
    for (String json : columns) {
      if (JsonReader.parse("approximations", json) instanceof List<?> list) {
        list.forEach(sentence -> counts.merge(String.valueOf(sentence), 1, Integer::sum));
      }
    }
    out.element("h3", "Approximations");
    if (counts.isEmpty()) {
      out.element("p", "None was reported.");
      return;
    }
    out.start("ul");
    counts.forEach((sentence, count) -> {
      String where = count == columns.size() ? "" : " (" + count + " points)";
      out.element("li", sentence + where);
    });
    out.end();
  }

  /** The largest share of thread time, over all points, that rests on each ASSUMED constant. */
  private void assumed(Figures figures) {
    Table table = model.table();
    Map<String, Double> largest = new TreeMap<>();
    double highest = 0;
    for (Point point : model.points()) {
      highest = Math.max(highest, model.value(point, "assumed_time_share").orElse(0));
      OptionalDouble threadNs = model.value(point, "thread_time_ns");
      if (!table.has("assumed_ps") || threadNs.orElse(0) == 0) {
        continue;
      }
      String json = table.textAt(table.position("assumed_ps"), point.row());
      Map<String, @Nullable Object> constants = JsonReader.parseObject("assumed_ps", json);
      constants.forEach((key, ps) -> {
        double share =
            ps instanceof Number number ? number.doubleValue() / 1000 / threadNs.getAsDouble() : 0;
        largest.merge(key, share, Math::max);
      });
    }
    out.element("h3", "Time that rests on constants without a source");
    out.element(
        "p",
        "At most "
            + Display.quantity(highest, Unit.RATIO)
            + " of the simulated thread time, over all points, rests on constants whose status is"
            + " ASSUMED.");
    if (largest.isEmpty()) {
      return;
    }
    List<Map.Entry<String, Double>> sorted = new ArrayList<>(largest.entrySet());
    sorted.sort(Map.Entry.<String, Double>comparingByValue().reversed());
    figures.figure(
        "The ASSUMED constants that matter most: the largest share of thread time at any point.",
        () -> {},
        () -> bars(sorted.subList(0, Math.min(MOST_ASSUMED, sorted.size()))));
  }

  private void bars(List<Map.Entry<String, Double>> constants) {
    double longest = constants.get(0).getValue();
    List<PlainBars.Bar> bars = new ArrayList<>();
    for (Map.Entry<String, Double> constant : constants) {
      double share = constant.getValue();
      String text = Display.quantity(share, Unit.RATIO);
      bars.add(new PlainBars.Bar(constant.getKey(), share, text, 0));
    }
    Axis axis = Axis.ofLength("share of thread time", longest, Unit.RATIO);
    PlainBars.draw(out, "", WIDTH, axis, bars);
  }

  private void identity() {
    Manifest manifest = model.set().manifest();
    out.start("dl", "class", "facts");
    fact("machine", manifest.machine());
    fact("models", "legosim " + String.join(", ", manifest.versions()));
    for (Plan.NamedTrace trace : manifest.traces()) {
      fact("trace", trace.name() + ", SHA-256 " + trace.digest());
    }
    Set<String> seeds = new LinkedHashSet<>();
    Table table = model.table();
    for (Point point : model.points()) {
      seeds.add(Long.toString(table.longAt(table.position("seed"), point.row())));
    }
    fact("seed", String.join(", ", seeds));
    fact("points", Long.toString(manifest.points()));
    Set<String> configs = new LinkedHashSet<>(column("config_digest"));
    fact(
        "configurations",
        configs.size() == 1
            ? "SHA-256 " + configs.iterator().next()
            : configs.size() + ", their digests stand in the column config_digest");
    out.end();
  }

  private void fact(String name, String value) {
    out.element("dt", name);
    out.element("dd", value);
  }

  private void dictionary() {
    out.start("details").element("summary", "What every metric means");
    out.start("div", "class", "wide").start("table").start("thead").start("tr");
    for (String header : List.of("metric", "unit", "definition", "identity")) {
      out.element("th", header);
    }
    out.end().end().start("tbody");
    for (Metric metric : model.set().manifest().metrics()) {
      out.start("tr");
      out.start("td").element("code", metric.name()).end();
      out.element("td", metric.unit().symbol());
      out.element("td", metric.definition());
      out.element("td", metric.identity());
      out.end().newLine();
    }
    out.end().end().end().end();
  }
}
