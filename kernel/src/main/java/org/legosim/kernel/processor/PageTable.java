package org.legosim.kernel.processor;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/** Page number to frame number by open addressing in primitive arrays. */
@HotPath
final class PageTable {
  static final long ABSENT = -1;

  private static final long EMPTY = -1;
  private static final long REMOVED = -2;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long[] page = filled(1 << 10);
  private long[] frame = new long[1 << 10];
  private int used;
  private int size;

  private static long[] filled(int length) {
    long[] array = new long[length];
    Arrays.fill(array, EMPTY);
    return array;
  }

  long get(long pageNumber) {
    int mask = page.length - 1;
    int slot = slotOf(pageNumber, mask);
    while (page[slot] != EMPTY) {
      if (page[slot] == pageNumber) {
        return frame[slot];
      }
      slot = (slot + 1) & mask;
    }
    return ABSENT;
  }

  void putIfAbsent(long pageNumber, long frameNumber) {
    if (get(pageNumber) != ABSENT) {
      return;
    }
    if (4L * (used + 1) > 3L * page.length) {
      rehash();
    }
    insert(pageNumber, frameNumber);
  }

  private void insert(long pageNumber, long frameNumber) {
    int mask = page.length - 1;
    int slot = slotOf(pageNumber, mask);
    while (page[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    page[slot] = pageNumber;
    frame[slot] = frameNumber;
    used++;
    size++;
  }

  private long remove(long pageNumber) {
    int mask = page.length - 1;
    int slot = slotOf(pageNumber, mask);
    while (page[slot] != EMPTY) {
      if (page[slot] == pageNumber) {
        page[slot] = REMOVED;
        size--;
        return frame[slot];
      }
      slot = (slot + 1) & mask;
    }
    return ABSENT;
  }

  void removeRange(long first, long count) {
    if (count > page.length) {
      for (int slot = 0; slot < page.length; slot++) {
        if (page[slot] >= first && page[slot] < first + count) {
          page[slot] = REMOVED;
          size--;
        }
      }
      return;
    }
    for (long i = 0; i < count; i++) {
      remove(first + i);
    }
  }

  void moveRange(long from, long to, long count) {
    for (long i = 0; i < count; i++) {
      long moved = remove(from + i);
      if (moved != ABSENT) {
        putIfAbsent(to + i, moved);
      }
    }
  }

  void copyFrom(PageTable other) {
    page = other.page.clone();
    frame = other.frame.clone();
    used = other.used;
    size = other.size;
  }

  void clear() {
    Arrays.fill(page, EMPTY);
    used = 0;
    size = 0;
  }

  private void rehash() {
    long[] oldPage = page;
    long[] oldFrame = frame;
    int length = 2L * size > oldPage.length ? 2 * oldPage.length : oldPage.length;
    page = filled(length);
    frame = new long[length];
    used = 0;
    size = 0;
    for (int slot = 0; slot < oldPage.length; slot++) {
      if (oldPage[slot] >= 0) {
        insert(oldPage[slot], oldFrame[slot]);
      }
    }
  }

  private static int slotOf(long pageNumber, int mask) {
    return (int) ((pageNumber * GOLDEN_GAMMA) >>> 32) & mask;
  }
}
