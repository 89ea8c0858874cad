package org.legosim.kernel.system;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/** Writes what a timeline is told as lines of text, and refuses what no timeline may be told. */
final class TimelineText implements Timeline {
  private final StringBuilder text = new StringBuilder();
  private final List<String> names = new ArrayList<>();
  private final List<Deque<String>> open = new ArrayList<>();
  private final List<Long> lastPs = new ArrayList<>();
  private final List<Long> countedPs = new ArrayList<>();
  private long arrows;
  private long arrowEnds;

  String text() {
    return text.toString();
  }

  long arrows() {
    return arrows;
  }

  /** Arrows that have come to their end. */
  long arrowEnds() {
    return arrowEnds;
  }

  /** Slices that nobody has ended, over all tracks. */
  int openSlices() {
    return open.stream().mapToInt(Deque::size).sum();
  }

  @Override
  public int addTrack(String name, Kind kind) {
    names.add(name);
    open.add(new ArrayDeque<>());
    lastPs.add(0L);
    return names.size() - 1;
  }

  @Override
  public int addCounter(String name, Counting counting) {
    countedPs.add(0L);
    return countedPs.size() - 1;
  }

  private void at(int track, long timePs) {
    if (timePs < lastPs.get(track)) {
      throw new AssertionError(names.get(track) + " goes back to " + timePs + " ps");
    }
    lastPs.set(track, timePs);
  }

  private void line(int track, long timePs, char what, SliceDetails details) {
    text.append(names.get(track)).append(' ').append(timePs).append(' ').append(what);
    text.append(' ').append(details.name());
    for (int i = 0; i < details.count(); i++) {
      text.append(' ').append(details.key(i)).append('=');
      text.append(
          details.form(i) == SliceDetails.Form.TEXT ? details.text(i) : "" + details.number(i));
    }
    text.append('\n');
  }

  @Override
  public void begin(int track, long timePs, SliceDetails details) {
    at(track, timePs);
    open.get(track).push(details.name());
    line(track, timePs, 'B', details);
    if (details.arrow() != 0) {
      flow(track, timePs, details.flow(), details.arrow());
    }
  }

  @Override
  public void end(int track, long timePs, SliceDetails details) {
    at(track, timePs);
    open.get(track).pop();
    line(track, timePs, 'E', details);
  }

  @Override
  public void slice(int track, long startPs, long endPs, SliceDetails details) {
    at(track, startPs);
    at(track, endPs);
    if (!open.get(track).isEmpty()) {
      throw new AssertionError(names.get(track) + " mixes whole slices with others");
    }
    line(track, startPs, 'X', details.number("end", endPs));
  }

  @Override
  public void flow(int track, long timePs, Flow part, long arrow) {
    if (open.get(track).isEmpty() || arrow > arrows || arrow < 1) {
      throw new AssertionError(names.get(track) + " has an arrow outside any slice");
    }
    arrowEnds += part == Flow.END ? 1 : 0;
    text.append(part).append(' ').append(arrow).append(' ').append(timePs).append('\n');
  }

  @Override
  public long newArrow() {
    return ++arrows;
  }

  @Override
  public void count(int counter, long timePs, long value) {
    if (timePs < countedPs.get(counter) || value < 0) {
      throw new AssertionError("counter " + counter + " is " + value + " at " + timePs + " ps");
    }
    countedPs.set(counter, timePs);
    text.append("C ").append(counter).append(' ').append(timePs).append(' ').append(value);
    text.append('\n');
  }
}
