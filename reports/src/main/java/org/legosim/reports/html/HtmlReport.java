package org.legosim.reports.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.legosim.reports.Markup;
import org.legosim.reports.html.ReportModel.Point;
import org.legosim.reports.store.Manifest;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.ResultSet;
import org.legosim.timing.OutputException;
import org.legosim.timing.params.Unit;

/**
 * One HTML file without any reference to another: figures are SVG, style and script stand inside, and
 * its content security policy allows nothing but those two by their hashes. Equal sets give equal
 * bytes.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the report beside its final name and renames it.
   *
   * @throws OutputException when it cannot be written
   */
  public static void write(ResultSet set, Path file) {
    byte[] bytes = render(set).getBytes(StandardCharsets.UTF_8);
    Path target = file.toAbsolutePath();
    try {
      Path folder = target.getParent();
      if (folder == null) {
        throw new IOException("not the name of a file");
      }
      Files.createDirectories(folder);
      Path temporary = folder.resolve("." + target.getFileName() + ".tmp");
      try {
        Files.write(temporary, bytes);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new OutputException(
          file + ": the report cannot be written: " + e + "; choose another name with --out", e);
    }
  }

  /** The report as text. */
  public static String render(ResultSet set) {
    ReportModel model = new ReportModel(set);
    String style = resource("report.css");
    String script = resource("report.js");
    Markup body = Markup.fragment();
    Map<String, String> sections = sections(body, model);
    Markup out = Markup.html();
    out.start("html", "lang", "en").newLine().start("head").newLine();
    out.empty("meta", "charset", "utf-8").newLine();
    out.empty(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src '"
                + hash(style)
                + "'; script-src '"
                + hash(script)
                + "'; base-uri 'none'; form-action 'none'")
        .newLine();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.newLine().element("title", title(set.manifest())).newLine();
    out.own("style", style).newLine().end().newLine();
    out.start("body").newLine();
    head(out, model, sections);
    out.start("main").newLine().append(body).end().newLine();
    out.own("script", script).newLine().end().newLine().end().newLine();
    return out.toString();
  }

  /** Writes the sections that have rows in this set, and returns their titles by id. */
  private static Map<String, String> sections(Markup out, ReportModel model) {
    Details details = Details.read(model.set(), model.ids(model.representatives()));
    Figures figures = new Figures(out);
    new CurvesSection(out, model).write(figures);
    new BreakdownSection(out, model).write(figures);
    new LatencySection(out, model, details).write(figures);
    new SeriesSection(out, model, details).write(figures);
    TablesSection tables = new TablesSection(out, model);
    tables.writePoints(figures);
    new SeedSpreadSection(out, model).write(figures);
    tables.writeSyscalls(figures, details);
    tables.writeProfile(figures, details);
    new MissSection(out, model, details).write(figures);
    new DisagreementSection(out, model).write(figures);
    new OriginSection(out, model).write(figures);
    return figures.sections();
  }

  private static String title(Manifest manifest) {
    List<String> traces = manifest.traces().stream().map(Plan.NamedTrace::name).toList();
    String over = traces.size() > 3 ? traces.size() + " traces" : String.join(", ", traces);
    return manifest.machine() + (over.isEmpty() ? "" : " on " + over);
  }

  private static void head(Markup out, ReportModel model, Map<String, String> sections) {
    Manifest manifest = model.set().manifest();
    out.start("header").newLine();
    out.element("p", "legosim result report", "class", "kicker").newLine();
    out.element("h1", title(manifest)).newLine();
    List<String> keys = manifest.sweptKeys().stream().map(k -> k.name()).toList();
    String points = manifest.points() == 1 ? "One point" : manifest.points() + " points";
    out.element(
            "p",
            points + (keys.isEmpty() ? "" : " over " + String.join(" \u00d7 ", keys)),
            "class",
            "subtitle")
        .newLine();
    out.start("div", "class", "tiles").newLine();
    tile(out, model, "pcache hit ratio", Unit.RATIO, model::hitRatio);
    tile(out, model, "simulated time", Unit.NS, p -> model.value(p, "simulated_time_ns"));
    tile(out, model, "fault latency p99", Unit.NS, p -> model.value(p, "fault_latency_p99_ns"));
    tile(out, model, "RPC latency p50", Unit.NS, p -> model.value(p, "rpc_latency_p50_ns"));
    tile(
        out,
        model,
        "time on ASSUMED constants",
        Unit.RATIO,
        p -> model.value(p, "assumed_time_share"));
    out.end().newLine().start("nav");
    sections.forEach((id, title) -> out.element("a", title, "href", "#" + id).newLine());
    out.end().newLine().end().newLine();
  }

  private static void tile(
      Markup out,
      ReportModel model,
      String name,
      Unit unit,
      Function<Point, OptionalDouble> value) {
    DoubleSummaryStatistics all = new DoubleSummaryStatistics();
    for (Point point : model.points()) {
      value.apply(point).ifPresent(all);
    }
    if (all.getCount() == 0) {
      return;
    }
    List<String> ends = new ArrayList<>();
    ends.add(Display.shortQuantity(all.getMin(), unit));
    String highest = Display.shortQuantity(all.getMax(), unit);
    if (!ends.contains(highest)) {
      ends.add(highest);
    }
    out.start("div", "class", "tile");
    out.element("div", name, "class", "name");
    out.element("div", String.join(" \u2013 ", ends), "class", "value");
    out.end().newLine();
  }

  /** The source expression of a content security policy that allows exactly this text. */
  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
