package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;

/** The locks of one trace by their numbers. */
final class TracedLocks {
  private final List<TracedLock> locks = new ArrayList<>();

  /** Locks that anybody has asked for. */
  List<TracedLock> all() {
    return locks;
  }

  TracedLock get(int number) {
    while (locks.size() <= number) {
      locks.add(new TracedLock());
    }
    return locks.get(number);
  }
}
