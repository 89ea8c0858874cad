package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.timing.trace.MeaningCursor;

/** What a task's records do to locks, and where it is in doing so; with other replay orders nothing at all. */
final class TaskMeaning {
  private final MeaningCursor cursor;
  private final TracedLocks locks;

  /** Records before this one are not replayed. */
  private long firstReplayed;

  /** It has waited for the lock that it asks for. */
  private boolean hasWaited;

  /** Its wait is queued, and it must leave its CPU. */
  private boolean mustSleep;

  private boolean isAsleep;

  TaskMeaning(MeaningCursor cursor, TracedLocks locks) {
    this.cursor = cursor;
    this.locks = locks;
  }

  /** The next record with a meaning, or {@link MeaningCursor#NEVER}. */
  long record() {
    return cursor.record();
  }

  /** The record behind it: the one with a meaning is performed alone. */
  long stopRecord() {
    long record = cursor.record();
    return record == MeaningCursor.NEVER ? record : record + 1;
  }

  boolean acquires() {
    return cursor.acquires();
  }

  boolean spins() {
    return cursor.spins();
  }

  /** The lock that the next record with a meaning is about. */
  TracedLock lock() {
    return locks.get(cursor.lock());
  }

  /** The lock is asked for. */
  boolean take(int task) {
    if (!lock().take(task, hasWaited)) {
      hasWaited = true;
      return false;
    }
    hasWaited = false;
    return true;
  }

  /** The locks of its trace that a task has. */
  List<TracedLock> heldBy(int task) {
    return locks.all().stream().filter(lock -> lock.isHeldBy(task)).toList();
  }

  /** What the record means is done; the rest of what the capture did for it is left out. */
  void done() {
    firstReplayed = cursor.endRecord() + 1;
    cursor.advance();
  }

  long firstReplayed() {
    return firstReplayed;
  }

  /** Its wait is queued: it must sleep, unless a wake was faster. */
  void queued() {
    mustSleep = true;
    isAsleep = true;
  }

  /** True once after {@link #queued}. */
  boolean mustSleep() {
    boolean must = mustSleep;
    mustSleep = false;
    return must;
  }

  /** It waits on a lock's word, and no record of the trace says so. */
  boolean isAsleep() {
    return isAsleep;
  }

  /** True when it slept until now. */
  boolean wakeUp() {
    boolean slept = isAsleep;
    isAsleep = false;
    return slept;
  }
}
