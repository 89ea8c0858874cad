package org.legosim.kernel.memory;

import java.util.Arrays;

/**
 * The ranges of 1 GiB in which a memory node places a process's mappings when it is aware of the
 * processor node's cache. A mapping goes into the highest gap of a range that has one; else a new range
 * is taken below the others, and the mapping begins there at |last offset - length|, where the last
 * offset is that of the address returned before. So mappings that fill a range each do not all end at
 * the same set.
 *
 * <p>Source: LegoOS {@code managers/memory/vm/dist_mmap.c}, VMA_CACHE_AWARENESS. The real kernel's text
 * says nothing about a mapping that would stick out of its range: the range then has as many GiB as
 * it needs. The GiB of the stack is never taken.
 */
final class VirtualRanges {
  /** Bytes of the unit in which ranges are taken. */
  static final long GRANULE_BYTES = 1L << 30;

  private long[] begin = new long[4];
  private long[] end = new long[4];
  private int count;
  private long lastOffset;

  /** The ranges that {@link #state} wrote down. */
  static VirtualRanges of(long[] state) {
    VirtualRanges ranges = new VirtualRanges();
    ranges.lastOffset = state[0];
    for (int i = 1; i < state.length; i += 2) {
      ranges.add(state[i], state[i + 1]);
    }
    return ranges;
  }

  /** The last offset, then begin and end of each range. */
  long[] state() {
    long[] state = new long[1 + 2 * count];
    state[0] = lastOffset;
    for (int i = 0; i < count; i++) {
      state[1 + 2 * i] = begin[i];
      state[2 + 2 * i] = end[i];
    }
    return state;
  }

  /** Where a mapping of {@code bytes} goes below {@code top}; 0 when there is no room. */
  long place(Areas areas, long bytes, long bottom, long top) {
    long address = 0;
    for (int i = 0; i < count && address == 0; i++) {
      address = areas.highestGap(bytes, begin[i], end[i]);
    }
    if (address == 0) {
      address = placeInNewRange(areas, bytes, bottom, top);
    }
    lastOffset = address & (GRANULE_BYTES - 1);
    return address;
  }

  private long placeInNewRange(Areas areas, long bytes, long bottom, long top) {
    long offset = Math.abs(lastOffset - bytes);
    long length = (offset + bytes + GRANULE_BYTES - 1) & -GRANULE_BYTES;
    for (long to = top & -GRANULE_BYTES; to - length >= bottom; to -= GRANULE_BYTES) {
      if (!isTaken(to - length, to) && areas.covered(to - length, to) == 0) {
        add(to - length, to);
        return to - length + offset;
      }
    }
    return 0;
  }

  private boolean isTaken(long from, long to) {
    for (int i = 0; i < count; i++) {
      if (from < end[i] && begin[i] < to) {
        return true;
      }
    }
    return false;
  }

  private void add(long from, long to) {
    if (count == begin.length) {
      begin = Arrays.copyOf(begin, 2 * count);
      end = Arrays.copyOf(end, 2 * count);
    }
    begin[count] = from;
    end[count++] = to;
  }
}
