package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.SystemParams;
import org.legosim.kernel.workload.RpcProfile;
import org.legosim.timing.engine.Simulation;

/** Clients in a closed loop of echo calls; mean latency that they see. */
final class RpcEcho implements Experiment {
  private static final long CALLS = 100_000;
  private static final double PS_PER_NS = 1000;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of("memory.workers=" + row.number("workers", 1));
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    return meanNs(
        config,
        row.number("request_bytes", 32),
        row.number("reply_bytes", 4),
        (int) row.number("threads", 1),
        false);
  }

  static double meanNs(
      EffectiveConfig config, long requestBytes, long replyBytes, int threads, boolean marshalled) {
    SystemParams params = Systems.bind(config);
    RpcProfile.Outcome outcome = RpcProfile.run(
        new Simulation(0),
        params.network(),
        params.fit(),
        params.memory(),
        new RpcProfile.Load(
            Math.toIntExact(requestBytes),
            Math.toIntExact(replyBytes),
            threads,
            CALLS,
            marshalled));
    return outcome.latency().meanPs() / PS_PER_NS;
  }
}
