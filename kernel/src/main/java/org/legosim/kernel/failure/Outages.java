package org.legosim.kernel.failure;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The failures that happen while programs run, by the numbers of the nodes. */
public final class Outages {
  private final List<Cut> cuts = new ArrayList<>();
  private final List<List<Failure>> stalls = new ArrayList<>();
  private final List<List<Failure>> slowWorkers = new ArrayList<>();

  /** Nothing passes between a node of one side and a node of the other. */
  private record Cut(BitSet side, BitSet other, long fromPs, long untilPs) {
    boolean separates(int from, int to) {
      return (side.get(from) && other.get(to)) || (side.get(to) && other.get(from));
    }
  }

  /** @param names of the nodes, in the order of their numbers */
  public Outages(FailurePlan plan, List<String> names) {
    for (String name : names) {
      stalls.add(of(plan, Failure.Kind.STALLED, name));
      slowWorkers.add(of(plan, Failure.Kind.SLOW, name));
    }
    for (Failure failure : plan.failures()) {
      switch (failure.kind()) {
        case UNREACHABLE -> cuts.add(cut(failure, names, failure.untilPs()));
        // whoever comes back has none of the connections
        case DOWN -> cuts.add(cut(failure, names, Failure.NEVER_PS));
        case CUT_FROM ->
          cuts.add(new Cut(
              sideOf(failure.nodes(), names),
              sideOf(failure.others(), names),
              failure.fromPs(),
              failure.untilPs()));
        default -> {
          // not between nodes
        }
      }
    }
  }

  private static List<Failure> of(FailurePlan plan, Failure.Kind kind, String node) {
    return plan.failures().stream()
        .filter(failure -> failure.kind() == kind && failure.nodes().contains(node))
        .toList();
  }

  private static Cut cut(Failure failure, List<String> names, long untilPs) {
    BitSet all = new BitSet();
    all.set(0, names.size());
    return new Cut(sideOf(failure.nodes(), names), all, failure.fromPs(), untilPs);
  }

  private static BitSet sideOf(List<String> nodes, List<String> names) {
    BitSet side = new BitSet();
    for (String node : nodes) {
      side.set(names.indexOf(node));
    }
    return side;
  }

  /** False when nothing ever keeps a message from arriving. */
  public boolean mayCut() {
    return !cuts.isEmpty();
  }

  /** True when a message from one node cannot reach the other at that time. */
  public boolean isCut(int from, int to, long timePs) {
    for (Cut cut : cuts) {
      if (timePs >= cut.fromPs && timePs < cut.untilPs && cut.separates(from, to)) {
        return true;
      }
    }
    return false;
  }

  /** When a polling thread of the node looks that would look at {@code timePs}. */
  public long looksPs(int node, long timePs) {
    long looksPs = timePs;
    List<Failure> own = stalls.get(node);
    for (int i = 0; i < own.size(); i++) { // no iterator: once per message
      if (own.get(i).isAt(looksPs)) {
        looksPs = own.get(i).untilPs();
      }
    }
    return looksPs;
  }

  /** What a worker of the node takes beyond {@code workPs}, for work that began at {@code startPs}. */
  public long extraPs(int node, long startPs, long workPs) {
    long extraPs = 0;
    List<Failure> own = slowWorkers.get(node);
    for (int i = 0; i < own.size(); i++) { // no iterator: once per request
      if (own.get(i).isAt(startPs)) {
        extraPs += (own.get(i).value() - 1) * workPs;
      }
    }
    return extraPs;
  }
}
