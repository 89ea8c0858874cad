package org.legosim.reports.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.store.ResultSetWriter.Mode;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import org.legosim.timing.ModelException;
import org.legosim.timing.OutputException;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.RunIdentity;

class ResultSetWriterTest {
  private static final HostFacts HOST = new HostFacts("test", Instant.EPOCH, 1);
  private static final int POINTS = 4;

  @TempDir
  Path folder;

  private static ResultSetWriter open(Path set, Mode mode) {
    return ResultSetWriter.open(set, SmallSweep.plan(POINTS, "v1"), mode);
  }

  private static void addAll(ResultSetWriter writer, int from, int to) {
    for (int i = from; i < to; i++) {
      writer.add("p" + i, SmallSweep.result(i, "v1"));
    }
  }

  private Path whole(String name) {
    Path set = folder.resolve(name);
    try (ResultSetWriter writer = open(set, Mode.NEW)) {
      addAll(writer, 0, POINTS);
      writer.finish(HOST);
    }
    return set;
  }

  private List<String> entries() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void interruptedRun_resumes_toTheBytesOfAnUninterruptedOne() throws IOException {
    Path set = folder.resolve("set");
    try (ResultSetWriter writer = open(set, Mode.NEW)) {
      addAll(writer, 0, 2);
    }
    assertFalse(Files.exists(set));
    try (ResultSetWriter writer = open(set, Mode.RESUME)) {
      assertEquals(Set.of("p0", "p1"), writer.completed());
      addAll(writer, 2, POINTS);
      writer.finish(HOST);
    }
    assertEquals(ResultSetTest.digests(whole("other")), ResultSetTest.digests(set));
    assertEquals(List.of("other", "set"), entries());
  }

  @Test
  void damagedPoint_isDiscarded_andRunAgain() throws IOException {
    Path set = folder.resolve("set");
    try (ResultSetWriter writer = open(set, Mode.NEW)) {
      addAll(writer, 0, 3);
    }
    Path points = folder.resolve("set.partial/points");
    byte[] bytes = Files.readAllBytes(points.resolve("p0.point"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(points.resolve("p0.point"), bytes);
    // A whole file under another point's name is as bad as a damaged one.
    Files.copy(points.resolve("p2.point"), points.resolve("p3.point"));
    try (ResultSetWriter writer = open(set, Mode.RESUME)) {
      assertEquals(Set.of("p1", "p2"), writer.completed());
      assertEquals(List.of("p0", "p3"), writer.discarded());
    }
  }

  @Test
  void otherPlan_isNotResumed_andTheMessageNamesWhatDiffers() {
    Path set = folder.resolve("set");
    try (ResultSetWriter writer = open(set, Mode.NEW)) {
      addAll(writer, 0, 1);
    }
    Plan other = SmallSweep.plan(POINTS, "v2");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ResultSetWriter.open(set, other, Mode.RESUME));
    assertTrue(e.getMessage().contains("(other versions, points)"), e.getMessage());
    try (ResultSetWriter writer = open(set, Mode.RESUME)) {
      assertEquals(Set.of("p0"), writer.completed());
    }
  }

  @Test
  void interruptedRunWithPoints_isNotThrownAwayUnasked() {
    Path set = folder.resolve("set");
    try (ResultSetWriter writer = open(set, Mode.NEW)) {
      addAll(writer, 0, 1);
    }
    OutputException e = assertThrows(OutputException.class, () -> open(set, Mode.NEW));
    assertTrue(e.getMessage().contains("1 of 4 points complete"), e.getMessage());
    try (ResultSetWriter writer = open(set, Mode.OVERWRITE)) {
      assertEquals(Set.of(), writer.completed());
    }
  }

  @Test
  void runWithoutAFinishedPoint_leavesNothing() throws IOException {
    open(folder.resolve("set"), Mode.NEW).close();
    assertEquals(List.of(), entries());
  }

  @Test
  void completeSet_isReplacedOnlyWhenTold_andOnlyAtTheEnd() throws IOException {
    Path set = whole("set");
    Map<String, String> before = ResultSetTest.digests(set);
    for (Mode mode : List.of(Mode.NEW, Mode.RESUME)) {
      OutputException e = assertThrows(OutputException.class, () -> open(set, mode));
      assertTrue(e.getMessage().contains("holds a complete result set"), e.getMessage());
    }
    Plan other = SmallSweep.plan(1, "v2");
    try (ResultSetWriter writer = ResultSetWriter.open(set, other, Mode.OVERWRITE)) {
      writer.add("p0", SmallSweep.result(0, "v2"));
      assertEquals(before, ResultSetTest.digests(set));
    }
    // Interrupted while it was allowed to replace: so is its continuation.
    try (ResultSetWriter writer = ResultSetWriter.open(set, other, Mode.RESUME)) {
      assertEquals(Set.of("p0"), writer.completed());
      writer.finish(HOST);
    }
    assertEquals(List.of("v2"), ResultSet.open(set).manifest().versions());
    assertEquals(List.of("set"), entries());
  }

  @Test
  void foreignFolderOrFile_isLeftAlone_anEmptyFolderIsTaken() throws IOException {
    Path set = folder.resolve("set");
    Files.createDirectory(set);
    open(set, Mode.NEW).close();
    Files.writeString(set.resolve("thesis.txt"), "", StandardCharsets.UTF_8);
    for (Mode mode : Mode.values()) {
      OutputException e = assertThrows(OutputException.class, () -> open(set, mode));
      assertTrue(e.getMessage().contains("is no result set"), e.getMessage());
    }
    Path file = Files.writeString(folder.resolve("file"), "x", StandardCharsets.UTF_8);
    assertThrows(OutputException.class, () -> open(file, Mode.OVERWRITE));
    assertThrows(OutputException.class, () -> open(file.resolve("below"), Mode.NEW));
    assertThrows(ConfigException.class, () -> open(Path.of("/"), Mode.NEW));
    assertEquals(List.of("file", "set"), entries());
  }

  @Test
  void secondWriterOfOneFolder_isRefused_whileTheFirstGoesOn() {
    Path set = folder.resolve("set");
    try (ResultSetWriter first = open(set, Mode.NEW)) {
      for (Mode mode : Mode.values()) {
        OutputException e = assertThrows(OutputException.class, () -> open(set, mode));
        assertEquals(ExitCode.OUTPUT, e.exitCode());
        String pid = Long.toString(ProcessHandle.current().pid());
        assertTrue(e.getMessage().contains("written by process " + pid), e.getMessage());
      }
      addAll(first, 0, POINTS);
      first.finish(HOST);
    }
    assertEquals(POINTS, ResultSet.open(set).points().rows());
  }

  @Test
  void lockOfADeadProcess_orOfANewProcessWithItsId_isTakenOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path lock = folder.resolve("set.lock");
    long alive = ProcessHandle.current().pid();
    for (String content :
        List.of(dead.pid() + " unknown x", alive + " 1999-01-01T00:00:00Z x", "", "nonsense")) {
      Files.writeString(lock, content, StandardCharsets.US_ASCII);
      open(folder.resolve("set"), Mode.NEW).close();
      assertFalse(Files.exists(lock));
    }
  }

  @Test
  void resultOfAnotherRun_isRefused() {
    try (ResultSetWriter writer = open(folder.resolve("set"), Mode.NEW)) {
      assertThrows(ModelException.class, () -> writer.add("p0", SmallSweep.result(1, "v1")));
      assertThrows(
          IllegalArgumentException.class, () -> writer.add("p9", SmallSweep.result(0, "v1")));
      assertThrows(IllegalStateException.class, () -> writer.finish(HOST));
    }
  }

  @Test
  void plan_refusesNamesThatLeaveItsFolder_andPointsThatNothingTellsApart() {
    RunIdentity identity = new RunIdentity("c", "t", "v", 1);
    for (String id : List.of("..", "/x", "a/../../b", "a\0", "", "A", ".x", "x".repeat(65))) {
      assertThrows(
          IllegalArgumentException.class, () -> new PlannedPoint(id, Map.of(), identity), id);
    }
    PlannedPoint a = new PlannedPoint("a", Map.of("k", 1L), identity);
    PlannedPoint b = new PlannedPoint("b", Map.of("k", 1L), identity);
    List<SweptKey> keys = List.of(new SweptKey("k", Unit.COUNT));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Plan("m", Map.of(), List.of(), Map.of(), keys, List.of(a, b)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Plan("m", Map.of(), List.of(), Map.of(), List.of(), List.of(a)));
    assertThrows(
        IllegalArgumentException.class, () -> new PlannedPoint("a", Map.of("k", 1), identity));
  }

  @Test
  void keyWithNumbersAndWords_becomesAColumnOfText() {
    Path set = folder.resolve("set");
    List<SweptKey> keys = List.of(new SweptKey("pcache.ways", Unit.COUNT));
    List<PlannedPoint> points = List.of(
        new PlannedPoint(
            "p0", Map.of("pcache.ways", 8L), SmallSweep.result(0, "v").identity()),
        new PlannedPoint(
            "p1", Map.of("pcache.ways", "full"), SmallSweep.result(1, "v").identity()));
    Plan plan = new Plan("m", Map.of(), List.of(), Map.of(), keys, points);
    try (ResultSetWriter writer = ResultSetWriter.open(set, plan, Mode.NEW)) {
      writer.add("p0", SmallSweep.result(0, "v"));
      writer.add("p1", SmallSweep.result(1, "v"));
      writer.finish(HOST);
    }
    var read = ResultSet.open(set).points();
    assertEquals("8", read.textAt(read.position("pcache.ways"), 0));
    assertEquals("full", read.textAt(read.position("pcache.ways"), 1));
  }
}
