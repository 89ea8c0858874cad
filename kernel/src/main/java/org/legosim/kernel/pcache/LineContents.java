package org.legosim.kernel.pcache;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;

/**
 * Which data each line holds, by the number that {@link org.legosim.kernel.rpc.PageContent} gives it.
 * The mechanisms copy it wherever the real kernel copies the bytes. Switched off, which is the usual
 * case, nothing is kept and every line seems to hold zeroes.
 */
@HotPath
public final class LineContents {
  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  private final boolean isKept;
  private final long[] @Nullable [] chunks;
  private final long[] victims;

  LineContents(boolean isKept, int lines, int victimEntries) {
    this.isKept = isKept;
    this.chunks = new long[isKept ? (lines >>> CHUNK_SHIFT) + 1 : 0][];
    this.victims = new long[isKept ? victimEntries : 0];
  }

  /** The data in a line. */
  public long of(int line) {
    if (!isKept) {
      return 0;
    }
    long[] chunk = chunks[line >>> CHUNK_SHIFT];
    return chunk == null ? 0 : chunk[line & CHUNK_MASK];
  }

  /** The line was written, whole or in part. */
  public void set(int line, long content) {
    if (!isKept) {
      return;
    }
    long[] chunk = chunks[line >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new long[CHUNK_MASK + 1];
      chunks[line >>> CHUNK_SHIFT] = chunk;
    }
    chunk[line & CHUNK_MASK] = content;
  }

  void copy(int from, int to) {
    set(to, of(from));
  }

  /** The data in an entry of the victim cache. */
  long ofVictim(int entry) {
    return isKept ? victims[entry] : 0;
  }

  void saveVictim(int entry, int line) {
    if (isKept) {
      victims[entry] = of(line);
    }
  }

  void fillFromVictim(int line, int entry) {
    set(line, ofVictim(entry));
  }
}
