package org.legosim.reports.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

class JmhComparerTest {
  @TempDir
  Path folder;

  /** In the shape of JMH 1.37's result files. */
  private Path file(String name, String jdk, String decode, String queue) throws IOException {
    String text = """
        [
          {"jmhVersion": "1.37", "benchmark": "b.Decode.stored", "mode": "thrpt", "threads": 1,
           "jdkVersion": "JDK", "vmName": "OpenJDK", "vmVersion": "17+8",
           "params": {"codec": "stored"},
           "primaryMetric": {"score": DECODE, "scoreError": "NaN", "scoreUnit": "ops/s"},
           "secondaryMetrics": {}},
          {"jmhVersion": "1.37", "benchmark": "b.Queue.hold", "mode": "avgt", "threads": 1,
           "jdkVersion": "JDK", "vmName": "OpenJDK", "vmVersion": "17+8",
           "primaryMetric": {"score": QUEUE, "scoreError": 0.5, "scoreUnit": "ns/op"},
           "secondaryMetrics": {}}
        ]
        """;
    return Files.writeString(
        folder.resolve(name),
        text.replace("JDK", jdk).replace("DECODE", decode).replace("QUEUE", queue),
        StandardCharsets.UTF_8);
  }

  private Comparison compare(String decode, String queue, String... thresholds) throws IOException {
    Path base = file("base.json", "17.0.15", "100", "20");
    Path head = file("head.json", "17.0.15", decode, queue);
    return Comparer.compare(base, head, Thresholds.parse(List.of(thresholds)), false);
  }

  @Test
  void tenPercentSlowerIsAllowed_moreIsNot_andFasterAlwaysIs() throws IOException {
    assertTrue(compare("100", "20").passed());
    assertTrue(compare("90.1", "21.9").passed());
    assertFalse(compare("89.9", "20").passed()); // throughput: less is worse
    assertFalse(compare("100", "22.1").passed()); // time: more is worse
    assertTrue(compare("300", "5").passed());
  }

  @Test
  void thresholdsApplyByBenchmark() throws IOException {
    assertTrue(compare("60", "20", "b.Decode*=50").passed());
    assertFalse(compare("60", "20", "b.Queue*=50").passed());
    assertFalse(compare("97", "20", "b.Decode*=2").passed());
    assertFalse(compare("103", "20", "*=+2").passed()); // an increase, asked for by its sign
    assertThrows(ConfigException.class, () -> compare("97", "20", "c.*=2"));
  }

  @Test
  void rows_areNamedByBenchmarkParametersAndMode() throws IOException {
    Comparison comparison = compare("100", "20");
    assertEquals(
        "b.Decode.stored codec=stored (thrpt)", comparison.rows().get(0).name());
    assertTrue(comparison.warnings().get(0).contains("one host is assumed"));
  }

  @Test
  void unlikeJvmOrHost_isRefused_unlessToldOtherwise() throws IOException {
    Path base = file("base.json", "17.0.15", "100", "20");
    Path head = file("head.json", "25.0.3", "100", "20");
    TraceException e = assertThrows(
        TraceException.class, () -> Comparer.compare(base, head, Thresholds.none(), false));
    assertTrue(e.getMessage().contains("jdkVersion 17.0.15 and 25.0.3"), e.getMessage());
    assertTrue(Comparer.compare(base, head, Thresholds.none(), true).passed());

    Path sameJvm = file("other.json", "17.0.15", "100", "20");
    host("base.host.json", "EPYC");
    host("other.host.json", "EPYC");
    Comparison same = Comparer.compare(base, sameJvm, Thresholds.none(), false);
    assertEquals(List.of(), same.warnings());
    host("other.host.json", "Xeon");
    assertThrows(
        TraceException.class, () -> Comparer.compare(base, sameJvm, Thresholds.none(), false));
  }

  private void host(String name, String processor) throws IOException {
    Files.writeString(
        folder.resolve(name), "{\"processor\": \"" + processor + "\"}", StandardCharsets.UTF_8);
  }

  @Test
  void missingBenchmark_fails_andOtherFilesAreRefused() throws IOException {
    Path base = file("base.json", "17", "100", "20");
    String text = Files.readString(base, StandardCharsets.UTF_8);
    String one = text.substring(0, text.indexOf("},\n  {")) + "}]";
    Path head = Files.writeString(folder.resolve("h.json"), one, StandardCharsets.UTF_8);
    assertFalse(Comparer.compare(base, head, Thresholds.none(), false).passed());
    for (String bad : List.of(
        "",
        "{}",
        "[]",
        "[1]",
        "[{}]",
        one.replace("100", "\"NaN\""),
        text.replace(
            "b.Queue.hold\", \"mode\": \"avgt\"",
            "b.Decode.stored\", \"mode\": \"thrpt\", \"params\": {\"codec\": \"stored\"}"))) {
      Path file = Files.writeString(folder.resolve("bad.json"), bad, StandardCharsets.UTF_8);
      TraceException e = assertThrows(
          TraceException.class, () -> Comparer.compare(base, file, Thresholds.none(), false), bad);
      assertTrue(e.getMessage().contains("bad.json"), e.getMessage());
    }
  }
}
