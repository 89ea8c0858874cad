package org.legosim.trace.pack;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which wake satisfied which wait, from their calls and results: the oldest that had a wake left. */
final class FutexTable {
  static final int WAIT = 0;
  static final int WAKE = 1;
  static final int REQUEUE = 3;
  static final int CMP_REQUEUE = 4;
  static final int WAKE_OP = 5;
  static final int LOCK_PI = 6;
  static final int UNLOCK_PI = 7;
  static final int WAIT_BITSET = 9;
  static final int WAKE_BITSET = 10;
  static final int WAIT_REQUEUE_PI = 11;
  static final int CMP_REQUEUE_PI = 12;
  static final int LOCK_PI2 = 13;

  /** Command without the flags PRIVATE and CLOCK_REALTIME. */
  static final int COMMAND_MASK = 0x7f;

  private static final int MOST_WAKES = 64;

  /** A call that wakes, or a thread's end. */
  static final class Wake {
    final int thread;
    long record;
    final long sequence;
    long left;
    long @Nullable [] snapshot;

    Wake(int thread, long record, long sequence, long left, long @Nullable [] snapshot) {
      this.thread = thread;
      this.record = record;
      this.sequence = sequence;
      this.left = left;
      this.snapshot = snapshot;
    }
  }

  /** A thread in a wait: where, and where it may have been moved to. */
  private static final class Wait {
    final SharedWords.Place place;
    final long sequence;
    SharedWords.@Nullable Place movedTo;

    Wait(SharedWords.Place place, long sequence) {
      this.place = place;
      this.sequence = sequence;
    }
  }

  private final Map<SharedWords.Place, Deque<Wake>> wakes = new HashMap<>();
  private final Map<Integer, Wait> waits = new LinkedHashMap<>();

  static boolean waits(int command) {
    return switch (command) {
      case WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2 -> true;
      default -> false;
    };
  }

  static boolean wakes(int command) {
    return switch (command) {
      case WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, UNLOCK_PI, WAKE_BITSET, CMP_REQUEUE_PI -> true;
      default -> false;
    };
  }

  static boolean requeues(int command) {
    return command == REQUEUE || command == CMP_REQUEUE || command == CMP_REQUEUE_PI;
  }

  void startWait(int thread, SharedWords.Place place, long sequence) {
    waits.put(thread, new Wait(place, sequence));
  }

  void addWake(SharedWords.Place place, Wake wake) {
    Deque<Wake> queue = wakes.computeIfAbsent(place, key -> new ArrayDeque<>());
    queue.addLast(wake);
    if (queue.size() > MOST_WAKES) {
      queue.removeFirst();
    }
  }

  void requeue(SharedWords.Place from, SharedWords.Place to) {
    for (Wait wait : waits.values()) {
      if (wait.place.equals(from)) {
        wait.movedTo = to;
      }
    }
  }

  /** A wake returns: it can have satisfied no more than it says. */
  void endWake(Wake wake, long granted, long satisfied) {
    wake.left = Math.max(0, satisfied - (granted - wake.left));
  }

  /**
   * A wait returns.
   *
   * @param isWoken whether by a wake, as its result tells
   * @return the wake that satisfied it, if one is found
   */
  @Nullable
  Wake endWait(int thread, boolean isWoken) {
    Wait wait = waits.remove(thread);
    if (wait == null || !isWoken) {
      return null;
    }
    Wake found = take(wait.place, wait.sequence, thread);
    SharedWords.Place moved = wait.movedTo;
    return found == null && moved != null ? take(moved, wait.sequence, thread) : found;
  }

  private @Nullable Wake take(SharedWords.Place place, long after, int thread) {
    Deque<Wake> queue = wakes.get(place);
    if (queue == null) {
      return null;
    }
    queue.removeIf(wake -> wake.left == 0);
    for (Wake wake : queue) {
      if (wake.sequence > after && wake.thread != thread) {
        wake.left--;
        return wake;
      }
    }
    return null;
  }
}
