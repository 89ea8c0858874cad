package org.legosim.kernel.processor;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * Where the captured addresses of one process lie in its simulated address space: ranges of captured
 * addresses in order, never overlapping, each with the distance to its simulated place. Ranges begin
 * and end at pages, so the offset in a page never changes.
 *
 * <p>It changes when a call that changes the address space is performed, is copied by fork and begun
 * anew by exec. Absent altogether when addresses are the captured ones.
 */
@HotPath
final class AddressTable {
  static final long PAGE_BYTES = 4096;

  /** Distance of an address that no range explains. */
  static final long UNKNOWN = Long.MIN_VALUE;

  /** The most that a stack grows to, its first byte to its end. */
  private static final long STACK_LIMIT_BYTES = 8L << 20;

  private long[] start = new long[16];
  private long[] end = new long[16];
  private long[] delta = new long[16];
  private boolean[] growsDown = new boolean[16];
  private int count;
  private int last;
  private long breakBase;
  private long breakDelta = UNKNOWN;

  /** @param breakBase simulated page at which the heap begins */
  AddressTable(long breakBase) {
    this.breakBase = breakBase;
  }

  AddressTable copy() {
    AddressTable copy = new AddressTable(breakBase);
    copy.start = start.clone();
    copy.end = end.clone();
    copy.delta = delta.clone();
    copy.growsDown = growsDown.clone();
    copy.count = count;
    copy.breakDelta = breakDelta;
    return copy;
  }

  int count() {
    return count;
  }

  long start(int index) {
    return start[index];
  }

  long end(int index) {
    return end[index];
  }

  long delta(int index) {
    return delta[index];
  }

  /** Distance from a captured to the simulated address, or {@link #UNKNOWN}. */
  long deltaOf(long captured) {
    int index = last;
    if (index < count && captured >= start[index] && captured < end[index]) {
      return delta[index];
    }
    return search(captured);
  }

  private long search(long captured) {
    int index = firstEndingAfter(captured);
    if (index == count) {
      return UNKNOWN;
    }
    if (captured < start[index]) {
      long page = captured & -PAGE_BYTES;
      if (!growsDown[index] || end[index] - page > STACK_LIMIT_BYTES) {
        return UNKNOWN;
      }
      start[index] = page;
    }
    last = index;
    return delta[index];
  }

  /** End of the range that {@link #deltaOf} found an address in. */
  long endOfLast() {
    return end[last];
  }

  /** Start of the range that {@link #deltaOf} found an address in. */
  long startOfLast() {
    return start[last];
  }

  /** Captured address of a simulated one, for messages; the address itself when no range is there. */
  long capturedOf(long simulated) {
    for (int i = 0; i < count; i++) {
      long captured = simulated - delta[i];
      if (captured >= start[i] && captured < end[i]) {
        return captured;
      }
    }
    return simulated;
  }

  /** Index of the first range that ends behind {@code captured}; {@link #count} when none does. */
  int firstEndingAfter(long captured) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end[middle] > captured) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The captured range [from, to) is at {@code simulated} from now on, whatever it was before. */
  void put(long from, long to, long simulated, boolean isStack) {
    if (from >= to) {
      return;
    }
    remove(from, to);
    int index = firstEndingAfter(from);
    long distance = simulated - from;
    if (!isStack && index > 0 && end[index - 1] == from && joins(index - 1, distance)) {
      end[index - 1] = to;
      if (index < count && start[index] == to && joins(index, distance)) {
        end[index - 1] = end[index];
        delete(index);
      }
    } else if (!isStack && index < count && start[index] == to && joins(index, distance)) {
      start[index] = from;
    } else {
      insert(index, from, to, distance, isStack);
    }
    last = 0;
  }

  private boolean joins(int index, long distance) {
    return delta[index] == distance && !growsDown[index];
  }

  /** The captured range [from, to) means nothing any more; ranges that stick out are cut. */
  void remove(long from, long to) {
    if (from >= to) {
      return;
    }
    int index = firstEndingAfter(from);
    while (index < count && start[index] < to) {
      boolean keepsLeft = start[index] < from;
      boolean keepsRight = end[index] > to;
      if (keepsLeft && keepsRight) {
        insert(index, start[index], from, delta[index], growsDown[index]);
        start[index + 1] = to;
      } else if (keepsLeft) {
        end[index] = from;
      } else if (keepsRight) {
        start[index] = to;
      } else {
        delete(index);
        continue;
      }
      index++;
    }
    last = 0;
  }

  private void insert(int index, long from, long to, long distance, boolean isStack) {
    if (count == start.length) {
      start = Arrays.copyOf(start, 2 * count);
      end = Arrays.copyOf(end, 2 * count);
      delta = Arrays.copyOf(delta, 2 * count);
      growsDown = Arrays.copyOf(growsDown, 2 * count);
    }
    shift(index, index + 1);
    count++;
    start[index] = from;
    end[index] = to;
    delta[index] = distance;
    growsDown[index] = isStack;
  }

  private void delete(int index) {
    shift(index + 1, index);
    count--;
  }

  private void shift(int from, int to) {
    int moved = count - from;
    System.arraycopy(start, from, start, to, moved);
    System.arraycopy(end, from, end, to, moved);
    System.arraycopy(delta, from, delta, to, moved);
    System.arraycopy(growsDown, from, growsDown, to, moved);
  }

  /**
   * Simulated place of a mapping that the program puts at a captured address of its own choice: where
   * the range goes that the address is in or next to, else the same address.
   */
  long target(long captured, long bytes) {
    long distance = deltaOf(captured);
    if (distance == UNKNOWN) {
      int index = firstEndingAfter(captured);
      if (index > 0 && end[index - 1] == captured) {
        distance = delta[index - 1];
      } else if (index < count && start[index] <= captured + bytes) {
        distance = delta[index];
      } else {
        distance = 0;
      }
    }
    return captured + distance;
  }

  /** True when nothing lies in a simulated range but what the captured range [from, to) has there. */
  boolean isFree(long simulated, long bytes, long from, long to) {
    for (int i = 0; i < count; i++) {
      long low = Math.max(start[i], simulated - delta[i]);
      long high = Math.min(end[i], simulated + bytes - delta[i]);
      if (low < high && (low < from || high > to)) {
        return false;
      }
    }
    return simulated > 0;
  }

  /** Simulated address of a program break; the first one tells where the heap begins. */
  long breakAt(long captured) {
    if (breakDelta == UNKNOWN) {
      breakDelta = breakBase - (captured + PAGE_BYTES - 1 & -PAGE_BYTES);
    }
    return captured + breakDelta;
  }

  /** Captured address of a simulated program break. */
  long capturedBreak(long simulated) {
    return simulated - breakDelta;
  }
}
