package org.legosim.reports.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.reports.store.SweptKey;
import org.legosim.reports.table.ParquetTableWriter;
import org.legosim.reports.table.Table;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SyscallRow;
import org.w3c.dom.Element;

class SetComparerTest {
  /** One row of a set that a test makes up. */
  private record Spec(String mechanism, long hits, double p99Ns, String trace, long calls) {
    static Spec of(String mechanism, long hits, double p99Ns) {
      return new Spec(mechanism, hits, p99Ns, "aa", 5);
    }
  }

  private static final Metric RENAMED = new Metric("pcache_hit", Unit.COUNT, "Hits.", "");

  @TempDir
  Path folder;

  private static List<Spec> specs() {
    return new ArrayList<>(List.of(
        Spec.of("per-set-list", 1000, 8000),
        Spec.of("victim-cache", 2000, 9000.5),
        Spec.of("write-protect", 0, 12000)));
  }

  private Path write(String name, List<Spec> specs) {
    return write(name, specs, FixedMetrics.PCACHE_HITS, "0.1.0");
  }

  private Path write(String name, List<Spec> specs, Metric hits, String version) {
    List<PlannedPoint> points = new ArrayList<>();
    Map<String, RunResult> results = new LinkedHashMap<>();
    for (Spec spec : specs) {
      String id = "p" + points.size();
      RunIdentity identity = new RunIdentity("c-" + spec.mechanism(), spec.trace(), version, 1);
      points.add(new PlannedPoint(id, Map.of("pcache.eviction", spec.mechanism()), identity));
      MetricSnapshot metrics = new MetricSnapshot();
      metrics.put(hits, spec.hits());
      metrics.put(FixedMetrics.FAULT_LATENCY_P99_NS, spec.p99Ns());
      List<SyscallRow> syscalls = new ArrayList<>(List.of(
          new SyscallRow(0, "read", spec.calls(), 0, 100, 60),
          new SyscallRow(9, "mmap", 1, 0, 10, 10)));
      Collections.rotate(syscalls, points.size()); // rows in another order are the same rows
      results.put(
          id,
          new RunResult(
              identity, Map.of(), metrics, Map.of(), syscalls, List.of(), List.of(), List.of(),
              Map.of()));
    }
    List<SweptKey> keys = List.of(new SweptKey("pcache.eviction", Unit.TEXT));
    Plan plan = new Plan("m", Map.of(), List.of(), Map.of(), keys, points);
    Path set = folder.resolve(name);
    try (ResultSetWriter writer = ResultSetWriter.open(set, plan, ResultSetWriter.Mode.OVERWRITE)) {
      results.forEach(writer::add);
      writer.finish(new HostFacts("test", Instant.EPOCH, 1));
    }
    return set;
  }

  private Comparison compare(List<Spec> base, List<Spec> head, String... thresholds) {
    return Comparer.compare(
        write("base", base), write("head", head), Thresholds.parse(List.of(thresholds)), false);
  }

  @Test
  void equalSets_pass() {
    Comparison comparison = compare(specs(), specs());
    assertTrue(comparison.passed());
    assertEquals(3, comparison.rows().size());
    assertTrue(comparison
        .print(Comparison.Format.TEXT)
        .startsWith(
            "pass: 3 rows compared, 0 differ more than allowed, 0 missing, 0 changed within their"
                + " limits\n"));
  }

  @Test
  void oneCounterChangedByOne_fails() {
    List<Spec> head = specs();
    head.set(1, Spec.of("victim-cache", 2001, 9000.5));
    Comparison comparison = compare(specs(), head);
    assertFalse(comparison.passed());
    assertEquals(1, comparison.rows().stream().filter(Comparison.Row::fails).count());
    Comparison.Difference difference = comparison.rows().get(1).differences().get(0);
    assertEquals("pcache_hits", difference.metric());
    assertEquals(0.05, difference.changePercent(), 1e-12); // 1 / 2000
    String text = comparison.print(Comparison.Format.TEXT);
    assertTrue(text.contains("FAIL: 3 rows compared, 1 differ"), text);
  }

  @Test
  void droppedRow_fails_whileAnAddedOneIsNoted() {
    List<Spec> two = specs().subList(0, 2);
    Comparison dropped = compare(specs(), two);
    assertFalse(dropped.passed());
    assertTrue(dropped.rows().get(2).isMissing());
    Comparison added = compare(two, specs());
    assertTrue(added.passed());
    assertEquals(List.of("pcache.eviction=write-protect seed=1"), added.extra());
  }

  @Test
  void reorderedRows_pass() {
    List<Spec> head = specs();
    Collections.reverse(head);
    assertTrue(compare(specs(), head).passed());
  }

  @Test
  void renamedColumn_isRefused() {
    Path base = write("base", specs());
    Path head = write("head", specs(), RENAMED, "0.1.0");
    TraceException e = assertThrows(
        TraceException.class, () -> Comparer.compare(base, head, Thresholds.none(), false));
    assertTrue(
        e.getMessage().contains("lacks pcache_hits (LONG) and has pcache_hit (LONG) instead"),
        e.getMessage());
  }

  @Test
  void notANumber_isRefused() throws Exception {
    Path base = write("base", specs());
    Path head = write("head", specs());
    putNotANumber(head);
    TraceException e = assertThrows(
        TraceException.class, () -> Comparer.compare(base, head, Thresholds.none(), false));
    assertTrue(e.getMessage().contains("fault_latency_p99_ns holds NaN"), e.getMessage());
  }

  /** Our writer refuses NaN, so the file is made beside it and the manifest told of it. */
  private static void putNotANumber(Path set) throws Exception {
    Table points = ResultSet.open(set).points();
    Table damaged = new Table(points.columns());
    for (int row = 0; row < points.rows(); row++) {
      Object[] values = new Object[points.columns().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = points.at(i, row);
      }
      values[points.position("fault_latency_p99_ns")] = Double.NaN;
      damaged.add(values);
    }
    Path file = set.resolve("points.parquet");
    try (OutputStream out = Files.newOutputStream(file);
        ParquetTableWriter writer = new ParquetTableWriter(out, damaged.columns())) {
      writer.append(damaged);
    }
    byte[] bytes = Files.readAllBytes(file);
    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Path manifest = set.resolve("manifest.json");
    String text = Files.readString(manifest, StandardCharsets.UTF_8);
    Matcher facts = Pattern.compile("(points\\.parquet\": \\{\\s*\"rows\": 3,\\s*\"bytes\": )[0-9]+"
            + "(,\\s*\"sha256\": \")[0-9a-f]+")
        .matcher(text);
    assertTrue(facts.find());
    Files.writeString(
        manifest, facts.replaceFirst("$1" + bytes.length + "$2" + digest), StandardCharsets.UTF_8);
  }

  @Test
  void changedRowBehindEqualMetrics_fails_unlessAThresholdAllowsChange() {
    List<Spec> head = specs();
    head.set(0, new Spec("per-set-list", 1000, 8000, "aa", 6));
    Comparison exact = compare(specs(), head);
    assertFalse(exact.passed());
    assertEquals("syscalls.parquet", exact.rows().get(0).differences().get(0).metric());
    assertTrue(compare(specs(), head, "fault_latency_*=1").passed());
  }

  @Test
  void threshold_allowsItsPercentageAndNoMore_inItsDirectionOnly() {
    List<Spec> up = specs();
    up.set(0, Spec.of("per-set-list", 1000, 8400)); // 8000 + 5 %
    List<Spec> down = specs();
    down.set(0, Spec.of("per-set-list", 1000, 7600)); // 8000 - 5 %
    assertTrue(compare(specs(), up, "fault_latency_p99_ns=5").passed());
    assertFalse(compare(specs(), up, "fault_latency_p99_ns=4.99").passed());
    assertFalse(compare(specs(), up, "fault_latency_p99_ns=+4").passed());
    assertTrue(compare(specs(), down, "fault_latency_p99_ns=+4").passed());
    assertFalse(compare(specs(), down, "fault_latency_p99_ns=-4").passed());
    assertFalse(compare(specs(), up, "pcache_*=50").passed());
    assertTrue(compare(specs(), up, "*=50", "pcache_*=0").passed());
    assertFalse(compare(specs(), up, "*=50", "fault_*=0").passed());
    // From zero every change is beyond any percentage.
    List<Spec> fromZero = specs();
    fromZero.set(2, Spec.of("write-protect", 1, 12000));
    assertFalse(compare(specs(), fromZero, "pcache_hits=1000").passed());
  }

  @Test
  void mistypedThreshold_isRefused() {
    for (String text : List.of("x", "=5", "x=", "x=five", "x=1e9", "x=-+5")) {
      assertThrows(ConfigException.class, () -> Thresholds.parse(List.of(text)), text);
    }
    ConfigException e =
        assertThrows(ConfigException.class, () -> compare(specs(), specs(), "pcache_hit=5"));
    assertTrue(e.getMessage().contains("pcache_hits"), e.getMessage());
    // A key or an identity column is no metric.
    assertThrows(ConfigException.class, () -> compare(specs(), specs(), "seed=5"));
  }

  @Test
  void unlikeTrace_isWarnedOf_andItsRowsAreMissing() {
    List<Spec> head = specs();
    head.replaceAll(s -> new Spec(s.mechanism(), s.hits(), s.p99Ns(), "bb", s.calls()));
    Comparison comparison = compare(specs(), head);
    assertFalse(comparison.passed());
    assertTrue(comparison.warnings().get(0).contains("unlike traces"), "warned");
    assertTrue(comparison.rows().stream().allMatch(Comparison.Row::isMissing));
  }

  @Test
  void otherVersion_isNoted() {
    Path base = write("base", specs());
    Path head = write("head", specs(), FixedMetrics.PCACHE_HITS, "0.2.0");
    Comparison comparison = Comparer.compare(base, head, Thresholds.none(), false);
    assertTrue(comparison.passed());
    assertEquals(List.of("version 0.1.0 -> 0.2.0"), comparison.notes());
  }

  @Test
  void folderAgainstFile_andNothingAtAll_areRefused() throws Exception {
    Path set = write("base", specs());
    Path file = Files.writeString(folder.resolve("f.json"), "[]", StandardCharsets.UTF_8);
    for (Path other : List.of(file, folder.resolve("none"))) {
      assertThrows(
          TraceException.class, () -> Comparer.compare(set, other, Thresholds.none(), false));
    }
  }

  @Test
  void everyForm_carriesHostileNamesAsText() throws Exception {
    String hostile = "<b>&\"'|`]]>\u001b[2J\u0000@user \ufffe-->";
    List<Spec> base = specs();
    base.add(Spec.of(hostile, 1, 1));
    List<Spec> head = specs();
    head.add(Spec.of(hostile, 2, 1));
    Comparison comparison = compare(base, head);

    String junit = comparison.print(Comparison.Format.JUNIT);
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Element suite = factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(junit.getBytes(StandardCharsets.UTF_8)))
        .getDocumentElement();
    assertEquals("4", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    assertEquals(4, suite.getElementsByTagName("testcase").getLength());
    Element failing = (Element) suite.getElementsByTagName("testcase").item(3);
    assertTrue(
        failing.getAttribute("name").startsWith("pcache.eviction=<b>&\"'|`]]>\\x1b[2J\\x00@user "),
        failing.getAttribute("name"));
    Element failure = (Element) failing.getElementsByTagName("failure").item(0);
    assertNotNull(failure);
    assertEquals("pcache_hits: 1 -> 2 +100 % (allowed: equal)", failure.getTextContent());

    String markdown = comparison.print(Comparison.Format.MARKDOWN);
    assertFalse(markdown.contains("<b>") || markdown.contains("@user"), markdown);
    assertTrue(markdown.contains("| FAIL | pcache.eviction=&lt;b&gt;&amp;"), markdown);
    assertFalse(comparison.print(Comparison.Format.TEXT).contains("\u001b"));

    Map<String, Object> json =
        JsonReader.parseObject("out", comparison.print(Comparison.Format.JSON));
    assertEquals(false, json.get("passed"));
    Map<?, ?> difference = (Map<?, ?>) ((List<?>) json.get("differences")).get(0);
    assertEquals(hostile, ((Map<?, ?>) difference.get("row")).get("pcache.eviction"));
    assertEquals(100.0, ((Number) difference.get("change_pct")).doubleValue());
  }
}
