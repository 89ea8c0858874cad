package org.legosim.trace.format;

import java.util.Arrays;

/** Numbers the distinct sites of a block in order of appearance; open addressing over primitive keys. */
final class SiteTable {
  private static final int FREE = -1;

  private int[] slots;
  private long[] pcs;
  private long[] registerSets;
  private int[] shapes;
  private int size;

  SiteTable(int capacity) {
    slots = new int[2 * Integer.highestOneBit(capacity)];
    Arrays.fill(slots, FREE);
    pcs = new long[capacity];
    registerSets = new long[capacity];
    shapes = new int[capacity];
  }

  int size() {
    return size;
  }

  /** The site's number; the former {@link #size} when it is new. */
  int find(int shape, long pc, long registers) {
    int at = hash(shape, pc, registers);
    for (int s = slots[at]; s != FREE; s = slots[at]) {
      if (pcs[s] == pc && shapes[s] == shape && registerSets[s] == registers) {
        return s;
      }
      at = (at + 1) & (slots.length - 1);
    }
    if (size == pcs.length) {
      grow();
      return find(shape, pc, registers);
    }
    slots[at] = size;
    pcs[size] = pc;
    registerSets[size] = registers;
    shapes[size] = shape;
    return size++;
  }

  void clear() {
    Arrays.fill(slots, FREE);
    size = 0;
  }

  private int hash(int shape, long pc, long registers) {
    long mixed = (pc ^ (long) shape << 48 ^ Long.rotateLeft(registers, 20)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & (slots.length - 1);
  }

  private void grow() {
    int capacity = 2 * size;
    pcs = Arrays.copyOf(pcs, capacity);
    registerSets = Arrays.copyOf(registerSets, capacity);
    shapes = Arrays.copyOf(shapes, capacity);
    slots = new int[2 * Integer.highestOneBit(capacity)];
    Arrays.fill(slots, FREE);
    for (int s = 0; s < size; s++) {
      int at = hash(shapes[s], pcs[s], registerSets[s]);
      while (slots[at] != FREE) {
        at = (at + 1) & (slots.length - 1);
      }
      slots[at] = s;
    }
  }
}
