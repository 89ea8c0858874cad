package org.legosim.reports.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.reports.JsonReader;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;
import org.legosim.timing.OutputException;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

class TimelineWriterTest {
  private static final TimelineWindow ALL = TimelineWindow.whole(1000);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final SliceDetails details = new SliceDetails();

  private TimelineWriter writer(TimelineWindow window) {
    return new TimelineWriter(bytes, window, e -> new OutputException("no room", e));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The document's events without the names of processes and threads, one a line. */
  private List<String> events() {
    List<String> lines = text()
        .lines()
        .filter(line -> line.startsWith("{\"ph\"") && !line.contains("\"ph\":\"M\""))
        .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
        .toList();
    Map<?, ?> document = JsonReader.parseObject("timeline", text());
    long shown = ((List<?>) Objects.requireNonNull(document.get("traceEvents")))
        .stream().filter(event -> !"M".equals(((Map<?, ?>) event).get("ph"))).count();
    assertEquals(shown, lines.size());
    return lines;
  }

  private Map<?, ?> facts() {
    Map<?, ?> document = JsonReader.parseObject("timeline", text());
    return (Map<?, ?>) Objects.requireNonNull(document.get("otherData"));
  }

  @Test
  void aNodeIsAProcess_andATrackAThreadInItsPlace() {
    TimelineWriter writer = writer(ALL);
    writer.addTrack("P0.kevict_sweepd", Timeline.Kind.KERNEL_THREAD);
    writer.addTrack("M0.worker0", Timeline.Kind.KERNEL_THREAD);
    writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    writer.finish(Map.of());
    assertTrue(text().startsWith("""
        {"traceEvents":[
        {"ph":"M","pid":1,"name":"process_name","args":{"name":"P0"}},
        {"ph":"M","pid":1,"name":"process_sort_index","args":{"sort_index":1}},
        {"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"kevict_sweepd"}},
        {"ph":"M","pid":1,"tid":1,"name":"thread_sort_index","args":{"sort_index":1048576}},
        {"ph":"M","pid":2,"name":"process_name","args":{"name":"M0"}},
        {"ph":"M","pid":2,"name":"process_sort_index","args":{"sort_index":2}},
        {"ph":"M","pid":2,"tid":2,"name":"thread_name","args":{"name":"worker0"}},
        {"ph":"M","pid":2,"tid":2,"name":"thread_sort_index","args":{"sort_index":1048577}},
        {"ph":"M","pid":1,"tid":3,"name":"thread_name","args":{"name":"cpu0"}},
        {"ph":"M","pid":1,"tid":3,"name":"thread_sort_index","args":{"sort_index":2}}
        ],
        """), text());
  }

  @Test
  void slicesArrowsAndCounters_standAsTheyCome() {
    TimelineWriter writer = writer(ALL);
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    int thread = writer.addTrack("P0.poll", Timeline.Kind.KERNEL_THREAD);
    int calls = writer.addCounter("P0.calls", Timeline.Counting.LEVEL);
    writer.begin(cpu, 1, details.reset("call").address("address", -1).text("of", "a\"b"));
    writer.flow(cpu, 2_000_000, Timeline.Flow.BEGIN, writer.newArrow());
    writer.count(calls, 2_000_000, 3);
    writer.slice(thread, 2_500_000, 3_000_001, details.reset("receive"));
    writer.flow(cpu, 3_000_001, Timeline.Flow.END, 1);
    writer.end(cpu, 9_000_000_000_000_000_123L, details.reset("").number("status", -3));
    writer.finish(Map.of("seed", 1));
    assertEquals(
        List.of(
            "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":0.000001,\"name\":\"call\","
                + "\"args\":{\"address\":\"0xffffffffffffffff\",\"of\":\"a\\\"b\"}}",
            "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":2.000000,\"cat\":\"rpc\","
                + "\"name\":\"message\",\"id\":1}",
            "{\"ph\":\"C\",\"pid\":1,\"ts\":2.000000,\"name\":\"calls\",\"args\":{\"value\":3}}",
            "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":2.500000,\"dur\":0.500001,"
                + "\"name\":\"receive\"}",
            "{\"ph\":\"f\",\"pid\":1,\"tid\":1,\"ts\":3.000001,\"cat\":\"rpc\","
                + "\"name\":\"message\",\"bp\":\"e\",\"id\":1}",
            "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":9000000000000.000123,"
                + "\"args\":{\"status\":-3}}"),
        events());
    assertEquals("no", facts().get("cut"));
    assertEquals(2L, facts().get("slices"));
    assertEquals(1L, facts().get("seed"));
  }

  @Test
  void namesFromOutside_areShortAndHarmless() {
    TimelineWriter writer = writer(ALL);
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    String hostile = "\"},\n\u001b[2J\u202e</script>\\ \ud800 \ud83d\ude00" + "x".repeat(5000);
    writer.begin(cpu, 0, details.reset(hostile));
    writer.end(cpu, 1, details.reset(""));
    writer.finish(Map.of());
    Map<?, ?> document = JsonReader.parseObject("timeline", text());
    List<?> all = (List<?>) Objects.requireNonNull(document.get("traceEvents"));
    String shown = String.valueOf(((Map<?, ?>) all.get(all.size() - 2)).get("name"));
    assertTrue(
        shown.startsWith("\"},\\x0a\\x1b[2J\\u{202e}</script>\\ \\u{d800} \ud83d\ude00xx"), shown);
    assertTrue(shown.length() < 200, shown);
    assertFalse(text().contains("</script>"), "would end a script element that holds the file");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 99_999, 100_000, 999_999})
  void aTimeHasSixDecimals(long ps) {
    StringBuilder out = new StringBuilder();
    EventText.appendTime(out, 7_000_000 + ps);
    assertEquals("7." + String.valueOf(1_000_000 + ps).substring(1), out.toString());
  }

  @Test
  void aWindow_cutsWhatIsOpenAtItsEdges() {
    TimelineWriter writer = writer(new TimelineWindow(10_000_000, 20_000_000, 100));
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    int calls = writer.addCounter("P0.calls", Timeline.Counting.LEVEL);
    writer.begin(cpu, 1_000_000, details.reset("task"));
    writer.begin(cpu, 2_000_000, details.reset("over before").number("value", 1));
    writer.count(calls, 2_000_000, 1);
    long early = writer.newArrow();
    writer.flow(cpu, 2_000_000, Timeline.Flow.BEGIN, early);
    writer.end(cpu, 9_000_000, details.reset(""));
    writer.begin(cpu, 12_000_000, details.reset("within"));
    writer.flow(cpu, 13_000_000, Timeline.Flow.END, early);
    writer.begin(cpu, 20_000_000, details.reset("too late"));
    writer.end(cpu, 21_000_000, details.reset(""));
    writer.end(cpu, 22_000_000, details.reset(""));
    writer.end(cpu, 23_000_000, details.reset(""));
    writer.finish(Map.of());
    assertEquals(
        List.of(
            "{\"ph\":\"C\",\"pid\":1,\"ts\":10.000000,\"name\":\"calls\",\"args\":{\"value\":1}}",
            "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":10.000000,\"name\":\"task\","
                + "\"args\":{\"begun at us\":\"1.000000\"}}",
            "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":12.000000,\"name\":\"within\"}",
            "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":20.000000}",
            "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":20.000000}"),
        events());
    assertEquals("20.000000", facts().get("end_us"));
    assertFalse(writer.isCut());
  }

  @Test
  void theLastSliceThatIsAllowed_endsTheTimelineAtThatInstant() {
    TimelineWriter writer = writer(TimelineWindow.whole(2));
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    writer.begin(cpu, 1, details.reset("a"));
    writer.begin(cpu, 2, details.reset("b"));
    writer.begin(cpu, 5, details.reset("c"));
    writer.end(cpu, 6, details.reset(""));
    writer.end(cpu, 7, details.reset(""));
    writer.finish(Map.of());
    assertEquals(
        List.of("\"B\" 0.000001", "\"B\" 0.000002", "\"E\" 0.000005", "\"E\" 0.000005"),
        events().stream()
            .map(line -> line.replaceAll(".*\"ph\":(\"[BE]\").*\"ts\":([0-9.]*).*", "$1 $2"))
            .toList());
    assertTrue(writer.isCut());
    assertEquals("after 2 slices; the run went on", facts().get("cut"));
  }

  @Test
  void aRunThatEndsBeforeTheWindow_makesAnEmptyTimeline() {
    TimelineWriter writer = writer(new TimelineWindow(100, 200, 5));
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    writer.begin(cpu, 1, details.reset("a"));
    writer.end(cpu, 2, details.reset(""));
    writer.finish(Map.of());
    assertEquals(List.of(), events());
    assertTrue(writer.isBeforeWindow());
  }

  @Test
  void whatCannotBe_isRefused() {
    TimelineWriter writer = writer(ALL);
    int cpu = writer.addTrack("P0.cpu0", Timeline.Kind.CPU);
    assertThrows(ModelException.class, () -> writer.end(cpu, 1, details.reset("")));
    assertThrows(ConfigException.class, () -> new TimelineWindow(5, 5, 1));
    assertThrows(ConfigException.class, () -> TimelineWindow.whole(0));
  }

  @Test
  void aDiskThatIsFull_isSaidInTheOutputsWords() {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw new IOException("No space left on device");
      }
    };
    TimelineWriter writer = new TimelineWriter(full, ALL, e -> new OutputException("no room", e));
    OutputException thrown = assertThrows(OutputException.class, () -> writer.finish(Map.of()));
    assertEquals("no room", thrown.getMessage());
  }
}
