package org.legosim.reports.timeline;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.legosim.timing.OutputException;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/**
 * Writes a timeline in the Trace Event JSON format while the run goes on. It holds the slices that are
 * open at present and nothing of the past, so its memory does not grow with the run.
 *
 * <p>A node is a process of the format and a track a thread. Outside its window, and after its last
 * slice, it writes nothing; what is open at an edge of the window is cut there, so that every begin
 * has its end.
 */
public final class TimelineWriter implements Timeline {
  private static final int KERNEL_THREADS_RANK = 1 << 20;

  private enum Phase {
    BEFORE,
    WITHIN,
    AFTER
  }

  /** A counter's place in the file and its last value. */
  private static final class Counter {
    final int process;
    final String name;
    final Counting counting;
    long value;

    Counter(int process, String name, Counting counting) {
      this.process = process;
      this.name = name;
      this.counting = counting;
    }
  }

  private final EventText text;
  private final TimelineWindow window;
  private final List<OpenSlices> tracks = new ArrayList<>();
  private final List<Counter> counters = new ArrayList<>();
  private final Map<String, Integer> processes = new TreeMap<>();
  private Phase phase = Phase.BEFORE;
  private long slices;
  private long lastPs;
  private boolean isCut;
  private long arrows;
  private long arrowsBefore;

  /**
   * @param out receives the document; the caller closes it
   * @param failure what to throw when {@code out} fails
   */
  public TimelineWriter(
      OutputStream out, TimelineWindow window, Function<IOException, OutputException> failure) {
    this.text = new EventText(out, failure);
    this.window = window;
  }

  @Override
  public int addTrack(String name, Kind kind) {
    int track = tracks.size();
    OpenSlices added = new OpenSlices(processOf(name), track + 1);
    tracks.add(added);
    String rest = text.quote(name.substring(name.indexOf('.') + 1));
    text.event("M", added.process)
        .thread(added.thread)
        .raw("name", "\"thread_name\"")
        .raw("args", "{\"name\":" + rest + "}")
        .endEvent();
    int rank = kind == Kind.KERNEL_THREAD ? KERNEL_THREADS_RANK + track : track;
    text.event("M", added.process)
        .thread(added.thread)
        .raw("name", "\"thread_sort_index\"")
        .raw("args", "{\"sort_index\":" + rank + "}")
        .endEvent();
    return track;
  }

  /** Processes of the format are numbered from 1 as their nodes come. */
  private int processOf(String name) {
    String node = name.substring(0, Math.max(0, name.indexOf('.')));
    Integer known = processes.get(node);
    if (known != null) {
      return known;
    }
    int process = processes.size() + 1;
    processes.put(node, process);
    text.event("M", process)
        .raw("name", "\"process_name\"")
        .raw("args", "{\"name\":" + text.quote(node) + "}")
        .endEvent();
    text.event("M", process)
        .raw("name", "\"process_sort_index\"")
        .raw("args", "{\"sort_index\":" + process + "}")
        .endEvent();
    return process;
  }

  @Override
  public int addCounter(String name, Counting counting) {
    String rest = text.quote(name.substring(name.indexOf('.') + 1));
    counters.add(new Counter(processOf(name), rest, counting));
    return counters.size() - 1;
  }

  @Override
  public void begin(int track, long timePs, SliceDetails details) {
    moveTo(timePs);
    if (phase == Phase.WITHIN && slices == window.slicesMax()) {
      cut();
    }
    if (phase == Phase.AFTER) {
      return;
    }
    OpenSlices open = tracks.get(track);
    String name = text.quote(details.name());
    open.push(name, timePs);
    if (phase == Phase.WITHIN) {
      slices++;
      event("B", open, timePs).raw("name", name).values(details).endEvent();
    }
    if (details.arrow() != 0) {
      flow(track, timePs, details.flow(), details.arrow());
    }
  }

  @Override
  public void end(int track, long timePs, SliceDetails details) {
    moveTo(timePs);
    if (phase == Phase.AFTER) {
      return;
    }
    OpenSlices open = tracks.get(track);
    open.pop();
    if (phase == Phase.WITHIN) {
      event("E", open, timePs).values(details).endEvent();
    }
  }

  @Override
  public void slice(int track, long startPs, long endPs, SliceDetails details) {
    long shownPs = Math.max(startPs, window.fromPs());
    long shownEndPs = Math.min(endPs, window.toPs());
    if (phase == Phase.AFTER || endPs < window.fromPs() || startPs >= window.toPs()) {
      return;
    }
    if (slices == window.slicesMax()) {
      cut();
      return;
    }
    slices++;
    event("X", tracks.get(track), shownPs)
        .time("dur", shownEndPs - shownPs)
        .raw("name", text.quote(details.name()))
        .values(details)
        .endEvent();
  }

  private EventText event(String kind, OpenSlices track, long timePs) {
    return text.event(kind, track.process).thread(track.thread).time("ts", timePs);
  }

  @Override
  public void flow(int track, long timePs, Flow part, long arrow) {
    moveTo(timePs);
    if (phase == Phase.BEFORE && part == Flow.BEGIN) {
      arrowsBefore = arrow;
    }
    if (phase != Phase.WITHIN || arrow <= arrowsBefore) {
      return;
    }
    String kind = switch (part) {
      case BEGIN -> "s";
      case STEP -> "t";
      case END -> "f";
    };
    EventText event =
        event(kind, tracks.get(track), timePs).raw("cat", "\"rpc\"").raw("name", "\"message\"");
    if (part == Flow.END) {
      event.raw("bp", "\"e\"");
    }
    event.number("id", arrow).endEvent();
  }

  @Override
  public long newArrow() {
    return ++arrows;
  }

  @Override
  public void count(int counter, long timePs, long value) {
    Counter counted = counters.get(counter);
    counted.value = value;
    if (counted.counting == Counting.LEVEL) {
      moveTo(timePs);
    }
    // An interval is told when it is over: its own time says whether it is shown.
    boolean isOpen = counted.counting == Counting.LEVEL
        ? phase == Phase.WITHIN
        : phase != Phase.AFTER && timePs >= window.fromPs() && timePs < window.toPs();
    if (isOpen) {
      write(counted, timePs);
    }
  }

  private void write(Counter counter, long timePs) {
    text.event("C", counter.process)
        .time("ts", timePs)
        .raw("name", counter.name)
        .raw("args", "{\"value\":" + counter.value + "}")
        .endEvent();
  }

  /** The run has come to {@code timePs}. */
  private void moveTo(long timePs) {
    if (phase == Phase.BEFORE && timePs >= window.fromPs()) {
      phase = Phase.WITHIN;
      lastPs = window.fromPs();
      showWhatIsOpen();
    }
    if (phase == Phase.WITHIN) {
      if (timePs >= window.toPs()) {
        close(window.toPs());
      } else {
        lastPs = timePs;
      }
    }
  }

  private void showWhatIsOpen() {
    long fromPs = window.fromPs();
    for (Counter counter : counters) {
      if (counter.counting == Counting.LEVEL && counter.value != 0) {
        write(counter, fromPs);
      }
    }
    for (OpenSlices open : tracks) {
      for (int level = 0; level < open.depth(); level++) {
        slices++;
        StringBuilder args = new StringBuilder("{\"begun at us\":\"");
        EventText.appendTime(args, open.beginPs(level));
        event("B", open, fromPs)
            .raw("name", open.name(level))
            .raw("args", args.append("\"}").toString())
            .endEvent();
      }
    }
  }

  private void cut() {
    if (phase == Phase.WITHIN) {
      isCut = true;
      close(lastPs);
    }
  }

  private void close(long endPs) {
    lastPs = endPs;
    phase = Phase.AFTER;
    for (OpenSlices open : tracks) {
      for (; open.depth() > 0; open.pop()) {
        event("E", open, endPs).endEvent();
      }
    }
  }

  /**
   * Ends the document.
   *
   * @param facts what the run was, for the document's metadata
   */
  public void finish(Map<String, ?> facts) {
    if (phase == Phase.WITHIN) {
      close(lastPs);
    }
    Map<String, Object> all = new LinkedHashMap<>(facts);
    StringBuilder from = new StringBuilder();
    EventText.appendTime(from, window.fromPs());
    StringBuilder end = new StringBuilder();
    EventText.appendTime(end, lastPs);
    all.put("begin_us", from.toString());
    all.put("end_us", end.toString());
    all.put("slices", slices);
    all.put(
        "cut",
        isCut
            ? "after " + slices + " slices; the run went on"
            : phase == Phase.BEFORE ? "the run ended before the window" : "no");
    text.finish(all);
  }

  /** True when the run had more slices than the timeline may have. */
  public boolean isCut() {
    return isCut;
  }

  /** True when nothing was shown, as the run ended before the window. */
  public boolean isBeforeWindow() {
    return phase == Phase.BEFORE;
  }

  /** Simulated time of the timeline's end. */
  public long endPs() {
    return lastPs;
  }

  public long slices() {
    return slices;
  }
}
