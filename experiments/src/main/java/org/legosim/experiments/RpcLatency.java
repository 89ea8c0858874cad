package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;

/** One client that sends a message built as system calls build it, and gets four bytes back. */
final class RpcLatency implements Experiment {
  private static final long REPLY_BYTES = 4;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    return RpcEcho.meanNs(config, row.number("message_bytes", 0), REPLY_BYTES, 1, true);
  }
}
