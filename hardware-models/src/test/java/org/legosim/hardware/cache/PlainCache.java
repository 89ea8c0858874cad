package org.legosim.hardware.cache;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.engine.RandomStream;

/** The slow, obvious cache: a list per set, newest first. */
final class PlainCache {
  private static final class Line {
    final long number;
    boolean isDirty;

    Line(long number, boolean isDirty) {
      this.number = number;
      this.isDirty = isDirty;
    }
  }

  private final Replacement replacement;
  private final int ways;
  private final List<List<Line>> sets = new ArrayList<>();
  private final RandomStream random;

  PlainCache(int setCount, int ways, Replacement replacement, RandomStream random) {
    this.ways = ways;
    this.replacement = replacement;
    this.random = random;
    for (int i = 0; i < setCount; i++) {
      sets.add(new ArrayList<>());
    }
  }

  boolean access(long line, boolean isWrite) {
    List<Line> set = setOf(line);
    for (int i = 0; i < set.size(); i++) {
      Line held = set.get(i);
      if (held.number == line) {
        held.isDirty |= isWrite;
        if (replacement == Replacement.LRU) {
          set.remove(i);
          set.add(0, held);
        }
        return true;
      }
    }
    return false;
  }

  /** The victim as {@code line * 2 + dirty}, or -1. */
  long fill(long line, boolean isDirty) {
    List<Line> set = setOf(line);
    long victim = -1;
    if (set.size() == ways) {
      int out = replacement == Replacement.RANDOM ? random.nextInt(ways) : ways - 1;
      Line old = set.remove(out);
      victim = old.number * 2 + (old.isDirty ? 1 : 0);
    }
    set.add(0, new Line(line, isDirty));
    return victim;
  }

  int invalidate(long first, int count) {
    int dropped = 0;
    for (long line = first; line < first + count; line++) {
      long number = line;
      dropped += setOf(line).removeIf(held -> held.number == number) ? 1 : 0;
    }
    return dropped;
  }

  private List<Line> setOf(long line) {
    return sets.get((int) (line % sets.size()));
  }
}
