package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.hardware.fabric.VerbsProgram;

/** Millions of operations per second with so many posted on one queue pair. */
final class VerbsRate implements Experiment {
  private static final int OPERATIONS = 20_000;
  private static final long BYTES_MOST = 1 << 20;
  private static final double PER_MILLION = 1e6;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    int outstanding = VerbsRun.within(row, "outstanding", 128, OPERATIONS / 2);
    int pairs = VerbsRun.within(row, "queue_pairs", 1, 1 << 14);
    long bytes = VerbsRun.bytes(row);
    int count = bytes > BYTES_MOST ? 2 * outstanding + 2 : OPERATIONS;
    VerbsProgram.Load load =
        new VerbsProgram.Load(VerbsRun.operation(row), bytes, count, outstanding, pairs, 1);
    return VerbsRun.run(config, load).perSecond() / PER_MILLION;
  }
}
