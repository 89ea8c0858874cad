package org.legosim.kernel.sched;

import org.jspecify.annotations.Nullable;

/** Scheduling policies of user tasks, and the one of the stopper threads above them all. */
public enum Policy {
  NORMAL(0, Rank.FAIR),
  FIFO(1, Rank.REAL_TIME),
  RR(2, Rank.REAL_TIME),
  BATCH(3, Rank.FAIR),
  IDLE(5, Rank.FAIR),
  STOP(-1, Rank.STOP);

  /** Scheduling classes, the most important first. */
  enum Rank {
    STOP,
    REAL_TIME,
    FAIR
  }

  private final int number;
  private final Rank rank;

  Policy(int number, Rank rank) {
    this.number = number;
    this.rank = rank;
  }

  /** The policy with that number in a system call; null when there is none. */
  public static @Nullable Policy of(long number) {
    for (Policy policy : values()) {
      if (policy.number == number && policy != STOP) {
        return policy;
      }
    }
    return null;
  }

  Rank rank() {
    return rank;
  }

  public boolean isFair() {
    return rank == Rank.FAIR;
  }
}
