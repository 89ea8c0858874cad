package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

/** {@code run --timeline} as a user sees it. */
class TimelineCommandTest {
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

  private Path file(String name) {
    return folder.resolve(name);
  }

  /** Parses a timeline and checks that its slices nest; gives their number. */
  private static int checked(Path file) throws IOException {
    Map<?, ?> document = JsonReader.parseObject(file.toString(), Files.readString(file));
    Map<Object, Deque<Object>> open = new TreeMap<>();
    int begun = 0;
    for (Object each : (List<?>) Objects.requireNonNull(document.get("traceEvents"))) {
      Map<?, ?> event = (Map<?, ?>) each;
      Object track = event.get("tid");
      if ("B".equals(event.get("ph"))) {
        begun++;
        open.computeIfAbsent(Objects.requireNonNull(track), key -> new ArrayDeque<>())
            .push(Objects.requireNonNull(event.get("name")));
      } else if ("E".equals(event.get("ph"))) {
        open.get(track).pop();
      }
    }
    for (Deque<Object> left : open.values()) {
      assertTrue(left.isEmpty(), left + " have no end");
    }
    return begun;
  }

  /**
   * By hand, from the machine's constants, on the CPU: context switch 650 + 100 ns; trap 150; walk 40 and
   * a new table 500; a free line 60 + 25; ring room, slot and post 30 + 30 + 250; the reply; entry, lock,
   * reverse mapping and records 15 + 20 + 40 + 646; way back 112.5. The request needs 1 us of network and
   * is polled at 20 ns from idle, which makes 2.86 us; poll and dispatch 50 + 50, hand-off 196. The worker
   * posts its reply after 250.
   */
  @Test
  void aMiss_isShownStepByStep() throws IOException {
    Path timeline = file("one.json");
    Outcome outcome = run("--trace", trace, "--timeline", timeline.toString());
    assertEquals(0, outcome.exitCode(), outcome.err());
    List<String> lines = Files.readAllLines(timeline);
    int first = lines.indexOf(
        "{\"ph\":\"B\",\"pid\":1,\"tid\":8,\"ts\":0.000000," + "\"name\":\"context switch\"},");
    assertTrue(first > 0, String.join("\n", lines));
    assertEquals(MISS, String.join("\n", lines.subList(first + 1, first + 30)));
    checked(timeline);
  }

  private static final String MISS = """
      {"ph":"E","pid":1,"tid":8,"ts":0.750000},
      {"ph":"B","pid":1,"tid":8,"ts":0.750000,"name":"small 100","args":{"pid":100}},
      {"ph":"B","pid":1,"tid":8,"ts":0.750000,"name":"trap","args":{"address":"0x10000000","pid":100}},
      {"ph":"B","pid":1,"tid":8,"ts":0.900000,"name":"page fault","args":{"address":"0x10000000","access":"load","pid":100}},
      {"ph":"B","pid":1,"tid":8,"ts":1.440000,"name":"fill from the memory node","args":{"line":"0x10000000"}},
      {"ph":"B","pid":1,"tid":8,"ts":1.440000,"name":"pcache alloc","args":{"set":0}},
      {"ph":"E","pid":1,"tid":8,"ts":1.525000},
      {"ph":"B","pid":1,"tid":8,"ts":1.525000,"name":"RPC PCACHE_MISS","args":{"node":1,"pid":100,"address":"0x10000000"}},
      {"ph":"s","pid":1,"tid":8,"ts":1.835000,"cat":"rpc","name":"message","id":1},
      {"ph":"C","pid":1,"ts":1.835000,"name":"RPCs in flight","args":{"value":1}},
      {"ph":"B","pid":1,"tid":8,"ts":1.835000,"name":"wait: a reply"},
      {"ph":"C","pid":2,"ts":2.960000,"name":"queued requests","args":{"value":1}},
      {"ph":"X","pid":2,"tid":3,"ts":2.860000,"dur":0.100000,"name":"receive a request"},
      {"ph":"C","pid":2,"ts":3.156000,"name":"queued requests","args":{"value":0}},
      {"ph":"B","pid":2,"tid":5,"ts":3.156000,"name":"PCACHE_MISS","args":{"from node":0,"pid":100,"address":"0x10000000"}},
      {"ph":"t","pid":2,"tid":5,"ts":3.156000,"cat":"rpc","name":"message","id":1},
      {"ph":"E","pid":2,"tid":5,"ts":4.046000},
      {"ph":"B","pid":2,"tid":5,"ts":4.046000,"name":"reply"},
      {"ph":"B","pid":2,"tid":5,"ts":4.296000,"name":"wait: the completion of a reply"},
      {"ph":"E","pid":2,"tid":5,"ts":6.386000},
      {"ph":"E","pid":2,"tid":5,"ts":6.386000},
      {"ph":"X","pid":1,"tid":1,"ts":6.320000,"dur":0.100000,"name":"receive a reply"},
      {"ph":"E","pid":1,"tid":8,"ts":6.436000},
      {"ph":"C","pid":1,"ts":6.436000,"name":"RPCs in flight","args":{"value":0}},
      {"ph":"f","pid":1,"tid":8,"ts":6.436000,"cat":"rpc","name":"message","bp":"e","id":1},
      {"ph":"E","pid":1,"tid":8,"ts":6.436000,"args":{"status":0}},
      {"ph":"E","pid":1,"tid":8,"ts":7.157000,"args":{"kind":"remote"}},
      {"ph":"E","pid":1,"tid":8,"ts":7.157000,"args":{"kind":"remote"}},
      {"ph":"E","pid":1,"tid":8,"ts":7.269500,"args":{"kind":"remote"}},\
      """;

  @Test
  void theResult_isTheSameWithAndWithout() {
    String json = file("t.json").toString();
    String[] plain = {"--trace", trace, "--format", "json"};
    String[] shown = {"--trace", trace, "--format", "json", "--timeline", json};
    assertEquals(run(plain).out(), run(shown).out());
  }

  @Test
  void aNameThatEndsInGz_isCompressed() throws IOException {
    Path plain = file("t.json");
    Path compressed = file("t.json.gz");
    run("--trace", trace, "--timeline", plain.toString());
    run("--trace", trace, "--timeline", compressed.toString());
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
      assertArrayEquals(Files.readAllBytes(plain), in.readAllBytes());
    }
  }

  @Test
  void aTimelineOfManySlices_isCutAndSaysSo() throws IOException {
    String pages = SmallTrace.pages(folder, 400).toString();
    Path timeline = file("t.json");
    Outcome outcome =
        run("--trace", pages, "--timeline", timeline.toString(), "--timeline-slices", "100");
    assertEquals(0, outcome.exitCode());
    assertTrue(outcome.err().contains("cut after 100 slices, at "), outcome.err());
    assertTrue(outcome.err().contains("--timeline-from"), outcome.err());
    assertTrue(checked(timeline) <= 100);
    assertTrue(Files.readString(timeline).contains("\"cut\":\"after 100 slices"));
  }

  @Test
  void aWindow_showsItsPartOfTheRun() throws IOException {
    Path timeline = file("t.json");
    Outcome outcome = run(
        "--trace",
        trace,
        "--timeline",
        timeline.toString(),
        "--timeline-from",
        "2 us",
        "--timeline-to",
        "3.5us");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals("", outcome.err());
    // task, trap, fault, fill, RPC and wait are open at 2 us; the worker begins within
    assertEquals(7, checked(timeline));
    assertTrue(Files.readString(timeline).contains("\"begun at us\":\"1.835000\""));
    Outcome late =
        run("--trace", trace, "--timeline", timeline.toString(), "--timeline-from", "1 s");
    assertTrue(late.err().contains("empty, as the run ended before"), late.err());
    assertEquals(0, checked(timeline));
  }

  @Test
  void aHostileProcessName_isOnlyText() throws IOException {
    Path text = file("hostile.txt");
    Files.writeString(text, """
        legosim-text 1
        P 100 1 "\\"}]<script>\\n"
        M 0x10000000 0x10200000 rw-p 0 [anon]
        T 100
        L 0x10000000 8 3
        """);
    Path timeline = file("t.json");
    Outcome outcome = run("--trace", text.toString(), "--timeline", timeline.toString());
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(checked(timeline) > 0);
    assertTrue(Files.readString(timeline).contains("\\\"}]\\u003cscript\\u003e"));
  }

  @Test
  void whatCannotBe_isRefusedBeforeTheRun() {
    String json = file("t.json").toString();
    assertEquals(2, run("--trace", trace, "--timeline-from", "1 ms").exitCode());
    Outcome reversed = run(
        "--trace", trace, "--timeline", json, "--timeline-from", "2 ms", "--timeline-to", "1 ms");
    assertEquals(2, reversed.exitCode());
    assertTrue(reversed.err().contains("--timeline-to is 1 ms"), reversed.err());
    Outcome noTime = run("--trace", trace, "--timeline", json, "--timeline-to", "5 bytes");
    assertEquals(2, noTime.exitCode());
    assertTrue(noTime.err().contains("--timeline-to"), noTime.err());
    assertEquals(
        2, run("--trace", trace, "--timeline", json, "--timeline-slices", "0").exitCode());
    assertEquals(2, run("--trace", trace, "--timeline", json, "--order", "all").exitCode());
    Outcome absent = run("--trace", trace, "--timeline", file("absent/t.json").toString());
    assertEquals(5, absent.exitCode());
    assertFalse(Files.exists(file("t.json")));
  }

  @Test
  void aRunThatFails_leavesNoTimeline() throws IOException {
    String moved = SmallTrace.moveOver(folder).toString();
    Path timeline = file("t.json");
    Outcome broken = Outcome.of(
        "run",
        "--machine",
        "legoos-osdi18",
        "--trace",
        moved,
        "--set",
        "faults=[F-18]",
        "--timeline",
        timeline.toString());
    assertEquals(4, broken.exitCode(), broken.err());
    assertFalse(Files.exists(timeline));
    assertFalse(Files.exists(file("t.json.partial")));
  }
}
