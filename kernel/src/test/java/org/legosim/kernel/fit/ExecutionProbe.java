package org.legosim.kernel.fit;

import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Simulation;

/** Counts how often it is resumed. */
final class ExecutionProbe extends ExecutionContext {
  int resumptions;

  ExecutionProbe(Simulation simulation) {
    super(simulation, "probe");
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      resumptions++;
    }
  }
}
