package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;

/** One access to remote memory through LegoOS's RPC: the data travel with the request or the reply. */
final class LegoosAccess implements Experiment {
  /** The request and the answer of the echo call, which carry no data. */
  private static final long REQUEST_BYTES = 32;

  private static final long REPLY_BYTES = 4;
  private static final long BYTES_MOST = 1 << 20;

  /** LegoOS's queue pairs, and the kernel's verbs, which neither push requests nor fill them. */
  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of(
        "network.mtu=2048 B", "network.nic.blueFlame=off", "network.nic.inlineLimit=0 B");
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    long bytes = row.number("bytes", 4);
    if (bytes < 0 || bytes > BYTES_MOST) {
      throw new UnknownPointException("bytes is 0 to 1 MiB, the row has " + bytes);
    }
    return switch (row.text("op", "read")) {
      case "read" -> RpcEcho.meanNs(config, REQUEST_BYTES, bytes, 1, false);
      case "write" -> RpcEcho.meanNs(config, REQUEST_BYTES + bytes, REPLY_BYTES, 1, false);
      default -> throw new UnknownPointException("no operation " + row.text("op", ""));
    };
  }
}
