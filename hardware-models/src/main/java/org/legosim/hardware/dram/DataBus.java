package org.legosim.hardware.dram;

import org.legosim.timing.engine.HotPath;

/**
 * The data bus of one channel: bursts in the order of their times. A burst may be put into a gap that
 * an earlier request, held up by its bank or by a refresh, has left; so a blocked rank does not block
 * the other.
 */
@HotPath
final class DataBus {
  private static final int BURSTS = 32;

  private final int burst;
  private final int turnCycles;
  private final long[] start = new long[BURSTS];
  /** Rank and direction of each burst. */
  private final int[] user = new int[BURSTS];

  private int count;
  /** End of the bursts that are no longer listed: nothing is put before it. */
  private long floor = Long.MIN_VALUE;

  /** @param turnCycles idle cycles between bursts of different ranks or directions */
  DataBus(int burst, int turnCycles) {
    this.burst = burst;
    this.turnCycles = turnCycles;
  }

  static int userOf(int rank, boolean isWrite) {
    return rank << 1 | (isWrite ? 1 : 0);
  }

  /** Earliest start of a burst of {@code newUser}, not before {@code wanted}. */
  long earliest(long wanted, int newUser) {
    long candidate = Math.max(wanted, floor);
    int at = count;
    while (at > 0 && start[at - 1] + burst + turn(at - 1, newUser) > candidate) {
      at--;
    }
    // Bursts before `at` end in time for the candidate; those from `at` on may be in its way.
    for (; at < count; at++) {
      if (candidate + burst + turn(at, newUser) <= start[at]) {
        return candidate;
      }
      candidate = Math.max(candidate, start[at] + burst + turn(at, newUser));
    }
    return candidate;
  }

  private int turn(int at, int newUser) {
    return user[at] == newUser ? 0 : turnCycles;
  }

  /** Enters a burst that {@link #earliest} allowed. */
  void reserve(long startCycle, int newUser) {
    if (count == BURSTS) {
      dropFirst();
    }
    int at = count;
    while (at > 0 && start[at - 1] > startCycle) {
      start[at] = start[at - 1];
      user[at] = user[at - 1];
      at--;
    }
    start[at] = startCycle;
    user[at] = newUser;
    count++;
  }

  private void dropFirst() {
    floor = start[0] + burst + turnCycles;
    count--;
    System.arraycopy(start, 1, start, 0, count);
    System.arraycopy(user, 1, user, 0, count);
  }
}
