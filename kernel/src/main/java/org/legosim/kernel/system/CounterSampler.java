package org.legosim.kernel.system;

import org.legosim.kernel.pcache.Pcache;
import org.legosim.timing.Units;
import org.legosim.timing.timeline.Timeline;

/**
 * Shows how many page faults, evictions and flushes of a pcache fall into each interval of simulated
 * time. It looks at the pcache's counters whenever a fault ends, so what a fault caused counts where
 * the fault ends; what daemons did in between counts with the next fault.
 */
final class CounterSampler {
  /** Ten of the finest intervals of {@link SeriesRecorder}. */
  static final long INTERVAL_PS = 10 * Units.PS_PER_US;

  private static final int FAULTS = 0;
  private static final int EVICTIONS = 1;
  private static final int FLUSHES = 2;
  private static final int COUNT = 3;

  private final Timeline timeline;
  private final Pcache pcache;
  private final int[] counter = new int[COUNT];

  /** Totals at the begin of {@link #interval}, and now. */
  private final long[] before = new long[COUNT];

  private final long[] total = new long[COUNT];
  private final long[] shown = new long[COUNT];
  private long interval;

  CounterSampler(Timeline timeline, String node, Pcache pcache) {
    this.timeline = timeline;
    this.pcache = pcache;
    counter[FAULTS] = add(node + ".page faults per 10 us");
    counter[EVICTIONS] = add(node + ".evictions per 10 us");
    counter[FLUSHES] = add(node + ".flushes per 10 us");
  }

  private int add(String name) {
    return timeline.addCounter(name, Timeline.Counting.PER_INTERVAL);
  }

  /** A fault has ended. */
  void sample(long nowPs) {
    if (timeline == Timeline.NONE) {
      return;
    }
    long now = nowPs / INTERVAL_PS;
    if (now != interval) {
      close(now);
    }
    total[FAULTS] = pcache.misses();
    total[EVICTIONS] = pcache.evicted();
    total[FLUSHES] = pcache.flushes();
  }

  /** Tells the interval that is over, and that nothing happened until {@code next}. */
  private void close(long next) {
    for (int i = 0; i < COUNT; i++) {
      show(i, interval, total[i] - before[i]);
      if (next > interval + 1) {
        show(i, interval + 1, 0);
      }
      before[i] = total[i];
    }
    interval = next;
  }

  private void show(int index, long at, long value) {
    if (value != shown[index]) {
      shown[index] = value;
      timeline.count(counter[index], at * INTERVAL_PS, value);
    }
  }

  /** Tells the interval that the run ended in. */
  void finish() {
    if (timeline != Timeline.NONE) {
      close(interval + 1);
    }
  }
}
