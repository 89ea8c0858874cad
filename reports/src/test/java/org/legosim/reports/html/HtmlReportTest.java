package org.legosim.reports.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.KernelTables;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.MadeUpSweep;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.reports.store.SweptKey;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.MissSample;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SeriesRow;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.TimeCategory;

class HtmlReportTest {
  @TempDir
  static Path shared;

  @TempDir
  Path folder;

  private static String sweepReport = "";

  @BeforeAll
  static void renderOnce() {
    MadeUpSweep.create().write(shared.resolve("set"));
    sweepReport = HtmlReport.render(ResultSet.open(shared.resolve("set")));
  }

  private static final List<String> PAYLOADS = List.of(
      "<script>document.documentElement.setAttribute('data-pwned','1')</script>",
      "</script><script>document.documentElement.setAttribute('data-pwned','2')</script>",
      "</title><img src=x onerror=\"document.documentElement.setAttribute('data-pwned','3')\">",
      "\"><svg onload=document.documentElement.setAttribute('data-pwned','4')>",
      "' onmouseover='document.documentElement.setAttribute(\"data-pwned\",\"5\")",
      "</style><style>*{display:none}</style>",
      "<iframe src=\"javascript:parent.document.documentElement.setAttribute('data-pwned',6)\">",
      "<a href=\"javascript:alert(1)\">x</a>",
      "<!--",
      "-->",
      "]]>",
      "<![CDATA[",
      "&lt;b&gt;",
      "&#60;script&#62;",
      "<base href=//evil.example/>",
      "<meta http-equiv=refresh content=0;url=//evil.example>",
      "<link rel=stylesheet href=//evil.example/x.css>",
      "<form action=//evil.example><input name=x autofocus onfocus=alert(1)>",
      "<math><mtext></mtext><mglyph><style></math><img src=x onerror=alert(1)>",
      "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
      "<template><script>alert(1)</script></template>",
      "<details open ontoggle=alert(1)>",
      "<video><source onerror=alert(1)>",
      "<object data=//evil.example>",
      "`${alert(1)}`",
      "\u2028alert(1)",
      "\u202eevil",
      "a\u0000b",
      "\ud800",
      "{{7*7}}",
      "javascript:alert(1)",
      "<xss style=xss:expression(alert(1))>",
      "<IMG SRC=x OnErRoR=alert(1)>",
      "<<script>alert(1)//<</script>",
      "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
      "<textarea></textarea><script>alert(1)</script>",
      "%3Cscript%3Ealert(1)%3C/script%3E",
      "\\u003cscript\\u003e",
      "x\" style=\"background:url(//evil.example)",
      "<plaintext>");

  /** A set whose every name is a payload. */
  private ResultSet hostile() {
    List<PlannedPoint> points = new ArrayList<>();
    Map<String, RunResult> results = new LinkedHashMap<>();
    for (String payload : PAYLOADS) {
      RunIdentity identity = new RunIdentity(payload, payload, payload, 1);
      String id = "p" + points.size();
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("pcache.size", (long) points.size() % 4);
      keys.put("name", payload);
      points.add(new PlannedPoint(id, keys, identity));
      results.put(id, hostile(identity, payload));
    }
    Plan plan = new Plan(
        PAYLOADS.get(1),
        Map.of(PAYLOADS.get(0), PAYLOADS.get(1)),
        PAYLOADS.stream().map(p -> new Plan.NamedTrace(p, p)).toList(),
        Map.of(PAYLOADS.get(0), PAYLOADS.get(1)),
        List.of(new SweptKey("pcache.size", Unit.BYTES), new SweptKey("name", Unit.TEXT)),
        points);
    Path set = folder.resolve("hostile");
    try (ResultSetWriter writer = ResultSetWriter.open(set, plan, ResultSetWriter.Mode.NEW)) {
      results.forEach(writer::add);
      writer.finish(new HostFacts(PAYLOADS.get(0), Instant.EPOCH, 1));
    }
    return ResultSet.open(set);
  }

  private static RunResult hostile(RunIdentity identity, String payload) {
    MetricSnapshot metrics = new MetricSnapshot();
    metrics.put(FixedMetrics.SIMULATED_TIME_NS, 1000L + payload.length());
    metrics.put(FixedMetrics.THREAD_TIME_NS, 100L);
    metrics.put(TimeCategory.COMPUTE.metric(), 100L);
    metrics.put(new Metric("other_metric", Unit.COUNT, payload, payload), 1L);
    LatencyCounts latency = new LatencyCounts();
    latency.record(5000);
    Long[] parts = new Long[TimeCategory.values().length];
    java.util.Arrays.fill(parts, 1L);
    MissSample miss = new MissSample(1, 0, 1, 1, -1L, 3, 4, payload, parts.length, List.of(parts));
    return new RunResult(
        identity,
        Map.of(payload, payload),
        metrics,
        Map.of("fault_latency", latency, payload, latency),
        List.of(new SyscallRow(1, payload, 1, 1, 1, 1)),
        List.of(miss),
        List.of(new SeriesRow(1000, payload, 5)),
        List.of(payload),
        List.of(new Disagreement(1, 2, 3, payload, payload, payload)),
        Map.of(payload, 100L),
        List.of(new ProfileRow(payload, ProfilePoint.PCACHE_ALLOC, 1, 1)));
  }

  @Test
  void hostileNames_becomeNoElementAndNoAttribute() {
    ResultSet hostileSet = hostile();
    String html = HtmlReport.render(hostileSet);
    String body = html.substring(html.indexOf("<body>"));
    // Elements and attributes that the report never uses can only come from a payload.
    for (String element : List.of(
        "<img",
        "<iframe",
        "<base",
        "<link",
        "<form",
        "<input",
        "<xss",
        "<video",
        "<template",
        "<math",
        "<object",
        "<noscript",
        "<textarea",
        "<plaintext",
        "<animate",
        "<source",
        "<!--",
        "<IMG")) {
      assertFalse(body.contains(element), element);
    }
    assertFalse(
        Pattern.compile("<[^>\"]*(\"[^\"]*\"[^>\"]*)* on[a-z]+=").matcher(body).find());
    assertEquals(2, html.split("</script", -1).length);
    assertEquals(2, html.split("</style", -1).length);
    assertEquals(2, html.split("</title>\n<style", -1).length);
    assertTrue(body.contains("&lt;script&gt;document.documentElement"), "shown as text");
    assertTrue(body.contains("Disagreements with the capture"));
    assertEquals(
        PAYLOADS.size(), ((List<?>) hostileSet.manifest().json().get("disagreements")).size());
    assertTrue(body.contains("  pcache_alloc"));
  }

  @Test
  void hostileReport_inABrowser_runsNothing_andShowsTheText() throws Exception {
    Path chromium = Path.of("/usr/bin/chromium");
    assumeTrue(
        Files.isExecutable(chromium), "chromium is not installed (apt-get install chromium)");
    Path report = folder.resolve("report.html");
    HtmlReport.write(hostile(), report);
    String dom = dom(chromium, report);
    assertTrue(dom.contains("<html lang=\"en\">"), dom.substring(0, Math.min(400, dom.length())));
    Matcher heading = Pattern.compile("(?s)<h1>(.*?)</h1>").matcher(dom);
    assertTrue(heading.find());
    assertEquals(
        "&lt;/script&gt;&lt;script&gt;document.documentElement.setAttribute('data-pwned','2')"
            + "&lt;/script&gt; on 40 traces",
        heading.group(1));
  }

  private String dom(Path chromium, Path report) throws IOException, InterruptedException {
    File out = folder.resolve("dom.html").toFile();
    Process process = new ProcessBuilder(
            chromium.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"),
            "--dump-dom",
            report.toUri().toString())
        .redirectOutput(out)
        .redirectError(new File("/dev/null"))
        .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("chromium did not end");
    }
    return Files.readString(out.toPath(), StandardCharsets.UTF_8);
  }

  @Test
  void report_refersToNothingOutsideOfItself() throws Exception {
    String html = sweepReport;
    assertFalse(html.contains("http:") || html.contains("https:"), "a link");
    assertFalse(html.contains("src=") || html.contains("url(") || html.contains("@import"));
    assertFalse(Pattern.compile(" style=\"").matcher(html).find(), "a style attribute");
    Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(html);
    while (links.find()) {
      assertTrue(links.group(1).startsWith("#"), links.group(1));
      assertTrue(html.contains("id=\"" + links.group(1).substring(1) + "\""), links.group(1));
    }
    // The policy names exactly the style and the script that stand in the file.
    for (String element : List.of("style", "script")) {
      Matcher content =
          Pattern.compile("(?s)<" + element + ">(.*)</" + element + ">").matcher(html);
      assertTrue(content.find());
      byte[] digest = MessageDigest.getInstance("SHA-256")
          .digest(content.group(1).getBytes(StandardCharsets.UTF_8));
      String hash = "sha256-" + Base64.getEncoder().encodeToString(digest);
      assertTrue(html.contains(element + "-src &#39;" + hash + "&#39;"), element);
    }
    assertTrue(html.contains("content=\"default-src &#39;none&#39;; "));
  }

  @Test
  void report_hasItsFiguresAndTables() {
    for (String section : List.of(
        "Across the sweep",
        "Where the time goes",
        "Latency distributions",
        "Over simulated time",
        "Points",
        "System calls",
        "Sampled misses",
        "How far to trust this",
        "Identity")) {
      assertTrue(sweepReport.contains(">" + section + "</h2>"), section);
    }
    assertEquals(37, sweepReport.split("<tr><td>p|\\n<tr><td>p", -1).length);
    assertTrue(sweepReport.contains("pcache.size [MiB]"));
    assertTrue(sweepReport.contains("network.model"));
    assertTrue(sweepReport.contains("kernel.pte.update"));
    assertTrue(sweepReport.contains("file contents are not simulated"));
  }

  @Test
  void equalSets_giveEqualReports() {
    MadeUpSweep.create().write(folder.resolve("again"));
    assertEquals(sweepReport, HtmlReport.render(ResultSet.open(folder.resolve("again"))));
  }

  @Test
  void singlePointWithHardlyAnything_isReportedToo() {
    MetricSnapshot metrics = new MetricSnapshot().put(FixedMetrics.PCACHE_HITS, 0L);
    RunIdentity identity = new RunIdentity("c", "t", "v", 1);
    RunResult result = new RunResult(
        identity, Map.of(), metrics, Map.of(), List.of(), List.of(), List.of(), List.of(),
        Map.of());
    Plan plan = new Plan(
        "m",
        Map.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(new PlannedPoint("run", Map.of(), identity)));
    Path set = folder.resolve("one");
    try (ResultSetWriter writer = ResultSetWriter.open(set, plan, ResultSetWriter.Mode.NEW)) {
      writer.add("run", result);
      writer.finish(new HostFacts("c", Instant.EPOCH, 1));
    }
    String html = HtmlReport.render(ResultSet.open(set));
    assertTrue(html.contains("One point"));
    assertFalse(html.contains("Across the sweep"));
  }

  @Test
  void straceTable_isLaidOutAsStraceDoes() {
    String text = KernelTables.strace(List.of(
        new SyscallRow(0, "openat", 4, 1, 40_000_000, 0),
        new SyscallRow(0, "read", 3, 0, 120_000_000, 0)));
    String expected = """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
         75.00    0.000120          40         3           read
         25.00    0.000040          10         4         1 openat
        ------ ----------- ----------- --------- --------- ----------------
        100.00    0.000160          22         7         1 total
        """;
    assertEquals(expected, text);
  }
}
