package org.legosim.trace.pack;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.legosim.trace.format.Damage;

/** The stamps of all threads in the global order. */
final class StampMerger {
  private static final class Head {
    final int thread;
    final StampSpool.Cursor cursor;
    Stamp stamp = new Stamp();

    Head(int thread, StampSpool.Cursor cursor) {
      this.thread = thread;
      this.cursor = cursor;
    }

    long sequence() {
      return stamp.sequence;
    }
  }

  private final String name;
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(Comparator.comparingLong(Head::sequence));
  private Stamp current = new Stamp();
  private int thread = -1;
  private long lastSequence = -1;

  /**
   * Starts before the first stamp.
   *
   * @param name of the trace, for messages
   */
  StampMerger(StampSpool spool, int threads, String name) {
    this.name = name;
    for (int t = 0; t < threads; t++) {
      Head head = new Head(t, spool.cursor(t));
      if (head.cursor.next(head.stamp)) {
        heads.add(head);
      }
    }
  }

  /**
   * Moves to the next stamp.
   *
   * @return whether there is one
   */
  boolean next() {
    Head head = heads.poll();
    if (head == null) {
      return false;
    }
    Stamp free = current;
    current = head.stamp;
    thread = head.thread;
    head.stamp = free;
    if (head.cursor.next(free)) {
      heads.add(head);
    }
    if (current.sequence == lastSequence) {
      throw Damage.contradiction(name, "sequence number " + lastSequence, "two threads have it");
    }
    lastSequence = current.sequence;
    return true;
  }

  /** The stamp moved to; valid until the next move. */
  Stamp stamp() {
    return current;
  }

  /** Index of its thread. */
  int thread() {
    return thread;
  }
}
