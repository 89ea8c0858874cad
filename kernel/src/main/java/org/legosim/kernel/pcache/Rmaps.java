package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.HotPath;

/**
 * Reverse mappings: for each line the pages that map it. One per line is preallocated and has the
 * line's number; further ones, for lines shared by fork, come from the kernel's allocator and have
 * numbers below {@link #NONE}.
 */
@HotPath
final class Rmaps {
  static final int NONE = -1;

  /** Bytes of heap per line in these columns. */
  static final int HEAP_BYTES = 2 * Integer.BYTES + Long.BYTES;

  private static final int FIRST_EXTRA = -2;
  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final int UNUSED = 0;

  private static final class Chunk {
    /** Index of the address space plus one; 0 when the record is unused. */
    int[] space;

    long[] address;
    int[] next;

    Chunk(int size) {
      space = new int[size];
      address = new long[size];
      next = new int[size];
    }
  }

  private final Lines lines;
  private final PcacheCounters counters;
  private final @Nullable Chunk[] chunks;
  private final int chunkSize;
  private final Chunk extra = new Chunk(8);
  private int extraCount;
  private int firstFreeExtra = NONE;
  private long live;

  /** Judges every move; null unless everything is checked always. */
  @Nullable
  PcacheWatch watch;

  Rmaps(PcacheGeometry geometry, Lines lines, PcacheCounters counters) {
    this.lines = lines;
    this.counters = counters;
    chunkSize = Math.min(geometry.lines(), 1 << CHUNK_SHIFT);
    chunks = new Chunk[(geometry.lines() >>> CHUNK_SHIFT) + 1];
  }

  private Chunk chunk(int rmap) {
    if (rmap < 0) {
      return extra;
    }
    Chunk chunk = chunks[rmap >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new Chunk(chunkSize);
      chunks[rmap >>> CHUNK_SHIFT] = chunk;
    }
    return chunk;
  }

  private static int slot(int rmap) {
    return rmap < 0 ? FIRST_EXTRA - rmap : rmap & CHUNK_MASK;
  }

  int first(int line) {
    return lines.firstRmap(line);
  }

  int next(int rmap) {
    return chunk(rmap).next[slot(rmap)];
  }

  /** Index of the address space that maps the line. */
  int space(int rmap) {
    return chunk(rmap).space[slot(rmap)] - 1;
  }

  /** Address of the page. */
  long address(int rmap) {
    return chunk(rmap).address[slot(rmap)];
  }

  /** The mapping of {@code line} by that page, or {@link #NONE}. */
  int find(int line, int space, long address) {
    for (int rmap = first(line); rmap != NONE; rmap = next(rmap)) {
      if (space(rmap) == space && address(rmap) == address) {
        return rmap;
      }
    }
    return NONE;
  }

  /**
   * Adds a mapping at the head of the line's list; the line becomes valid.
   *
   * @return true when it had to be allocated
   */
  boolean add(int line, int space, long address) {
    for (int rmap = first(line); rmap != NONE; rmap = next(rmap)) {
      if (space(rmap) == space) {
        throw new InvariantViolation("duplicate reverse mapping: line "
            + line
            + " is mapped by address space "
            + space
            + " at 0x"
            + Long.toHexString(address(rmap))
            + " and again at 0x"
            + Long.toHexString(address));
      }
    }
    int rmap = chunk(line).space[slot(line)] == UNUSED ? line : takeExtra();
    Chunk chunk = chunk(rmap);
    int slot = slot(rmap);
    chunk.space[slot] = space + 1;
    chunk.address[slot] = address;
    chunk.next[slot] = first(line);
    lines.setFirstRmap(line, rmap);
    lines.setMappings(line, lines.mappings(line) + 1);
    lines.add(line, Lines.VALID);
    counters.rmapAlloc++;
    live++;
    if (rmap < 0) {
      counters.rmapAllocKmalloc++;
    }
    if (watch != null) {
      watch.mapped(line, space, address);
    }
    return rmap < 0;
  }

  /** Removes a mapping of the line; without any it is no longer valid. */
  void remove(int line, int rmap) {
    if (first(line) == rmap) {
      lines.setFirstRmap(line, next(rmap));
    } else {
      int before = first(line);
      while (next(before) != rmap) {
        before = next(before);
      }
      chunk(before).next[slot(before)] = next(rmap);
    }
    int space = space(rmap);
    chunk(rmap).space[slot(rmap)] = UNUSED;
    counters.rmapFree++;
    live--;
    if (rmap < 0) {
      counters.rmapFreeKmalloc++;
      extra.next[slot(rmap)] = firstFreeExtra;
      firstFreeExtra = rmap;
    }
    int mappings = lines.mappings(line) - 1;
    lines.setMappings(line, mappings);
    if (mappings == 0) {
      lines.remove(line, Lines.VALID);
    }
    if (watch != null) {
      watch.unmapped(line, space, address(rmap));
    }
  }

  void removeAll(int line) {
    while (first(line) != NONE) {
      remove(line, first(line));
    }
  }

  /** The page of a mapping was moved within its set. */
  void relocate(int line, int rmap, long address) {
    long from = address(rmap);
    chunk(rmap).address[slot(rmap)] = address;
    if (watch != null) {
      watch.relocated(line, space(rmap), from, address);
    }
  }

  /** Mappings that exist. */
  long live() {
    return live;
  }

  private int takeExtra() {
    if (firstFreeExtra != NONE) {
      int rmap = firstFreeExtra;
      firstFreeExtra = extra.next[slot(rmap)];
      return rmap;
    }
    if (extraCount == extra.space.length) {
      extra.space = Arrays.copyOf(extra.space, 2 * extraCount);
      extra.address = Arrays.copyOf(extra.address, 2 * extraCount);
      extra.next = Arrays.copyOf(extra.next, 2 * extraCount);
    }
    return FIRST_EXTRA - extraCount++;
  }
}
