package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gates found before the pass that writes them, by waiting thread. */
final class PendingGates {
  private static final Comparator<Gate> ORDER = Comparator.comparingLong(Gate::waitRecord)
      .thenComparingInt(Gate::onThread)
      .thenComparing(Gate::onRecord, Comparator.reverseOrder());

  private final List<List<Gate>> byThread = new ArrayList<>();

  PendingGates(int threads) {
    for (int t = 0; t < threads; t++) {
      byThread.add(new ArrayList<>());
    }
  }

  /** Adds a gate; one of a thread on itself says nothing. */
  void add(int thread, long waitRecord, int onThread, long onRecord) {
    if (thread != onThread && thread != Instance.NO_THREAD && onThread != Instance.NO_THREAD) {
      byThread.get(thread).add(new Gate(waitRecord, onThread, onRecord));
    }
  }

  /** A thread's gates by waiting record, the farthest of each other thread first. */
  List<Gate> sorted(int thread) {
    List<Gate> gates = byThread.get(thread);
    gates.sort(ORDER);
    return gates;
  }
}
