package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;

/**
 * The free lines of each set, as a list (last in, first out; at first way 0, 1, 2, ...) or as a bitmap
 * (lowest way first).
 */
@HotPath
final class FreeLines {
  private static final int WORD_SHIFT = 6;
  private static final int WORD_MASK = 63;

  private final PcacheGeometry geometry;
  private final Sets sets;
  private final Lines lines;
  private final boolean isBitmap;
  private int lastTests;

  /** Judges every move; null unless everything is checked always. */
  @Nullable
  PcacheWatch watch;

  FreeLines(PcacheGeometry geometry, Sets sets, Lines lines, FreeLineMethod method) {
    this.geometry = geometry;
    this.sets = sets;
    this.lines = lines;
    this.isBitmap = method == FreeLineMethod.BITMAP;
  }

  /** Takes a free line of the set, or {@link Lines#NONE}. */
  int take(int set) {
    int line = isBitmap ? takeLowest(set) : takeLast(set);
    if (watch != null && line != Lines.NONE) {
      watch.taken(line);
    }
    return line;
  }

  /** Ways that the last {@link #take} tested in the bitmap; 0 with the list. */
  int lastTests() {
    return lastTests;
  }

  void give(int line) {
    if (watch != null) {
      watch.given(line);
    }
    int set = geometry.setOfLine(line);
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    if (isBitmap) {
      int way = geometry.wayOfLine(line);
      bitmap(chunk, slot)[way >>> WORD_SHIFT] |= 1L << (way & WORD_MASK);
      // The first word that may have a free way; the simulator's shortcut, not the kernel's.
      chunk.firstFree[slot] = Math.min(chunk.firstFree[slot], way >>> WORD_SHIFT);
    } else {
      lines.setNext(line, chunk.firstFree[slot]);
      chunk.firstFree[slot] = line;
    }
  }

  /** Free lines of the set, counted. */
  int count(int set) {
    if (sets.isUntouched(set)) {
      return geometry.ways();
    }
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    int count = 0;
    if (isBitmap) {
      for (long word : bitmap(chunk, slot)) {
        count += Long.bitCount(word);
      }
      return count;
    }
    count = geometry.ways() - chunk.freshWays[slot];
    int line = chunk.firstFree[slot];
    while (line != Lines.NONE && count <= geometry.ways()) {
      count++;
      line = lines.next(line);
    }
    return count;
  }

  private int takeLast(int set) {
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    int line = chunk.firstFree[slot];
    if (line != Lines.NONE) {
      chunk.firstFree[slot] = lines.next(line);
      return line;
    }
    if (chunk.freshWays[slot] == geometry.ways()) {
      return Lines.NONE;
    }
    return geometry.lineAt(set, chunk.freshWays[slot]++);
  }

  private int takeLowest(int set) {
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    long[] words = bitmap(chunk, slot);
    for (int i = chunk.firstFree[slot]; i < words.length; i++) {
      if (words[i] != 0) {
        int way = (i << WORD_SHIFT) + Long.numberOfTrailingZeros(words[i]);
        words[i] &= words[i] - 1;
        chunk.firstFree[slot] = i;
        lastTests = way + 1;
        return geometry.lineAt(set, way);
      }
    }
    chunk.firstFree[slot] = words.length;
    lastTests = geometry.ways();
    return Lines.NONE;
  }

  private long[] bitmap(Sets.Chunk chunk, int slot) {
    long[] words = chunk.bitmap[slot];
    if (words == null) {
      int ways = geometry.ways();
      words = new long[(ways + WORD_MASK) >>> WORD_SHIFT];
      Arrays.fill(words, -1L);
      if ((ways & WORD_MASK) != 0) {
        words[words.length - 1] = (1L << (ways & WORD_MASK)) - 1;
      }
      chunk.bitmap[slot] = words;
      chunk.firstFree[slot] = 0;
    }
    return words;
  }
}
