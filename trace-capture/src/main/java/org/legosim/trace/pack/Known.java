package org.legosim.trace.pack;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far each thread knows each other to be, from the gates before its current record: vector clocks. Knowing less than is
 * true only costs a gate that was implied; for very many threads it therefore keeps direct knowledge only.
 */
final class Known {
  private static final int MOST_FOR_CLOCKS = 512;
  private static final int MOST_FOR_SNAPSHOTS = 64;

  private final int threads;
  private final boolean hasClocks;
  private final long[][] clocks;
  private final Map<Long, Long> direct = new HashMap<>();

  Known(int threads) {
    this.threads = threads;
    hasClocks = threads <= MOST_FOR_CLOCKS;
    clocks = hasClocks ? new long[threads][threads] : new long[0][];
  }

  /** A thread has completed its records up to one, its gates included. */
  void complete(int thread, long record) {
    if (hasClocks) {
      clocks[thread][thread] = record + 1;
    }
  }

  /** Whether a thread can only be where it is because another has completed a record. */
  boolean implies(int thread, int other, long record) {
    long done = hasClocks ? clocks[thread][other] : direct.getOrDefault(key(thread, other), 0L);
    return done > record;
  }

  /**
   * A thread learns that another has completed a record.
   *
   * @param snapshot what the other knew when it had, if somebody kept it
   */
  void learn(int thread, int other, long record, long @Nullable [] snapshot) {
    if (!hasClocks) {
      direct.merge(key(thread, other), record + 1, Math::max);
      return;
    }
    long[] clock = clocks[thread];
    // Without a snapshot, what the other knows now is what it knew then only if it has not gone on.
    long[] theirs =
        snapshot == null && clocks[other][other] <= record + 1 ? clocks[other] : snapshot;
    if (theirs != null) {
      for (int t = 0; t < threads; t++) {
        clock[t] = Math.max(clock[t], theirs[t]);
      }
    }
    clock[other] = Math.max(clock[other], record + 1);
  }

  /** What a thread knows, for {@link #learn} later; null when that would take too much memory. */
  long @Nullable [] snapshot(int thread, long @Nullable [] reuse) {
    if (threads > MOST_FOR_SNAPSHOTS) {
      return null;
    }
    long[] target = reuse == null ? new long[threads] : reuse;
    System.arraycopy(clocks[thread], 0, target, 0, threads);
    return target;
  }

  private long key(int thread, int other) {
    return (long) thread * threads + other;
  }
}
