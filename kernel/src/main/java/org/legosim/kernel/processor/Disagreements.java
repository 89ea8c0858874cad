package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.results.Disagreement;

/** What capture and simulated kernel disagree about: all are counted, the first are kept. */
final class Disagreements {
  private static final int KEPT = 100;

  private final List<Disagreement> first = new ArrayList<>();
  private long count;

  /** At the record of {@code task} that is being replayed. */
  void add(Task task, String call, String captured, String simulated) {
    count++;
    if (first.size() < KEPT) {
      first.add(new Disagreement(
          task.process.image().pid(), task.tid, task.nextRecord(), call, captured, simulated));
    }
  }

  long count() {
    return count;
  }

  List<Disagreement> first() {
    return List.copyOf(first);
  }
}
