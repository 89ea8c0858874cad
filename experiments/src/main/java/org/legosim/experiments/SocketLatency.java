package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.socket.SocketProfile;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.engine.Simulation;

/** Messages through a socket over IB, one after the other: from the entry of each send to its return. */
final class SocketLatency implements Experiment {
  private static final long MESSAGES = 20_000;
  private static final double PS_PER_NS = 1000;
  private static final String OVER_IB = "legoos-socket-over-ib";

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    String system = row.text("system", OVER_IB);
    if (!system.equals(OVER_IB)) {
      throw new UnknownPointException("this version does not model the network stack of " + system);
    }
    SystemParams params = Systems.bind(config);
    int bytes = Math.toIntExact(row.number("message_bytes", 0));
    return SocketProfile.run(
                new Simulation(0),
                params.network(),
                params.fit(),
                params.processorCosts(),
                new SocketProfile.Load(bytes, MESSAGES))
            .meanPs()
        / PS_PER_NS;
  }
}
