package org.legosim.kernel.pcache;

import org.legosim.timing.engine.HotPath;

/**
 * The faults of one thread so far, and the distance in lines at which it is expected to go on.
 *
 * <p>Only faults are seen: a page that was prefetched in time is touched without one. So a fault just
 * behind pages that were prefetched counts as the next step of their stride, not as a larger step.
 */
@HotPath
final class FaultPattern {
  /** No distance is likely. */
  static final long NONE = 0;

  /** Equal distances that make a stride: one suggests it, two confirm it. */
  private static final int STRIDE_RUN = 3;

  /** Distances in the first, smallest vote. */
  private static final int VOTE_MIN = 4;

  final int thread;
  private final PrefetchPolicy policy;
  private final int depth;
  private final long[] history;
  private int seen;
  private int newest;
  private long lastLine = -1;
  private long aheadStride = NONE;
  private long runStride;
  private int runLength;

  /**
   * A thread that has not faulted yet.
   *
   * @param depth lines that are prefetched per fault
   * @param historyLength distances that the majority is looked for in, at most
   */
  FaultPattern(int thread, PrefetchPolicy policy, int depth, int historyLength) {
    this.thread = thread;
    this.policy = policy;
    this.depth = depth;
    this.history = new long[historyLength];
  }

  /** Takes note of a fault on {@code line}; the distance to prefetch at, or {@link #NONE}. */
  long faulted(long line) {
    long distance = distanceTo(line);
    lastLine = line;
    aheadStride = switch (policy) {
      case OFF -> NONE;
      case NEXT_LINE -> 1;
      case STRIDE -> stride(distance);
      case MAJORITY -> majority(distance);
    };
    return aheadStride;
  }

  private long distanceTo(long line) {
    if (lastLine < 0) {
      return NONE;
    }
    long distance = line - lastLine;
    if (aheadStride != NONE && distance % aheadStride == 0) {
      long steps = distance / aheadStride;
      if (steps >= 1 && steps <= depth + 1L) {
        return aheadStride;
      }
    }
    return distance;
  }

  private long stride(long distance) {
    if (distance == NONE) {
      return NONE; // the same page again says nothing
    }
    runLength = distance == runStride ? Math.min(runLength + 1, STRIDE_RUN) : 1;
    runStride = distance;
    return runLength == STRIDE_RUN ? distance : NONE;
  }

  private long majority(long distance) {
    if (distance == NONE) {
      return NONE;
    }
    newest = newest + 1 == history.length ? 0 : newest + 1;
    history[newest] = distance;
    seen = Math.min(seen + 1, history.length);
    for (int window = VOTE_MIN; window <= seen; window *= 2) {
      long winner = vote(window);
      if (winner != NONE) {
        return winner;
      }
    }
    return NONE;
  }

  /** The distance that more than half of the newest {@code window} ones have, or {@link #NONE}. */
  private long vote(int window) {
    long candidate = NONE;
    int lead = 0;
    for (int i = 0; i < window; i++) {
      long distance = recent(i);
      if (lead == 0) {
        candidate = distance;
      }
      lead += distance == candidate ? 1 : -1;
    }
    int votes = 0;
    for (int i = 0; i < window; i++) {
      votes += recent(i) == candidate ? 1 : 0;
    }
    return 2 * votes > window ? candidate : NONE;
  }

  /** The distance {@code age} faults before the newest. */
  private long recent(int age) {
    int index = newest - age;
    return history[index < 0 ? index + history.length : index];
  }
}
