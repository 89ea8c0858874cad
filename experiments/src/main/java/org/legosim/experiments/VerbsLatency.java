package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.hardware.fabric.VerbsProgram;

/** One operation at a time: one way of a write or send, the round trip of a read. */
final class VerbsLatency implements Experiment {
  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    VerbsProgram.Load load =
        VerbsProgram.Load.latency(VerbsRun.operation(row), VerbsRun.bytes(row));
    return VerbsRun.run(config, load).meanLatencyPs() / VerbsRun.PS_PER_NS;
  }
}
