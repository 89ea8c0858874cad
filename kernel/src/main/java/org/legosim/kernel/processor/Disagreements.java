package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.results.Disagreement;

/** What capture and simulated kernel disagree about: all are counted, the first are kept. */
final class Disagreements {
  private static final int KEPT = 100;

  private final List<Disagreement> first = new ArrayList<>();
  private final Set<String> kinds = new LinkedHashSet<>();
  private long count;

  /** At the record of {@code task} that is being replayed. */
  void add(Task task, String call, String captured, String simulated) {
    count++;
    if (first.size() < KEPT) {
      first.add(new Disagreement(
          task.process.image().pid(), task.tid, task.nextRecord(), call, captured, simulated));
    }
  }

  /** As {@link #add}; only the first of a kind is kept. */
  void addKind(String kind, Task task, String call, String captured, String simulated) {
    if (first.size() < KEPT && kinds.add(kind)) {
      add(task, call, captured, simulated);
    } else {
      count++;
    }
  }

  long count() {
    return count;
  }

  List<Disagreement> first() {
    return List.copyOf(first);
  }
}
