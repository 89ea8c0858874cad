package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Simulation;

/**
 * Ends waits that last too long. One event at a time stands for all of them: waits are many and end
 * almost always long before their limit.
 */
@HotPath
final class WaitLimits implements Actor {
  private static final long NONE = Long.MAX_VALUE;

  private final Simulation simulation;
  private final int id;
  private ExecutionContext[] contexts = new ExecutionContext[4];
  private long[] limitPs = new long[4];
  private int count;
  private long eventPs = NONE;

  WaitLimits(Simulation simulation) {
    this.simulation = simulation;
    this.id = simulation.register(this);
  }

  /** Wakes the context at {@code untilPs}, unless {@link #end} comes first. */
  void begin(ExecutionContext context, long untilPs) {
    if (count == contexts.length) {
      contexts = Arrays.copyOf(contexts, 2 * count);
      limitPs = Arrays.copyOf(limitPs, 2 * count);
    }
    contexts[count] = context;
    limitPs[count++] = untilPs;
    if (untilPs < eventPs) {
      schedule(context.id(), untilPs);
    }
  }

  void end(ExecutionContext context) {
    for (int i = 0; i < count; i++) {
      if (contexts[i] == context) {
        removeAt(i);
        return;
      }
    }
  }

  @Override
  public void onEvent(long payload) {
    if (payload != eventPs) {
      return;
    }
    eventPs = NONE;
    long next = NONE;
    int i = 0;
    while (i < count) {
      if (limitPs[i] <= simulation.nowPs()) {
        contexts[i].wake(id, simulation.nowPs());
        removeAt(i);
      } else {
        next = Math.min(next, limitPs[i]);
        i++;
      }
    }
    if (next != NONE) {
      schedule(id, next);
    }
  }

  private void schedule(int sender, long timePs) {
    eventPs = timePs;
    simulation.schedule(sender, id, Simulation.PRIORITY_NORMAL, timePs, timePs);
  }

  private void removeAt(int index) {
    count--;
    for (int i = index; i < count; i++) {
      contexts[i] = contexts[i + 1];
      limitPs[i] = limitPs[i + 1];
    }
  }

  @Override
  public String name() {
    return "pcache wait limits";
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(count).append(" waits with a limit");
  }

  @Override
  public boolean isQuiescent() {
    return count == 0;
  }
}
