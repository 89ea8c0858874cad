package org.legosim.kernel.pcache;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * The kernel's record of every line, in primitive columns that appear in chunks as lines are used: a
 * pcache of terabytes that is barely touched costs little.
 */
@HotPath
final class Lines {
  static final int NONE = -1;

  /** At least one reverse mapping exists; only such lines may be evicted. */
  static final int VALID = 1;

  /** Chosen as the line that must go. */
  static final int RECLAIM = 1 << 1;

  /** Inside a flush. */
  static final int WRITEBACK = 1 << 2;

  /** Handed over to the next fill with the former page's dirty data in it. */
  static final int PIGGYBACK = 1 << 3;

  /** Parked in a CPU's slot. */
  static final int PIGGYBACK_CACHED = 1 << 4;

  /** On its set's replacement list. */
  static final int LISTED = 1 << 5;

  /** Bytes of heap per line in these columns. */
  static final int HEAP_BYTES = 1 + 6 * Integer.BYTES;

  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final int UNLOCKED = 0;

  private static final class Chunk {
    final byte[] bits;
    final int[] references;
    final int[] mappings;
    final int[] next;
    final int[] previous;
    /** Actor that holds the line's lock, plus one. */
    final int[] owner;

    final int[] firstRmap;

    /** Sets of sectors; none when lines are whole. */
    final long[] present;

    final long[] dirty;

    Chunk(int size, boolean hasSectors) {
      present = new long[hasSectors ? size : 0];
      dirty = new long[hasSectors ? size : 0];
      bits = new byte[size];
      references = new int[size];
      mappings = new int[size];
      next = new int[size];
      previous = new int[size];
      owner = new int[size];
      firstRmap = new int[size];
      java.util.Arrays.fill(firstRmap, Rmaps.NONE);
    }
  }

  private final @Nullable Chunk[] chunks;
  private final int chunkSize;
  private final WaitList lockWaiters = new WaitList();
  private int chunkCount;

  private final boolean hasSectors;

  /** Bytes of heap per line for sectors, where there are any. */
  static final int SECTOR_HEAP_BYTES = 2 * Long.BYTES;

  Lines(PcacheGeometry geometry, boolean hasSectors) {
    this.hasSectors = hasSectors;
    chunkSize = Math.min(geometry.lines(), 1 << CHUNK_SHIFT);
    chunks = new Chunk[(geometry.lines() >>> CHUNK_SHIFT) + 1];
  }

  private Chunk chunk(int line) {
    Chunk chunk = chunks[line >>> CHUNK_SHIFT];
    return chunk != null ? chunk : makeChunk(line);
  }

  private Chunk makeChunk(int line) {
    Chunk chunk = new Chunk(chunkSize, hasSectors);
    chunks[line >>> CHUNK_SHIFT] = chunk;
    chunkCount++;
    return chunk;
  }

  /** Lines whose records exist. */
  long recordCount() {
    return (long) chunkCount * chunkSize;
  }

  int bits(int line) {
    return chunk(line).bits[line & CHUNK_MASK];
  }

  boolean has(int line, int bit) {
    return (bits(line) & bit) != 0;
  }

  void setBits(int line, int bits) {
    chunk(line).bits[line & CHUNK_MASK] = (byte) bits;
  }

  void add(int line, int bit) {
    setBits(line, bits(line) | bit);
  }

  void remove(int line, int bit) {
    setBits(line, bits(line) & ~bit);
  }

  int references(int line) {
    return chunk(line).references[line & CHUNK_MASK];
  }

  void setReferences(int line, int count) {
    chunk(line).references[line & CHUNK_MASK] = count;
  }

  int mappings(int line) {
    return chunk(line).mappings[line & CHUNK_MASK];
  }

  void setMappings(int line, int count) {
    chunk(line).mappings[line & CHUNK_MASK] = count;
  }

  /** Link of the replacement list, or of the free list: a line is on one of them at most. */
  int next(int line) {
    return chunk(line).next[line & CHUNK_MASK];
  }

  void setNext(int line, int other) {
    chunk(line).next[line & CHUNK_MASK] = other;
  }

  int previous(int line) {
    return chunk(line).previous[line & CHUNK_MASK];
  }

  void setPrevious(int line, int other) {
    chunk(line).previous[line & CHUNK_MASK] = other;
  }

  int firstRmap(int line) {
    return chunk(line).firstRmap[line & CHUNK_MASK];
  }

  void setFirstRmap(int line, int rmap) {
    chunk(line).firstRmap[line & CHUNK_MASK] = rmap;
  }

  long present(int line) {
    return chunk(line).present[line & CHUNK_MASK];
  }

  long dirty(int line) {
    return chunk(line).dirty[line & CHUNK_MASK];
  }

  void setSectors(int line, long present, long dirty) {
    Chunk chunk = chunk(line);
    chunk.present[line & CHUNK_MASK] = present;
    chunk.dirty[line & CHUNK_MASK] = dirty;
  }

  boolean isLocked(int line) {
    return chunk(line).owner[line & CHUNK_MASK] != UNLOCKED;
  }

  boolean isLockedBy(int line, ExecutionContext context) {
    return chunk(line).owner[line & CHUNK_MASK] == context.id() + 1;
  }

  boolean tryLock(int line, ExecutionContext context) {
    Chunk chunk = chunk(line);
    if (chunk.owner[line & CHUNK_MASK] != UNLOCKED) {
      return false;
    }
    chunk.owner[line & CHUNK_MASK] = context.id() + 1;
    return true;
  }

  /** Locks the line, or queues the context, which then owns the lock when it is resumed. */
  boolean lock(int line, ExecutionContext context) {
    if (tryLock(line, context)) {
      return true;
    }
    lockWaiters.add(context, line, 0, 0);
    context.beginWait("line lock");
    return false;
  }

  /** Unlocks the line; the first waiter owns it at once and runs {@code handOverPs} from now. */
  void unlock(int line, ExecutionContext context, long handOverPs) {
    Chunk chunk = chunk(line);
    if (chunk.owner[line & CHUNK_MASK] != context.id() + 1) {
      throw new org.legosim.timing.ModelException(
          context.name() + " unlocks line " + line + " without holding its lock");
    }
    ExecutionContext next = lockWaiters.removeFirst(line);
    if (next == null) {
      chunk.owner[line & CHUNK_MASK] = UNLOCKED;
      return;
    }
    chunk.owner[line & CHUNK_MASK] = next.id() + 1;
    next.wake(context.id(), context.nowPs() + handOverPs);
  }
}
