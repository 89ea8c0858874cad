package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.reports.JsonReader;

class RunCommandTest {
  @TempDir
  private Path folder;

  private String trace = "";

  @BeforeEach
  void writeTheTrace() throws IOException {
    trace = SmallTrace.onePage(folder).toString();
  }

  private static Outcome run(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "run";
    all[1] = "--machine";
    all[2] = "one-miss";
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Outcome.of(all);
  }

  private static Map<?, ?> metrics(Outcome outcome) {
    assertEquals(0, outcome.exitCode(), outcome.err());
    Map<String, @Nullable Object> document =
        JsonReader.parseObject("standard output", outcome.out());
    assertTrue(document.keySet().containsAll(List.of("identity", "config", "metrics")));
    return (Map<?, ?>) document.get("metrics");
  }

  @Test
  void json_isTheOnlyThingPrinted() {
    Outcome outcome = run("--trace", trace, "--format", "json");
    Map<?, ?> metrics = metrics(outcome);
    assertEquals(1L, metrics.get("pcache_misses"));
    assertEquals(1L, metrics.get("pcache_fill_remote"));
    assertEquals(1L, metrics.get("pcache_hits"));
    assertEquals(6L, metrics.get("instructions"));
    assertEquals("", outcome.err());
  }

  @Test
  void aForkedChildThatExecs_getsTheMappingsOfItsNewImage() throws IOException {
    Path text = folder.resolve("exec.txt");
    Files.writeString(text, """
        legosim-text 1
        P 1 0 "sh"
        M 0x400000 0x401000 rw-p 0 [anon]
        T 1
        > 1 57
        P 2 1 "sh"
        T 2
        < 0
        > 1 59 0x400000 0 0 ["/bin/x","x"]
        ! exec
        M 0x500000 0x502000 rw-p 0 [stack]
        L 0x500008 8 1
        > 1 231 0
        ! exit
        P 1
        T 1
        < 2
        > 1 231 0
        ! exit
        """);
    Map<?, ?> metrics = metrics(run("--trace", text.toString(), "--format", "json"));
    assertEquals(1L, metrics.get("accesses"));
    assertEquals(1L, metrics.get("pcache_misses"));
  }

  @Test
  void theTimesOfAThread_addUpExactly() {
    Map<?, ?> metrics = metrics(run("--trace", trace, "--format", "json"));
    double parts = 0;
    for (Map.Entry<?, ?> metric : metrics.entrySet()) {
      if (String.valueOf(metric.getKey()).startsWith("time_")) {
        parts += ((Number) metric.getValue()).doubleValue();
      }
    }
    assertEquals(((Number) metrics.get("thread_time_ns")).doubleValue(), parts);
  }

  @Test
  void events_areWrittenInOrder() throws IOException {
    Path events = folder.resolve("events.csv");
    assertEquals(0, run("--trace", "P0=" + trace, "--events", events.toString()).exitCode());
    List<String> lines = Files.readAllLines(events);
    assertEquals("time_ps,cpu,kind,tgid,uva,set,way", lines.get(0));
    assertTrue(lines.get(1).endsWith(",M,100,0x10000000,0,0"), lines.get(1));
    assertTrue(lines.get(2).endsWith(",U,100,0x10000000,0,0"), lines.get(2));
    assertEquals(3, lines.size());
  }

  @Test
  void out_keepsAResultSetThatComparesWithItself() {
    String out = folder.resolve("set").toString();
    assertEquals(0, run("--trace", trace, "--out", out).exitCode());
    assertEquals(0, Outcome.of("compare", out, out).exitCode());
    Outcome again = run("--trace", trace, "--out", out);
    assertEquals(5, again.exitCode());
    assertTrue(again.err().contains(out), again.err());
    assertEquals(0, run("--trace", trace, "--out", out, "--overwrite").exitCode());
  }

  @Test
  void twoTraces_areTwoApplicationsOnOneSystem() {
    Map<?, ?> metrics = metrics(run("--trace", trace, "--trace", trace, "--format", "json"));
    assertEquals(2L, metrics.get("pcache_fill_remote"));
    assertEquals(4L, metrics.get("accesses"));
  }

  @Test
  void allOrders_arePrintedWithTheirSpread() {
    Outcome outcome = run("--trace", trace, "--order", "all");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(
        outcome
            .out()
            .lines()
            .findFirst()
            .orElse("")
            .matches("metric +strict +per-address +semantic +spread"),
        outcome.out());
    // one thread: the order binds nothing
    assertTrue(
        outcome.out().lines().skip(2).allMatch(line -> line.endsWith(" 0 %")), outcome.out());
    assertEquals(2, run("--trace", trace, "--order", "loose").exitCode());
  }

  @Test
  void aPageThatNothingMaps_endsTheRunUnlessItMayBeMappedOnTouch() throws IOException {
    String unmapped = Files.writeString(
            folder.resolve("unmapped.txt"),
            "legosim-text 1\nP 100 1 \"x\"\nM 0x1000 0x2000 rw-p 0 [anon]\nT 100\nL 0x7000 8 1\n")
        .toString();
    Outcome refused = run("--trace", unmapped);
    assertEquals(3, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("--map-on-touch"), refused.err());
    assertEquals(0, run("--trace", unmapped, "--map-on-touch").exitCode());
  }

  @ParameterizedTest
  @CsvSource({
    "pcache.siez=1 MiB, pcache.size",
    "pcache.size=512, unit",
    "pcache.size=8000 PiB, pcache.size",
    "pcache.ways=0, pcache.ways",
    "memory.workers=many, memory.workers",
    "pcache.ways, key=value"
  })
  void aBadSetting_exitsWithTwoAndNamesTheRemedy(String setting, String remedy) {
    Outcome outcome = run("--trace", trace, "--set", setting);
    assertEquals(2, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains(remedy), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void anUnknownMachineOrNode_exitsWithTwo() {
    Outcome machine = Outcome.of("run", "--machine", "legoos-osdi81", "--trace", trace);
    assertEquals(2, machine.exitCode());
    assertTrue(machine.err().contains("legoos-osdi18"), machine.err());
    Outcome node = run("--trace", "P7=" + trace);
    assertEquals(2, node.exitCode());
    assertTrue(node.err().contains("P0"), node.err());
  }

  @Test
  void aFileThatIsNoTrace_exitsWithThreeAndSaysWhatItLooksLike() throws IOException {
    Path page = Files.writeString(folder.resolve("page.html"), "<!DOCTYPE html><html></html>");
    Outcome outcome = run("--trace", page.toString());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("byte 0"), outcome.err());
  }

  @Test
  void aTextTraceWithABadLine_exitsWithThreeAndItsNumber() throws IOException {
    Path bad =
        Files.writeString(folder.resolve("bad.txt"), Files.readString(Path.of(trace)) + "Q 1\n");
    Outcome outcome = run("--trace", bad.toString());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("bad.txt"), outcome.err());
    assertTrue(outcome.err().contains("7"), outcome.err());
  }

  @Test
  void aBrokenInvariant_exitsWithFourAndSaysHowToSeeItAgain() throws IOException {
    String moved = SmallTrace.moveOver(folder).toString();
    String[] command = {"run", "--machine", "legoos-osdi18", "--trace", moved};
    assertEquals(0, Outcome.of(command).exitCode());
    Path events = folder.resolve("events.csv");
    Outcome broken = Outcome.of(
        "run",
        "--machine",
        "legoos-osdi18",
        "--trace",
        moved,
        "--set",
        "faults=[F-18]",
        "--events",
        events.toString());
    assertEquals(4, broken.exitCode(), broken.err());
    assertTrue(broken.err().contains("0x10080000"), broken.err());
    assertTrue(broken.err().contains("seed 1"), broken.err());
    assertFalse(Files.exists(events));
  }

  @Test
  void eventsThatCannotBeWritten_exitWithFive() {
    String absent = folder.resolve("absent/events.csv").toString();
    Outcome outcome = run("--trace", trace, "--events", absent);
    assertEquals(5, outcome.exitCode());
    assertTrue(outcome.err().contains("no folder"), outcome.err());
  }
}
