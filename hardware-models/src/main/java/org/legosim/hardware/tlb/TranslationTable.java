package org.legosim.hardware.tlb;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * Set-associative translations in rows of recency order. A tag is the page number under the present
 * epoch, so a flush of everything is a new epoch; stale entries fall off a row's end like old ones.
 */
@HotPath
final class TranslationTable {
  static final long ABSENT = -1;

  private static final int PAGE_BITS = 44;
  private static final long EPOCH_MAX = (1L << (63 - PAGE_BITS)) - 1;
  private static final long EMPTY = 0;

  private final int ways;
  private final int setMask;
  private final long[] tags;
  private final long[] data;
  private long epoch = 1;
  private long epochTag = 1L << PAGE_BITS;

  TranslationTable(int entries, int ways) {
    this.ways = ways;
    this.setMask = entries / ways - 1;
    tags = new long[entries];
    data = new long[entries];
  }

  /** The page's datum, now the most recent of its set, or {@link #ABSENT}. */
  long get(long page) {
    int row = ((int) page & setMask) * ways;
    long tag = epochTag | page;
    if (tags[row] == tag) {
      return data[row];
    }
    return getBehindFirst(row, tag);
  }

  private long getBehindFirst(int row, long tag) {
    int end = row + ways;
    for (int at = row + 1; at < end; at++) {
      if (tags[at] == tag) {
        long datum = data[at];
        shiftBack(row, at);
        tags[row] = tag;
        data[row] = datum;
        return datum;
      }
    }
    return ABSENT;
  }

  /** Enters a page that may or may not be here. */
  void put(long page, long datum) {
    int row = ((int) page & setMask) * ways;
    long tag = epochTag | page;
    int at = row;
    int last = row + ways - 1;
    while (at < last && tags[at] != tag) {
      at++;
    }
    shiftBack(row, at);
    tags[row] = tag;
    data[row] = datum;
  }

  /** Changes the datum of a page, if it is here, without making it recent. */
  void update(long page, long datum) {
    int at = find(page);
    if (at >= 0) {
      data[at] = datum;
    }
  }

  void invalidate(long page) {
    int at = find(page);
    if (at < 0) {
      return;
    }
    int last = (at / ways + 1) * ways - 1;
    System.arraycopy(tags, at + 1, tags, at, last - at);
    System.arraycopy(data, at + 1, data, at, last - at);
    tags[last] = EMPTY;
  }

  private int find(long page) {
    int row = ((int) page & setMask) * ways;
    long tag = epochTag | page;
    for (int at = row; at < row + ways; at++) {
      if (tags[at] == tag) {
        return at;
      }
    }
    return -1;
  }

  private void shiftBack(int row, int at) {
    for (int to = at; to > row; to--) {
      tags[to] = tags[to - 1];
      data[to] = data[to - 1];
    }
  }

  void invalidateAll() {
    if (epoch == EPOCH_MAX) {
      Arrays.fill(tags, EMPTY);
      epoch = 0;
    }
    epoch++;
    epochTag = epoch << PAGE_BITS;
  }
}
