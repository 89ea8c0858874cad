package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

class CompareCommandTest {
  @TempDir
  private Path folder;

  private String base = "";
  private String head = "";

  @BeforeEach
  void writeTwoSetsThatDifferByTwoPercent() {
    base = folder.resolve("base").toString();
    head = folder.resolve("head").toString();
    SmallResults.write(Path.of(base), 1000);
    SmallResults.write(Path.of(head), 1020);
  }

  @Test
  void equalSetsExitWithZero() {
    Outcome outcome = Outcome.of("compare", base, base);
    assertEquals(0, outcome.exitCode(), outcome.err());
  }

  @Test
  void aChangeExitsWithOneAndIsNamed() {
    Outcome outcome = Outcome.of("compare", base, head);
    assertEquals(1, outcome.exitCode(), outcome.err());
    assertTrue(outcome.out().contains("pcache_hits"), outcome.out());
  }

  @Test
  void aThresholdAllowsIt() {
    Outcome outcome =
        Outcome.of("compare", base, head, "--threshold", "pcache_hits=2", "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(JsonReader.parse("standard output", outcome.out()) instanceof Map, outcome.out());
    assertEquals("", outcome.err());
  }

  @Test
  void aMissingSetExitsWithThree() {
    Outcome outcome = Outcome.of("compare", base, folder.resolve("absent").toString());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("absent"), outcome.err());
  }

  @Test
  void anUnknownFormatExitsWithTwoAndNamesThoseThatExist() {
    Outcome outcome = Outcome.of("compare", base, head, "--format", "xml");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("text, markdown, json, junit"), outcome.err());
  }
}
