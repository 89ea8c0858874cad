package org.legosim.kernel.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.HotPath;

/**
 * The areas of one address space in the order of their addresses, never overlapping, never mergeable
 * with their neighbour. A sorted array: a look-up is a binary search, a change shifts references.
 */
final class Areas {
  private final boolean mergesAnyOffset;
  private Area[] areas = new Area[16];
  private int count;
  private int last;
  private long changes;

  Areas() {
    this(MemoryDefects.NONE);
  }

  Areas(MemoryDefects defects) {
    mergesAnyOffset = defects.mergesAnyOffset();
  }

  int count() {
    return count;
  }

  Area get(int index) {
    return areas[index];
  }

  /** Areas inserted, removed or replaced since the start: what each change of the tree costs. */
  long changes() {
    return changes;
  }

  /** Levels of the balanced tree that the real kernel searches. */
  @HotPath
  int depth() {
    return Integer.SIZE - Integer.numberOfLeadingZeros(count);
  }

  /** The area that holds {@code address}. */
  @HotPath
  @Nullable
  Area find(long address) {
    if (last < count && areas[last].contains(address)) {
      return areas[last];
    }
    int index = firstEndingAfter(address);
    if (index == count || areas[index].start() > address) {
      return null;
    }
    last = index;
    return areas[index];
  }

  /** Index of the first area that ends behind {@code address}; {@link #count} when none does. */
  @HotPath
  int firstEndingAfter(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (areas[middle].end() > address) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Adds an area where none is, and merges it with its neighbours. */
  void insert(Area area) {
    int index = firstEndingAfter(area.start());
    if (index < count && areas[index].start() < area.end()) {
      throw new org.legosim.timing.ModelException("areas overlap: " + area + ", " + areas[index]);
    }
    Area merged = area;
    int from = index;
    int to = index;
    // LEGOOS-BUG: F-13, a wrong pgoff lets parts of a file merge that are not neighbours in it.
    if (index > 0 && areas[index - 1].mergesWith(merged, mergesAnyOffset)) {
      merged = join(areas[index - 1], merged);
      from--;
    }
    if (index < count && merged.mergesWith(areas[index], mergesAnyOffset)) {
      merged = join(merged, areas[index]);
      to++;
    }
    replace(from, to, merged);
  }

  private static Area join(Area left, Area right) {
    return new Area(
        left.start(),
        right.end(),
        left.protection(),
        left.isShared(),
        left.growsDown(),
        left.file(),
        left.offsetBytes());
  }

  /** Removes every part within [start, end); areas that stick out are split. */
  void remove(long start, long end) {
    int index = firstEndingAfter(start);
    while (index < count && areas[index].start() < end) {
      Area area = areas[index];
      if (area.start() < start && area.end() > end) {
        replace(index, index + 1, area.part(area.start(), start), area.part(end, area.end()));
        return;
      }
      if (area.start() < start) {
        replace(index, index + 1, area.part(area.start(), start));
        index++;
      } else if (area.end() > end) {
        replace(index, index + 1, area.part(end, area.end()));
        return;
      } else {
        replace(index, index + 1);
      }
    }
  }

  /** Replaces the area that contains {@code area}'s start by {@code area}: growth at either end. */
  void resize(Area before, Area after) {
    int index = firstEndingAfter(before.start());
    replace(index, index + 1, after);
  }

  private void replace(int from, int to, Area... by) {
    changes += Math.max(1, by.length);
    int newCount = count - (to - from) + by.length;
    if (newCount > areas.length) {
      areas = Arrays.copyOf(areas, Math.max(newCount, 2 * areas.length));
    }
    System.arraycopy(areas, to, areas, from + by.length, count - to);
    System.arraycopy(by, 0, areas, from, by.length);
    count = newCount;
    last = 0;
  }

  /**
   * Start of the highest gap of {@code bytes} below {@code top} and above {@code bottom}; 0 when
   * there is none.
   */
  long highestGap(long bytes, long bottom, long top) {
    long end = top;
    for (int index = count - 1; index >= 0; index--) {
      Area area = areas[index];
      if (area.end() <= end && end - area.end() >= bytes) {
        break;
      }
      end = Math.min(end, area.start());
    }
    return end - bytes >= bottom ? end - bytes : 0;
  }

  /** Bytes of [start, end) that areas cover. */
  long covered(long start, long end) {
    long bytes = 0;
    for (int index = firstEndingAfter(start);
        index < count && areas[index].start() < end;
        index++) {
      bytes += Math.min(end, areas[index].end()) - Math.max(start, areas[index].start());
    }
    return bytes;
  }

  /** Start, end and flags of every area, as {@link Request#areas} lists them. */
  long[] listed() {
    long[] list = new long[count() * Request.AREA_LONGS];
    for (int index = 0; index < count(); index++) {
      Area area = get(index);
      list[index * Request.AREA_LONGS] = area.start();
      list[index * Request.AREA_LONGS + 1] = area.end();
      list[index * Request.AREA_LONGS + 2] =
          ((area.protection() & Area.PROT_WRITE) != 0 ? Request.AREA_WRITABLE : 0)
              | (area.isShared() ? Request.AREA_SHARED : 0);
    }
    return list;
  }
}
