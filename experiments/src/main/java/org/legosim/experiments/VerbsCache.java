package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.hardware.fabric.VerbsProgram;

/** One operation at a time, on another page or another queue pair each time. */
final class VerbsCache implements Experiment {
  private static final int OPERATIONS = 5_000;
  private static final int BYTES = 16;

  /** The program that was measured reads every payload from memory, however small. */
  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of("network.nic.inlineLimit=0 B");
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    int pairs = VerbsRun.within(row, "queue_pairs", 1, 1 << 16);
    int translations = VerbsRun.within(row, "translations", 1, 1 << 24);
    VerbsProgram.Load load = new VerbsProgram.Load(
        VerbsRun.operation(row), row.number("bytes", BYTES), OPERATIONS, 1, pairs, translations);
    return VerbsRun.run(config, load).meanLatencyPs() / VerbsRun.PS_PER_NS;
  }
}
