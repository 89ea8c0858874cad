package org.legosim.trace.pack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds barriers: a thread wakes everybody who waits on a word beside which it did the same atomic access as they did before they
 * waited. It was the last to arrive, so it must still come after all of them; who of them came first is free.
 *
 * <p>Words beside a futex that is no lock (those of barriers and condition variables) are the futex's own book-keeping: who was
 * there first, without a meaning of its own.
 */
final class Rendezvous {
  /** Size of the largest of the C library's objects that contain a futex, and so how far its other words are away. */
  private static final long REACH_BYTES = 48;

  private static final int REMEMBERED = 4;
  private static final long EVERYBODY = 1 << 16;

  private final Map<Long, TreeSet<Long>> futexes = new TreeMap<>();
  private final Map<Arrival, Map<Integer, Long>> arrivals = new HashMap<>();
  private final List<Deque<Arrival>> recent = new ArrayList<>();
  private final Map<SharedWords.Place, List<Arrival>> waiting = new HashMap<>();
  private final PipeTable.@Nullable Source[] owed;

  /** What a thread does when it comes to a barrier. */
  private record Arrival(SharedWords.Place place, long instruction) {}

  /** Takes the gates of barriers. */
  interface Taker {
    void gate(int thread, long waitRecord, int onThread, long onRecord);
  }

  Rendezvous(int threads) {
    owed = new PipeTable.Source[threads];
    for (int t = 0; t < threads; t++) {
      recent.add(new ArrayDeque<>());
    }
  }

  /** A pass begins; the futexes found are kept. */
  void restart() {
    arrivals.clear();
    waiting.clear();
    recent.forEach(Deque::clear);
    Arrays.fill(owed, null);
  }

  /**
   * Threads wait on a word that is no lock.
   *
   * @return whether that is new
   */
  boolean addFutex(SharedWords.Place place) {
    return futexes.computeIfAbsent(place.owner(), owner -> new TreeSet<>()).add(place.offset());
  }

  /** Whether a word lies beside a futex that is no lock, or is one. */
  boolean isBesideFutex(SharedWords.Place place) {
    TreeSet<Long> offsets = futexes.get(place.owner());
    if (offsets == null) {
      return false;
    }
    Long next = offsets.ceiling(place.offset() - REACH_BYTES);
    return next != null && next <= place.offset() + REACH_BYTES;
  }

  /** An atomic access beside a futex. */
  void atomic(int thread, long record, long instruction, SharedWords.Place place, Taker taker) {
    settle(thread, record, taker);
    Arrival arrival = new Arrival(place, instruction);
    arrivals.computeIfAbsent(arrival, key -> new TreeMap<>()).put(thread, record);
    Deque<Arrival> own = recent.get(thread);
    own.addFirst(arrival);
    if (own.size() > REMEMBERED) {
      own.removeLast();
    }
  }

  void waits(int thread, SharedWords.Place place) {
    Arrival arrival = recent.get(thread).peekFirst();
    if (arrival != null) {
      waiting.computeIfAbsent(place, key -> new ArrayList<>()).add(arrival);
    }
  }

  /** A thread wakes up to {@code most} others. */
  void wakes(int thread, long record, SharedWords.Place place, long most, Taker taker) {
    List<Arrival> waits = waiting.remove(place);
    if (waits == null || most < EVERYBODY) {
      return;
    }
    for (Arrival own : recent.get(thread)) {
      if (waits.contains(own)) {
        meet(thread, record, own, taker);
        return;
      }
    }
  }

  /** A wait returns: whoever left a barrier did so after it opened. */
  void returns(int thread, long record, Taker taker) {
    settle(thread, record, taker);
  }

  private void meet(int last, long record, Arrival arrival, Taker taker) {
    Map<Integer, Long> all = arrivals.remove(arrival);
    if (all == null) {
      return;
    }
    all.forEach((thread, arrived) -> {
      if (thread != last) {
        taker.gate(last, record, thread, arrived);
        owed[thread] = new PipeTable.Source(last, record);
      }
    });
  }

  private void settle(int thread, long record, Taker taker) {
    PipeTable.Source opened = owed[thread];
    if (opened != null) {
      owed[thread] = null;
      taker.gate(thread, record, opened.thread(), opened.record());
    }
  }
}
