package org.legosim.kernel.memory;

import org.jspecify.annotations.Nullable;

/**
 * Which lines a cache keeps, by the distance between two uses of a line, not by its last use alone: LIR
 * lines have short distances and stay; HIR lines are in a queue, whose oldest goes. A line that was
 * thrown out is remembered while it might show a short distance.
 *
 * <p>Source: Jiang and Zhang, LIRS, SIGMETRICS 2002. At most as many lines are remembered as are kept.
 */
final class Lirs {
  static final long NONE = -1;

  private static final class Line {
    final long key;
    boolean isLir;
    boolean isResident;
    boolean inStack;
    boolean inQueue;

    @Nullable
    Line above;

    @Nullable
    Line below;

    @Nullable
    Line next;

    @Nullable
    Line previous;

    Line(long key) {
      this.key = key;
    }
  }

  private final int lirMax;
  private final int hirMax;
  private final LongMap<Line> lines = new LongMap<>();
  private @Nullable Line top;
  private @Nullable Line bottom;
  private @Nullable Line first;
  private @Nullable Line last;
  private int lirCount;
  private int queueLength;
  private int remembered;
  private long evicted = NONE;

  Lirs(int lirMax, int hirMax) {
    this.lirMax = lirMax;
    this.hirMax = hirMax;
  }

  boolean isResident(long key) {
    Line line = lines.get(key);
    return line != null && line.isResident;
  }

  /** The line that the last {@link #use} threw out, or {@link #NONE}. */
  long evicted() {
    return evicted;
  }

  /** Uses a line, which is kept afterwards; true when it was before. */
  boolean use(long key) {
    evicted = NONE;
    Line line = lines.get(key);
    if (line != null && line.isResident) {
      if (line.isLir) {
        toTop(line);
        prune();
      } else {
        useHir(line);
      }
      return true;
    }
    bring(key, line);
    return false;
  }

  private void useHir(Line line) {
    boolean wasInStack = line.inStack;
    toTop(line);
    if (wasInStack) {
      leaveQueue(line);
      promote(line);
    } else {
      leaveQueue(line);
      joinQueue(line);
    }
  }

  private void promote(Line line) {
    line.isLir = true;
    lirCount++;
    if (lirCount > lirMax) {
      demoteBottom();
    }
    prune();
  }

  /** The LIR line of the longest distance becomes a HIR line. */
  private void demoteBottom() {
    Line demoted = bottom;
    if (demoted != null) {
      demoted.isLir = false;
      lirCount--;
      leaveStack(demoted);
      joinQueue(demoted);
    }
  }

  private void bring(long key, @Nullable Line known) {
    Line line = known == null ? new Line(key) : known;
    boolean wasRemembered = known != null;
    if (lirCount < lirMax && !wasRemembered) {
      lines.put(key, line);
      line.isResident = true;
      line.isLir = true;
      lirCount++;
      toTop(line);
      return;
    }
    if (queueLength >= hirMax) {
      evictFirst();
    }
    if (wasRemembered) {
      remembered--;
    }
    lines.put(key, line);
    line.isResident = true;
    boolean wasInStack = line.inStack;
    toTop(line);
    if (wasInStack) {
      promote(line);
    } else {
      joinQueue(line);
    }
    forgetOldest();
  }

  private void evictFirst() {
    Line gone = first;
    if (gone == null) {
      return;
    }
    leaveQueue(gone);
    gone.isResident = false;
    evicted = gone.key;
    if (gone.inStack) {
      remembered++;
    } else {
      lines.remove(gone.key);
    }
  }

  /** Takes a line out altogether. */
  void drop(long key) {
    Line line = lines.get(key);
    if (line == null) {
      return;
    }
    if (line.isLir) {
      lirCount--;
    } else if (!line.isResident) {
      remembered--;
    }
    leaveQueue(line);
    leaveStack(line);
    lines.remove(key);
    prune();
  }

  private void forgetOldest() {
    Line line = bottom;
    while (remembered > lirMax + hirMax && line != null) {
      Line above = line.above;
      if (!line.isResident) {
        forget(line);
      }
      line = above;
    }
  }

  private void forget(Line line) {
    remembered--;
    leaveStack(line);
    lines.remove(line.key);
  }

  /** Below the lowest LIR line nothing can show a short distance. */
  private void prune() {
    while (bottom != null && !bottom.isLir) {
      Line line = bottom;
      if (line.isResident) {
        leaveStack(line);
      } else {
        forget(line);
      }
    }
  }

  private void toTop(Line line) {
    leaveStack(line);
    line.inStack = true;
    line.below = top;
    line.above = null;
    if (top != null) {
      top.above = line;
    }
    top = line;
    if (bottom == null) {
      bottom = line;
    }
  }

  private void leaveStack(Line line) {
    if (!line.inStack) {
      return;
    }
    line.inStack = false;
    if (line.above == null) {
      top = line.below;
    } else {
      line.above.below = line.below;
    }
    if (line.below == null) {
      bottom = line.above;
    } else {
      line.below.above = line.above;
    }
    line.above = null;
    line.below = null;
  }

  private void joinQueue(Line line) {
    line.inQueue = true;
    line.previous = last;
    line.next = null;
    if (last != null) {
      last.next = line;
    }
    last = line;
    if (first == null) {
      first = line;
    }
    queueLength++;
  }

  private void leaveQueue(Line line) {
    if (!line.inQueue) {
      return;
    }
    line.inQueue = false;
    if (line.previous == null) {
      first = line.next;
    } else {
      line.previous.next = line.next;
    }
    if (line.next == null) {
      last = line.previous;
    } else {
      line.next.previous = line.previous;
    }
    line.next = null;
    line.previous = null;
    queueLength--;
  }
}
