package org.legosim.timing.engine;

import java.util.Arrays;
import org.legosim.timing.ModelException;

/**
 * Pending events in primitive columns, a binary heap ordered by (time, priority, sending actor,
 * sequence within the sender). The key names the sender and its own count, so an event's place never
 * depends on when it was inserted: a sender that ran ahead produces the same order as one that did
 * not.
 */
@HotPath
final class EventQueue {
  /** Bits of the packed order word, highest first: priority, sender, sequence. */
  static final int PRIORITY_BITS = 7;

  static final int ACTOR_BITS = 16;
  static final int SEQUENCE_BITS = 40;
  static final int PRIORITY_MAX = (1 << PRIORITY_BITS) - 1;
  static final int ACTOR_MAX = (1 << ACTOR_BITS) - 1;
  static final long SEQUENCE_MAX = (1L << SEQUENCE_BITS) - 1;

  private long[] timePs = new long[64];
  private long[] order = new long[64];
  private int[] receiver = new int[64];
  private long[] payload = new long[64];
  private int size;

  static long orderOf(int priority, int sender, long sequence) {
    return (long) priority << (ACTOR_BITS + SEQUENCE_BITS)
        | (long) sender << SEQUENCE_BITS
        | sequence;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** Time of the first event, or {@link Long#MAX_VALUE} when there is none. */
  long firstTimePs() {
    return size == 0 ? Long.MAX_VALUE : timePs[0];
  }

  int firstReceiver() {
    return receiver[0];
  }

  long firstOrder() {
    return order[0];
  }

  /** Receives pending events in no particular order. */
  @FunctionalInterface
  interface Visitor {
    void event(long eventTimePs, int eventReceiver, long eventPayload);
  }

  void visit(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.event(timePs[i], receiver[i], payload[i]);
    }
  }

  long firstPayload() {
    return payload[0];
  }

  void add(long eventTimePs, long eventOrder, int eventReceiver, long eventPayload) {
    if (size == timePs.length) {
      grow();
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (!before(eventTimePs, eventOrder, parent)) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, eventTimePs, eventOrder, eventReceiver, eventPayload);
  }

  void removeFirst() {
    if (size == 0) {
      throw new ModelException("removed an event from an empty queue");
    }
    int last = --size;
    if (last == 0) {
      return;
    }
    long lastTimePs = timePs[last];
    long lastOrder = order[last];
    int hole = 0;
    int child = 1;
    while (child < last) {
      int right = child + 1;
      if (right < last && before(timePs[right], order[right], child)) {
        child = right;
      }
      if (before(lastTimePs, lastOrder, child)) {
        break;
      }
      move(child, hole);
      hole = child;
      child = 2 * hole + 1;
    }
    put(hole, lastTimePs, lastOrder, receiver[last], payload[last]);
  }

  private boolean before(long otherTimePs, long otherOrder, int index) {
    return otherTimePs != timePs[index] ? otherTimePs < timePs[index] : otherOrder < order[index];
  }

  private void move(int from, int to) {
    timePs[to] = timePs[from];
    order[to] = order[from];
    receiver[to] = receiver[from];
    payload[to] = payload[from];
  }

  private void put(
      int at, long eventTimePs, long eventOrder, int eventReceiver, long eventPayload) {
    timePs[at] = eventTimePs;
    order[at] = eventOrder;
    receiver[at] = eventReceiver;
    payload[at] = eventPayload;
  }

  private void grow() {
    int length = 2 * size;
    timePs = Arrays.copyOf(timePs, length);
    order = Arrays.copyOf(order, length);
    receiver = Arrays.copyOf(receiver, length);
    payload = Arrays.copyOf(payload, length);
  }
}
