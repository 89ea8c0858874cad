package org.legosim.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells a waiting person how far a long command is and about how long it still takes: on a terminal
 * one line that is redrawn, elsewhere (a log, CI) a plain line now and then. Writes to standard error
 * only. Safe to call from several threads.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW_NS = 200_000_000L;
  private static final long LINE_NS = 10_000_000_000L;
  private static final String ERASE = "\r\u001b[K";

  private final Console console;
  private final String what;
  private final LongSupplier clockNs;
  private final long startNs;
  private long lastNs;
  private boolean isShown;

  /**
   * @param what is being done, for people: {@code sweep}
   */
  Progress(Console console, String what) {
    this(console, what, System::nanoTime);
  }

  Progress(Console console, String what, LongSupplier clockNs) {
    this.console = console;
    this.what = what;
    this.clockNs = clockNs;
    startNs = clockNs.getAsLong();
    lastNs = startNs;
  }

  /**
   * @param done units of work finished, from 0 to {@code total}
   * @param total 0 when it is not known
   * @param unit of work, for people: {@code points}
   */
  synchronized void update(long done, long total, String unit) {
    long nowNs = clockNs.getAsLong();
    boolean isLast = total > 0 && done >= total;
    long intervalNs = console.isTerminal() ? REDRAW_NS : LINE_NS;
    if (nowNs - lastNs < intervalNs && !(isLast && isShown)) {
      return;
    }
    lastNs = nowNs;
    isShown = true;
    String line = line(done, total, unit, nowNs - startNs);
    if (console.isTerminal()) {
      console.err().print(ERASE + line);
      console.err().flush();
    } else {
      console.err().println(line);
    }
  }

  /** Clears the redrawn line, so that what is printed next stands alone. */
  @Override
  public synchronized void close() {
    if (console.isTerminal() && isShown) {
      console.err().print(ERASE);
      console.err().flush();
    }
  }

  private String line(long done, long total, String unit, long elapsedNs) {
    if (total <= 0) {
      return String.format(
          Locale.ROOT, "%s: %,d %s, %s so far", what, done, unit, duration(elapsedNs));
    }
    String left = done <= 0 ? "" : ", about " + duration(leftNs(done, total, elapsedNs)) + " left";
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d %s (%d %%), %s so far%s",
        what,
        done,
        total,
        unit,
        Math.min(100, done * 100 / total),
        duration(elapsedNs),
        done >= total ? "" : left);
  }

  /** As if what is left takes as long per unit as what is done. */
  private static long leftNs(long done, long total, long elapsedNs) {
    return (long) ((double) elapsedNs / done * (total - done));
  }

  static String duration(long durationNs) {
    long seconds = durationNs / 1_000_000_000L;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }
}
