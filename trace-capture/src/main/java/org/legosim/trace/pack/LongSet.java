package org.legosim.trace.pack;

import java.util.Arrays;

/** A set of longs in an open-addressed table. The value 0x8000000000000000 is not allowed. */
final class LongSet {
  private static final long FREE = Long.MIN_VALUE;
  private static final int INITIAL = 16;

  private long[] slots = free(INITIAL);
  private int size;

  /**
   * Adds a value.
   *
   * @return whether it was new
   */
  boolean add(long value) {
    int at = slotOf(value);
    if (slots[at] == value) {
      return false;
    }
    slots[at] = value;
    size++;
    if (size > slots.length / 2) {
      grow();
    }
    return true;
  }

  boolean contains(long value) {
    return slots[slotOf(value)] == value;
  }

  int size() {
    return size;
  }

  /** The values in ascending order. */
  long[] sorted() {
    long[] values = new long[size];
    int n = 0;
    for (long value : slots) {
      if (value != FREE) {
        values[n++] = value;
      }
    }
    Arrays.sort(values);
    return values;
  }

  private int slotOf(long value) {
    int at = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
    while (slots[at] != FREE && slots[at] != value) {
      at = (at + 1) & (slots.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    slots = free(2 * old.length);
    for (long value : old) {
      if (value != FREE) {
        slots[slotOf(value)] = value;
      }
    }
  }

  private static long[] free(int length) {
    long[] slots = new long[length];
    Arrays.fill(slots, FREE);
    return slots;
  }
}
