package org.legosim.kernel.pcache;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.RandomStream;

/**
 * The replacement list of every set and the choice of the line that must go. Every policy keeps the
 * list, as the kernel does; they differ in what a hit does and where the search begins.
 */
@HotPath
final class Replacement {
  /** Result of {@link #find}: no line qualifies now; try again. */
  static final int AGAIN = -1;

  /** Result of {@link #find}: what lies where a line would, if the list's head were part of one. */
  static final int LIST_HEAD = -2;

  /** References of a line that is mapped once, while the search holds one: more means in use. */
  private static final int REFERENCES_MAX = 2;

  private static final int CLAIMED = 0;
  private static final int SKIPPED = 1;
  private static final int BEING_FREED = 2;

  private static final int KIND_TAIL = 0;
  private static final int KIND_RANDOM = 1;

  private final PcacheGeometry geometry;
  private final Sets sets;
  private final Lines lines;
  private final RandomStream random;
  private final Pins pins;
  private final boolean searchesPastTheEnd;
  private final int kind;
  private final boolean seesHits;
  private int lastVisited;

  /** Judges every move; null unless everything is checked always. */
  @Nullable
  PcacheWatch watch;

  Replacement(
      PcacheGeometry geometry,
      Sets sets,
      Lines lines,
      ReplacementPolicy policy,
      RandomStream random,
      Pins pins,
      boolean searchesPastTheEnd) {
    this.pins = pins;
    this.searchesPastTheEnd = searchesPastTheEnd;
    this.geometry = geometry;
    this.sets = sets;
    this.lines = lines;
    this.random = random;
    this.kind = policy == ReplacementPolicy.RANDOM ? KIND_RANDOM : KIND_TAIL;
    this.seesHits = policy == ReplacementPolicy.TRUE_LRU;
  }

  /** True when {@link #onHit} does something. */
  boolean seesHits() {
    return seesHits;
  }

  /** The page in {@code line} was found by a look-up. */
  void onHit(int line) {
    if (seesHits && lines.has(line, Lines.LISTED)) {
      remove(line);
      addFirst(line);
    }
  }

  void addFirst(int line) {
    int set = geometry.setOfLine(line);
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    int head = chunk.head[slot];
    lines.setPrevious(line, Lines.NONE);
    lines.setNext(line, head);
    if (head == Lines.NONE) {
      chunk.tail[slot] = line;
    } else {
      lines.setPrevious(head, line);
    }
    chunk.head[slot] = line;
    chunk.listed[slot]++;
    lines.add(line, Lines.LISTED);
    if (watch != null) {
      watch.listed(line);
    }
  }

  void addLast(int line) {
    int set = geometry.setOfLine(line);
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    int tail = chunk.tail[slot];
    lines.setNext(line, Lines.NONE);
    lines.setPrevious(line, tail);
    if (tail == Lines.NONE) {
      chunk.head[slot] = line;
    } else {
      lines.setNext(tail, line);
    }
    chunk.tail[slot] = line;
    chunk.listed[slot]++;
    lines.add(line, Lines.LISTED);
    if (watch != null) {
      watch.listed(line);
    }
  }

  void remove(int line) {
    int set = geometry.setOfLine(line);
    Sets.Chunk chunk = sets.chunk(set);
    int slot = Sets.slot(set);
    int next = lines.next(line);
    int previous = lines.previous(line);
    if (previous == Lines.NONE) {
      chunk.head[slot] = next;
    } else {
      lines.setNext(previous, next);
    }
    if (next == Lines.NONE) {
      chunk.tail[slot] = previous;
    } else {
      lines.setPrevious(next, previous);
    }
    chunk.listed[slot]--;
    lines.remove(line, Lines.LISTED);
    if (watch != null) {
      watch.unlisted(line);
    }
  }

  int head(int set) {
    return sets.chunk(set).head[Sets.slot(set)];
  }

  int tail(int set) {
    return sets.chunk(set).tail[Sets.slot(set)];
  }

  /**
   * Chooses a line of the set: locked, off the list, marked for reclaim, with a reference held.
   *
   * @return the line or {@link #AGAIN}
   */
  int find(int set, ExecutionContext context) {
    lastVisited = 0;
    return switch (kind) {
      case KIND_RANDOM -> findFromRandomWay(set, context);
      default -> findFromTail(set, context);
    };
  }

  /** Lines that the last {@link #find} looked at. */
  int lastVisited() {
    return lastVisited;
  }

  private int findFromTail(int set, ExecutionContext context) {
    for (int line = tail(set); line != Lines.NONE; line = lines.previous(line)) {
      int outcome = claim(line, context);
      if (outcome == CLAIMED) {
        return line;
      }
      if (outcome == BEING_FREED) {
        return AGAIN;
      }
    }
    // LEGOOS-BUG: F-19. The kernel of February 2018 did not tell the end of the list from a line.
    return searchesPastTheEnd ? LIST_HEAD : AGAIN;
  }

  private int findFromRandomWay(int set, ExecutionContext context) {
    int ways = geometry.ways();
    int way = random.nextInt(ways);
    for (int i = 0; i < ways; i++) {
      int line = geometry.lineAt(set, way);
      if (lines.has(line, Lines.LISTED) && claim(line, context) == CLAIMED) {
        return line;
      }
      way = way + 1 == ways ? 0 : way + 1;
    }
    return AGAIN;
  }

  private int claim(int line, ExecutionContext context) {
    lastVisited++;
    int references = lines.references(line);
    if (references == 0) {
      return BEING_FREED;
    }
    if (!lines.has(line, Lines.VALID)) {
      return SKIPPED;
    }
    if (pins.hold(line) || !lines.tryLock(line, context)) {
      return SKIPPED;
    }
    if (lines.has(line, Lines.WRITEBACK) || references + 1 > REFERENCES_MAX) {
      lines.unlock(line, context, 0);
      return SKIPPED;
    }
    lines.setReferences(line, references + 1);
    remove(line);
    lines.add(line, Lines.RECLAIM);
    return CLAIMED;
  }
}
