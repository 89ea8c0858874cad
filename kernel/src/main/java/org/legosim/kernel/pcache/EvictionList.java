package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Spin;

/**
 * The per-set lists of pages that are being evicted: unmapped, their data not yet at the memory node.
 * A fault on such a page polls until its entry is gone. There are few entries at any time, so the
 * lists of all sets are one array, and a set's count tells whether it need be searched.
 */
@HotPath
final class EvictionList {
  private final PcacheGeometry geometry;
  private final Sets sets;
  private final PcacheCounters counters;
  private final long pollPs;
  private int[] line = new int[8];
  private int[] tgid = new int[8];
  private int[] node = new int[8];
  private long[] address = new long[8];
  private boolean[] preallocated = new boolean[8];
  private int count;

  private final WaitList waiters = new WaitList();

  EvictionList(PcacheGeometry geometry, Sets sets, PcacheCounters counters, long pollPs) {
    this.geometry = geometry;
    this.sets = sets;
    this.counters = counters;
    this.pollPs = pollPs;
  }

  int count() {
    return count;
  }

  /** Adds the page of one mapping of {@code evicted}; the set's count rises first. */
  void add(int evicted, int ownerTgid, long page, int ownerNode) {
    if (count == line.length) {
      grow();
    }
    sets.addEvictionEntries(geometry.setOfLine(evicted), 1);
    // Each line has one preallocated entry; further mappings take theirs from the allocator.
    boolean isFirst = entryOfLine(evicted, 0) == count;
    counters.peeAlloc++;
    if (!isFirst) {
      counters.peeAllocKmalloc++;
    }
    line[count] = evicted;
    tgid[count] = ownerTgid;
    node[count] = ownerNode;
    address[count] = page;
    preallocated[count++] = isFirst;
  }

  /** Index of the entry number {@code ordinal} of {@code evicted}, or the count. */
  int entryOfLine(int evicted, int ordinal) {
    int left = ordinal;
    for (int i = 0; i < count; i++) {
      if (line[i] == evicted && left-- == 0) {
        return i;
      }
    }
    return count;
  }

  int tgid(int index) {
    return tgid[index];
  }

  long address(int index) {
    return address[index];
  }

  int node(int index) {
    return node[index];
  }

  boolean contains(int ownerTgid, long page) {
    for (int i = 0; i < count; i++) {
      if (address[i] == page && tgid[i] == ownerTgid) {
        return true;
      }
    }
    return false;
  }

  /** A page of the range that is on the list, or -1. */
  long firstPageIn(int ownerTgid, long start, long end) {
    for (int i = 0; i < count; i++) {
      if (tgid[i] == ownerTgid && address[i] >= start && address[i] < end) {
        return address[i];
      }
    }
    return -1;
  }

  /** Removes every entry of {@code evicted} and wakes who waited for its pages. */
  void removeLine(int evicted, ExecutionContext by) {
    int set = geometry.setOfLine(evicted);
    int i = entryOfLine(evicted, 0);
    while (i < count) {
      counters.peeFree++;
      if (!preallocated[i]) {
        counters.peeFreeKmalloc++;
      }
      int freedTgid = tgid[i];
      long freedAddress = address[i];
      removeAt(i);
      sets.addEvictionEntries(set, -1);
      if (!waiters.isEmpty() && !contains(freedTgid, freedAddress)) {
        waiters.wakeAll(freedAddress, freedTgid, by);
      }
      i = entryOfLine(evicted, 0);
    }
  }

  /**
   * Queues a context that polls for the page to leave the list; it is resumed at its first poll after
   * that. Its polls up to then are {@link #pollsSince}.
   */
  void await(ExecutionContext context, int ownerTgid, long page) {
    waiters.add(context, page, ownerTgid, pollPs);
    context.beginWait("a line in transit to its memory node");
  }

  /** Polls that found the page, of a wait that began at {@code startPs} and ended at {@code nowPs}. */
  long pollsSince(long startPs, long nowPs) {
    return Spin.polls(startPs, nowPs, pollPs) - 1;
  }

  private void removeAt(int index) {
    count--;
    for (int i = index; i < count; i++) {
      line[i] = line[i + 1];
      tgid[i] = tgid[i + 1];
      node[i] = node[i + 1];
      address[i] = address[i + 1];
      preallocated[i] = preallocated[i + 1];
    }
  }

  private void grow() {
    line = Arrays.copyOf(line, 2 * count);
    tgid = Arrays.copyOf(tgid, 2 * count);
    node = Arrays.copyOf(node, 2 * count);
    address = Arrays.copyOf(address, 2 * count);
    preallocated = Arrays.copyOf(preallocated, 2 * count);
  }
}
