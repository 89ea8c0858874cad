package org.legosim.timing.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.timing.params.Constant;

/**
 * How much simulated thread time rests on each constant. A model turns a {@link Constant} into a
 * {@link Cost} once, when it is wired, and names the cost whenever it charges it.
 */
public final class Ledger {
  private final List<Cost> costs = new ArrayList<>();

  /** The cost of one execution of a step, from a constant in picoseconds. */
  public Cost cost(Constant constant) {
    Cost cost = new Cost(constant);
    costs.add(cost);
    return cost;
  }

  /** Thread time charged per ASSUMED constant, by key, in the order of wiring; zeros left out. */
  public Map<String, Long> assumed() {
    Map<String, Long> result = new LinkedHashMap<>();
    for (Cost cost : costs) {
      if (cost.isAssumed() && cost.chargedPs() != 0) {
        result.merge(cost.constant().key(), cost.chargedPs(), Long::sum);
      }
    }
    return result;
  }

  public long assumedPs() {
    long total = 0;
    for (Cost cost : costs) {
      if (cost.isAssumed()) {
        total += cost.chargedPs();
      }
    }
    return total;
  }

  /** Every constant that was charged, with its time. */
  public Map<String, Long> charged() {
    Map<String, Long> result = new LinkedHashMap<>();
    for (Cost cost : costs) {
      result.merge(cost.constant().key(), cost.chargedPs(), Long::sum);
    }
    return result;
  }
}
