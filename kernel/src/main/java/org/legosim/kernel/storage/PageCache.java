package org.legosim.kernel.storage;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * Pages of files in memory, least recently used last, by file and page number. A page may be on its
 * way from the drive, and may have been written since it was there.
 */
final class PageCache {
  static final int NONE = -1;

  private static final int FIRST_SLOTS = 64;

  private final long capacityPages;
  private int used;
  private int dirtyPages;

  // One entry per page.
  private long[] key = new long[FIRST_SLOTS];
  private long[] readyPs = new long[FIRST_SLOTS];
  private boolean[] dirty = new boolean[FIRST_SLOTS];
  /** A read of the page starts the next read-ahead. */
  private boolean[] marked = new boolean[FIRST_SLOTS];

  private int[] newer = new int[FIRST_SLOTS];
  private int[] older = new int[FIRST_SLOTS];
  private int newest = NONE;
  private int oldest = NONE;
  private int freeList = NONE;
  private int everUsed;

  /** Open addressing: entry number plus 1, 0 for an empty place. */
  private int[] table = new int[4 * FIRST_SLOTS];

  PageCache(long capacityBytes, long pageBytes) {
    capacityPages = Math.max(1, capacityBytes / pageBytes);
  }

  static long keyOf(int file, long page) {
    return (long) file << 36 | page;
  }

  static int fileOf(long key) {
    return (int) (key >>> 36);
  }

  static long pageOf(long key) {
    return key & ((1L << 36) - 1);
  }

  int used() {
    return used;
  }

  int dirtyPages() {
    return dirtyPages;
  }

  private int place(long wanted) {
    return (int) ((wanted * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
  }

  /** The entry of a page, or {@link #NONE}. */
  @HotPath
  int find(long wanted) {
    int at = place(wanted);
    while (table[at] != 0) {
      if (key[table[at] - 1] == wanted) {
        return table[at] - 1;
      }
      at = (at + 1) & (table.length - 1);
    }
    return NONE;
  }

  /** Enters a page that is not there; whoever is over the capacity must be evicted first. */
  int insert(long wanted, long atPs) {
    if (4 * (used + 1) > table.length * 2) {
      rehash();
    }
    int entry = freeList;
    if (entry == NONE) {
      if (everUsed == key.length) {
        grow();
      }
      entry = everUsed++;
    } else {
      freeList = newer[entry];
    }
    key[entry] = wanted;
    readyPs[entry] = atPs;
    dirty[entry] = false;
    marked[entry] = false;
    used++;
    int at = place(wanted);
    while (table[at] != 0) {
      at = (at + 1) & (table.length - 1);
    }
    table[at] = entry + 1;
    linkNewest(entry);
    return entry;
  }

  private void grow() {
    int size = 2 * key.length;
    key = Arrays.copyOf(key, size);
    readyPs = Arrays.copyOf(readyPs, size);
    dirty = Arrays.copyOf(dirty, size);
    marked = Arrays.copyOf(marked, size);
    newer = Arrays.copyOf(newer, size);
    older = Arrays.copyOf(older, size);
  }

  private void rehash() {
    int[] before = table;
    table = new int[2 * before.length];
    for (int entry : before) {
      if (entry != 0) {
        int at = place(key[entry - 1]);
        while (table[at] != 0) {
          at = (at + 1) & (table.length - 1);
        }
        table[at] = entry;
      }
    }
  }

  private void linkNewest(int entry) {
    newer[entry] = NONE;
    older[entry] = newest;
    if (newest != NONE) {
      newer[newest] = entry;
    }
    newest = entry;
    if (oldest == NONE) {
      oldest = entry;
    }
  }

  private void unlink(int entry) {
    if (newer[entry] == NONE) {
      newest = older[entry];
    } else {
      older[newer[entry]] = older[entry];
    }
    if (older[entry] == NONE) {
      oldest = newer[entry];
    } else {
      newer[older[entry]] = newer[entry];
    }
  }

  /** The page was used. */
  @HotPath
  void touch(int entry) {
    if (newest != entry) {
      unlink(entry);
      linkNewest(entry);
    }
  }

  boolean isFull() {
    return used >= capacityPages;
  }

  /** The entry that goes next. */
  int oldest() {
    return oldest;
  }

  /** The entry that was used next after {@code entry}, or {@link #NONE}. */
  int newerThan(int entry) {
    return newer[entry];
  }

  long key(int entry) {
    return key[entry];
  }

  long readyPs(int entry) {
    return readyPs[entry];
  }

  boolean isDirty(int entry) {
    return dirty[entry];
  }

  void setDirty(int entry, boolean isDirty) {
    dirtyPages += (isDirty ? 1 : 0) - (dirty[entry] ? 1 : 0);
    dirty[entry] = isDirty;
  }

  /** True once for a marked page. */
  boolean takeMark(int entry) {
    boolean was = marked[entry];
    marked[entry] = false;
    return was;
  }

  void mark(int entry) {
    marked[entry] = true;
  }

  /** Takes a page out; what was written to it must be safe or given up. */
  void remove(int entry) {
    setDirty(entry, false);
    unlink(entry);
    int mask = table.length - 1;
    int hole = place(key[entry]);
    while (table[hole] != entry + 1) {
      hole = (hole + 1) & mask;
    }
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (table[next] == 0) {
        break;
      }
      int home = place(key[table[next] - 1]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        table[hole] = table[next];
        hole = next;
      }
    }
    table[hole] = 0;
    newer[entry] = freeList;
    freeList = entry;
    used--;
  }
}
