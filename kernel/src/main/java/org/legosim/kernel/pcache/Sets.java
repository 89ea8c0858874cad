package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;

/**
 * The kernel's record of every set, in primitive columns that appear in chunks as sets are used. The
 * spin locks of a set are times: each critical section has a known length, so a lock is the time from
 * which it is free, and whoever comes earlier waits until then, in the order of arrival.
 */
@HotPath
final class Sets {
  static final int EVICTING = 1;
  static final int SWEEPING = 1 << 1;

  static final int STAT_ALLOC = 0;
  static final int STAT_FILL_MEMORY = 1;
  static final int STAT_FILL_VICTIM = 2;
  static final int STAT_EVICTION = 3;
  static final int STATS = 4;

  /** Bytes of heap per set in these columns, without bitmaps. */
  static final int HEAP_BYTES = 1 + 7 * Integer.BYTES + (2 + STATS) * Long.BYTES;

  private static final int CHUNK_SHIFT = 10;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  static final class Chunk {
    final byte[] flags;
    /** Ways that have ever been used: the free list begins as 0, 1, 2, ... */
    final int[] freshWays;

    final int[] firstFree;
    final int[] head;
    final int[] tail;
    final int[] listed;
    final int[] evictionEntries;
    final int[] victims;
    final long[] freeLockPs;
    final long[] listLockPs;
    final long[] stats;
    /** Free ways, for the bitmap; null until the set is used. */
    final long[] @Nullable [] bitmap;

    Chunk(int size) {
      flags = new byte[size];
      freshWays = new int[size];
      firstFree = filled(size);
      head = filled(size);
      tail = filled(size);
      listed = new int[size];
      evictionEntries = new int[size];
      victims = new int[size];
      freeLockPs = new long[size];
      listLockPs = new long[size];
      stats = new long[size * STATS];
      bitmap = new long[size][];
    }

    private static int[] filled(int size) {
      int[] column = new int[size];
      Arrays.fill(column, Lines.NONE);
      return column;
    }
  }

  private final @Nullable Chunk[] chunks;
  private final int chunkSize;
  private final int sets;

  Sets(PcacheGeometry geometry) {
    sets = geometry.sets();
    chunkSize = Math.min(sets, 1 << CHUNK_SHIFT);
    chunks = new Chunk[(sets >>> CHUNK_SHIFT) + 1];
  }

  /** The chunk of a set; {@link #slot} is the set's place in it. */
  Chunk chunk(int set) {
    Chunk chunk = chunks[set >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new Chunk(chunkSize);
      chunks[set >>> CHUNK_SHIFT] = chunk;
    }
    return chunk;
  }

  static int slot(int set) {
    return set & CHUNK_MASK;
  }

  /** True when nothing of the set was ever used. */
  boolean isUntouched(int set) {
    return chunks[set >>> CHUNK_SHIFT] == null;
  }

  int sets() {
    return sets;
  }

  void count(int set, int stat) {
    chunk(set).stats[slot(set) * STATS + stat]++;
  }

  long stat(int set, int stat) {
    return isUntouched(set) ? 0 : chunk(set).stats[slot(set) * STATS + stat];
  }

  boolean has(int set, int flag) {
    return (chunk(set).flags[slot(set)] & flag) != 0;
  }

  void setFlag(int set, int flag, boolean on) {
    Chunk chunk = chunk(set);
    int flags = chunk.flags[slot(set)];
    chunk.flags[slot(set)] = (byte) (on ? flags | flag : flags & ~flag);
  }

  int evictionEntries(int set) {
    return chunk(set).evictionEntries[slot(set)];
  }

  void addEvictionEntries(int set, int change) {
    chunk(set).evictionEntries[slot(set)] += change;
  }

  int victims(int set) {
    return chunk(set).victims[slot(set)];
  }

  void addVictims(int set, int change) {
    chunk(set).victims[slot(set)] += change;
  }

  /** Takes the free lock for {@code holdPs}; returns how long the caller waits for it. */
  long takeFreeLock(int set, long nowPs, long holdPs) {
    Chunk chunk = chunk(set);
    long startPs = Math.max(nowPs, chunk.freeLockPs[slot(set)]);
    chunk.freeLockPs[slot(set)] = startPs + holdPs;
    return startPs - nowPs;
  }

  /** Takes the replacement list's lock for {@code holdPs}; returns how long the caller waits. */
  long takeListLock(int set, long nowPs, long holdPs) {
    Chunk chunk = chunk(set);
    long startPs = Math.max(nowPs, chunk.listLockPs[slot(set)]);
    chunk.listLockPs[slot(set)] = startPs + holdPs;
    return startPs - nowPs;
  }

  /** Time from which the replacement list's lock is free. */
  long listLockFreePs(int set) {
    return chunk(set).listLockPs[slot(set)];
  }

  /** The holder of the replacement list's lock holds it longer than it said. */
  void holdListLock(int set, long untilPs) {
    Chunk chunk = chunk(set);
    chunk.listLockPs[slot(set)] = Math.max(chunk.listLockPs[slot(set)], untilPs);
  }

  /** Lines on the replacement list. */
  int listed(int set) {
    return chunk(set).listed[slot(set)];
  }
}
