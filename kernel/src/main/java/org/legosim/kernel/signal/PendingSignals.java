package org.legosim.kernel.signal;

/**
 * Signals that were sent and not yet taken, of one thread or of a whole process. A standard signal that is
 * pending already is sent in vain; real-time ones queue.
 */
public final class PendingSignals {
  private long set;
  private final int[] queued = new int[Signals.LAST + 1];
  /** By signal: how many were sent in vain since the last one was taken. */
  private final int[] merged = new int[Signals.LAST + 1];

  /** The set of pending signals. */
  public long set() {
    return set;
  }

  void add(int number) {
    if (queued[number] > 0 && !Signals.isRealTime(number)) {
      merged[number]++;
      return;
    }
    queued[number]++;
    set |= Signals.bit(number);
  }

  /**
   * Takes one.
   *
   * @return false when none is pending
   */
  boolean take(int number) {
    if (queued[number] == 0) {
      return false;
    }
    if (--queued[number] == 0) {
      set &= ~Signals.bit(number);
    }
    return true;
  }

  /** Takes back one that was sent in vain; false when none was. */
  boolean takeMerged(int number) {
    if (merged[number] == 0) {
      return false;
    }
    merged[number]--;
    return true;
  }

  /** Drops all of a signal: it is ignored from now on. */
  void drop(int number) {
    queued[number] = 0;
    merged[number] = 0;
    set &= ~Signals.bit(number);
  }

  int count(int number) {
    return queued[number];
  }
}
