package org.legosim.hardware.cache;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.RandomStream;

/**
 * One set-associative, write-back, write-allocate cache level, tagged by whatever line number the
 * caller gives (physical lines in the emulated LegoOS machine). It holds no data and no time: the
 * hierarchy around it decides what a hit costs and where a victim goes.
 *
 * <p>The entries of a set are one row of ints, most recent first, so a hit on the most recent line
 * reads one word. An entry holds the tag plus one above the state bits, and 0 when it is empty; empty
 * entries are always at a row's end.
 *
 * <p>A level that is off is a cache that holds nothing: every look-up misses and every fill comes
 * back at once as its own victim, so a hierarchy needs no special case.
 *
 * <p>Left out: coherence between caches, and inclusion (an eviction here does not reach into other
 * levels).
 */
@HotPath
public final class Cache {
  /** Result of a fill that displaced nothing. */
  public static final long NO_VICTIM = -1;

  private static final int EMPTY = 0;
  private static final int DIRTY = 1;
  private static final int FROM_DEVICE = 2;
  private static final int STATE_BITS = 2;
  private static final int TAG_MASK = -1 << STATE_BITS;
  private static final long TAG_LIMIT = 1L << (Integer.SIZE - STATE_BITS);

  private final boolean isPresent;
  private final Replacement replacement;
  private final int ways;
  private final int setBits;
  private final int setMask;
  private final int slices;
  private final int[] entries;
  private final LinePresence presence;
  private final RandomStream random;

  private long hits;
  private long misses;
  private long evictions;
  private long dirtyEvictions;

  /**
   * @param lineCount line numbers are below this
   * @param random used by {@link Replacement#RANDOM} only
   * @throws ConfigException when the sets are too few to tell that many lines apart
   */
  public Cache(CacheGeometry geometry, long lineCount, RandomStream random) {
    this.isPresent = geometry.isPresent();
    this.replacement = geometry.replacement();
    this.ways = isPresent ? geometry.ways() : 1;
    this.slices = isPresent ? geometry.slices() : 1;
    int setsPerSlice = geometry.setsPerSlice();
    this.setBits = Units.log2Exact(setsPerSlice);
    this.setMask = setsPerSlice - 1;
    this.random = random;
    if (isPresent && lineCount >>> setBits >= TAG_LIMIT - 1) {
      throw new ConfigException(geometry.key()
          + ": "
          + setsPerSlice
          + " sets cannot tell "
          + lineCount
          + " memory lines apart; use fewer ways or less memory");
    }
    this.entries = new int[Math.multiplyExact(setsPerSlice * slices, ways)];
    this.presence = new LinePresence(isPresent ? entries.length : 1);
  }

  /**
   * Looks {@code line} up, counts the outcome, and on a hit makes the line the most recent one (LRU)
   * and dirty (a write). A miss changes nothing: the caller fetches the line and calls {@link #fill}.
   */
  public boolean access(long line, boolean isWrite) {
    int row = rowOf(line);
    int want = wantedOf(line);
    int entry = entries[row];
    if (((entry ^ want) & TAG_MASK) == 0) {
      hits++;
      if (isWrite) {
        entries[row] = entry | DIRTY;
      }
      return true;
    }
    return accessBehindFirst(row, want, isWrite);
  }

  private boolean accessBehindFirst(int row, int want, boolean isWrite) {
    int[] entries = this.entries;
    int end = row + ways;
    for (int at = row + 1; at < end; at++) {
      int entry = entries[at];
      if (((entry ^ want) & TAG_MASK) == 0) {
        hits++;
        int updated = isWrite ? entry | DIRTY : entry;
        if (replacement == Replacement.LRU) {
          shiftBack(row, at);
          entries[row] = updated;
        } else {
          entries[at] = updated;
        }
        return true;
      }
    }
    misses++;
    return false;
  }

  /**
   * Puts an absent line in.
   *
   * @return {@link #NO_VICTIM}, or the displaced line for {@link #lineOf} and {@link #isDirty}
   */
  public long fill(long line, boolean isDirty) {
    if (!isPresent) {
      return victimOf(line, isDirty);
    }
    int row = rowOf(line);
    int last = row + ways - 1;
    boolean isRandom = replacement == Replacement.RANDOM && entries[last] != EMPTY;
    int at = isRandom ? row + random.nextInt(ways) : last;
    return replace(line, row, at, isDirty ? DIRTY : 0);
  }

  /**
   * Puts in a line that a device wrote whole, dirty. Such lines displace each other once
   * {@code deviceWays} of them are in the set: DMA cannot flood the cache.
   */
  public long fillFromDevice(long line, int deviceWays) {
    if (!isPresent) {
      return victimOf(line, true);
    }
    int row = rowOf(line);
    int lastDevice = row + ways - 1;
    int count = 0;
    for (int at = row; at < row + ways; at++) {
      if ((entries[at] & FROM_DEVICE) != 0) {
        count++;
        lastDevice = at;
      }
    }
    int at = count >= deviceWays ? lastDevice : row + ways - 1;
    return replace(line, row, at, DIRTY | FROM_DEVICE);
  }

  private long replace(long line, int row, int at, int state) {
    int displaced = entries[at];
    shiftBack(row, at);
    entries[row] = wantedOf(line) | state;
    presence.add(line);
    if (displaced == EMPTY) {
      return NO_VICTIM;
    }
    long victim = lineAt(displaced, line);
    presence.remove(victim);
    evictions++;
    if ((displaced & DIRTY) != 0) {
      dirtyEvictions++;
    }
    return victimOf(victim, (displaced & DIRTY) != 0);
  }

  /** Takes a dirty victim of the level above: true when the line is here, and is now dirty. */
  public boolean writeBack(long line) {
    int at = find(line);
    if (at < 0) {
      return false;
    }
    entries[at] |= DIRTY;
    return true;
  }

  /** Whether the line is here; neither counted nor made recent. */
  public boolean holds(long line) {
    return find(line) >= 0;
  }

  /**
   * Drops the lines from {@code firstLine} on, dirty or not: something else has overwritten or
   * unmapped them. Groups of lines that this cache cannot hold cost one test each.
   *
   * @return lines dropped
   */
  public int invalidate(long firstLine, int lines) {
    int dropped = 0;
    long end = firstLine + lines;
    long line = firstLine;
    while (line < end) {
      if (presence.mayHold(line)) {
        dropped += drop(line) ? 1 : 0;
        line++;
      } else {
        line = LinePresence.nextGroup(line);
      }
    }
    return dropped;
  }

  private boolean drop(long line) {
    int at = find(line);
    if (at < 0) {
      return false;
    }
    int last = rowOf(line) + ways - 1;
    System.arraycopy(entries, at + 1, entries, at, last - at);
    entries[last] = EMPTY;
    presence.remove(line);
    return true;
  }

  private int find(long line) {
    int row = rowOf(line);
    int want = wantedOf(line);
    for (int at = row; at < row + ways; at++) {
      if (((entries[at] ^ want) & TAG_MASK) == 0) {
        return at;
      }
    }
    return -1;
  }

  /** Moves the entries before {@code at} one place back; the first place is free afterwards. */
  private void shiftBack(int row, int at) {
    int[] entries = this.entries;
    for (int to = at; to > row; to--) {
      entries[to] = entries[to - 1];
    }
  }

  private int rowOf(long line) {
    int set = (int) line & setMask;
    if (slices != 1) {
      set += sliceOf(line) << setBits;
    }
    return set * ways;
  }

  /**
   * Slice of a line, from all of its bits.
   *
   * <p>MODEL: the real hash over slices is not published; this one spreads lines as evenly.
   */
  public int sliceOf(long line) {
    return (int) ((((line * 0x9E3779B97F4A7C15L) >>> 32) * slices) >>> 32);
  }

  private int wantedOf(long line) {
    return ((int) (line >>> setBits) + 1) << STATE_BITS;
  }

  /** The line of an entry that shares its set with {@code neighbour}. */
  private long lineAt(int entry, long neighbour) {
    return (((long) (entry >>> STATE_BITS) - 1) << setBits) | (neighbour & setMask);
  }

  private static long victimOf(long line, boolean isDirty) {
    return (line << 1) | (isDirty ? 1 : 0);
  }

  /** The line number of a victim. */
  public static long lineOf(long victim) {
    return victim >>> 1;
  }

  /** Whether a fill displaced a line that must be written back. */
  public static boolean isDirty(long victim) {
    return victim != NO_VICTIM && (victim & 1) != 0;
  }

  public boolean isPresent() {
    return isPresent;
  }

  public int slices() {
    return slices;
  }

  public long hits() {
    return hits;
  }

  /** Look-ups that missed; 0 for a level that is off. */
  public long misses() {
    return isPresent ? misses : 0;
  }

  public long evictions() {
    return evictions;
  }

  public long dirtyEvictions() {
    return dirtyEvictions;
  }

  /** Forgets the counts, not the contents: the end of a warm-up. */
  public void clearCounts() {
    hits = 0;
    misses = 0;
    evictions = 0;
    dirtyEvictions = 0;
  }
}
