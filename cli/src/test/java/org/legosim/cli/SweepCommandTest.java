package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

class SweepCommandTest {
  @TempDir
  private Path folder;

  private String sweep = "";
  private String out = "";

  @BeforeEach
  void writeTheSweep() throws IOException {
    sweep = SmallTrace.sweep(folder, SmallTrace.pages(folder, 1000)).toString();
    out = folder.resolve("set").toString();
  }

  @Test
  void aSweep_printsItsPointsAndKeepsThem() {
    Outcome outcome = Outcome.of("sweep", sweep, "--out", out, "--workers", "2");
    assertEquals(0, outcome.exitCode(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).startsWith("pcache.size  hit ratio"), lines.get(0));
    assertTrue(lines.get(2).stripLeading().startsWith("128 KiB"), lines.get(2));
    assertEquals(4, lines.size());
    assertTrue(outcome.err().contains("legosim report"), outcome.err());
  }

  @Test
  void json_isOneDocumentWithEveryColumn() {
    Outcome outcome = Outcome.of("sweep", sweep, "--out", out, "--format", "json");
    Object document = JsonReader.parseObject("standard output", outcome.out()).get("points");
    assertTrue(document instanceof List<?> rows && rows.size() == 2, outcome.out());
  }

  @Test
  void aFinishedSet_isKeptUnlessItMayBeReplaced() {
    assertEquals(0, Outcome.of("sweep", sweep, "--out", out).exitCode());
    assertEquals(5, Outcome.of("sweep", sweep, "--out", out).exitCode());
    assertEquals(0, Outcome.of("sweep", sweep, "--out", out, "--overwrite").exitCode());
    assertEquals(2, Outcome.of("sweep", sweep, "--out", out, "--workers", "0").exitCode());
    assertEquals(
        2, Outcome.of("sweep", sweep, "--out", out, "--overwrite", "--resume").exitCode());
  }

  @Test
  void aReport_isOneFileBesideTheSet() throws IOException {
    assertEquals(0, Outcome.of("sweep", sweep, "--out", out).exitCode());
    Outcome outcome = Outcome.of("report", out);
    assertEquals(0, outcome.exitCode(), outcome.err());
    String html = Files.readString(Path.of(out + ".html"));
    assertTrue(html.contains("pcache hit ratio"), "no hit ratio in the report");
    assertTrue(Outcome.of("report", "--dictionary", out).out().contains("pcache_misses [count]"));
  }

  @Test
  void theDictionary_needsNoResults() {
    Outcome outcome = Outcome.of("report", "--dictionary", "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(JsonReader.parseObject("standard output", outcome.out()).containsKey("metrics"));
    assertEquals(2, Outcome.of("report").exitCode());
    assertEquals(3, Outcome.of("report", out).exitCode());
  }

  @Test
  void aSweepThatCannotBeRead_exitsByItsReason() throws IOException {
    Outcome absent = Outcome.of("sweep", folder.resolve("absent.yaml").toString());
    assertEquals(3, absent.exitCode());
    Path mistyped = Files.writeString(
        folder.resolve("bad.yaml"), Files.readString(Path.of(sweep)).replace("axes", "axis"));
    Outcome refused = Outcome.of("sweep", mistyped.toString(), "--out", out);
    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().contains("bad.yaml:3"), refused.err());
    assertTrue(refused.err().contains("'axes'"), refused.err());
    assertFalse(Files.exists(Path.of(out)));
  }

  @Test
  void aMissingTrace_exitsWithThreeAndLeavesNothing() throws IOException {
    Files.delete(folder.resolve("pages.txt"));
    Outcome outcome = Outcome.of("sweep", sweep, "--out", out);
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("pages.txt"), outcome.err());
    assertFalse(Files.exists(Path.of(out)));
  }
}
