package org.legosim.experiments;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.hardware.fabric.DmaEngine;
import org.legosim.hardware.fabric.DmaEngineParams;

/** A DMA engine alone in the platform's slot: latency of one transfer, bandwidth of many. */
final class PcieDma implements Experiment {
  private static final int TRANSFERS = 100_000;
  private static final double PS_PER_NS = 1000;
  private static final long BITS_PER_BYTE = 8;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    return List.of();
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    DmaEngine engine = new DmaEngine(
        config.bind(DmaEngineParams.class), Systems.bind(config).network().slot());
    long bytes = row.number("bytes", 64);
    boolean isRead = switch (row.text("op", "read")) {
      case "read" -> true;
      case "write" -> false;
      default ->
        throw new UnknownPointException(
            "a DMA engine reads or writes; the row's op is " + row.text("op", ""));
    };
    if (bytes < 1 || bytes > 1 << 20) {
      throw new UnknownPointException("a transfer has 1 byte to 1 MiB, the row " + bytes);
    }
    return switch (row.metric()) {
      case "latency" ->
        (isRead ? engine.readLatencyPs(bytes) : engine.writeLatencyPs(bytes)) / PS_PER_NS;
      case "bandwidth" -> {
        long ps = isRead ? engine.readAllPs(bytes, TRANSFERS) : engine.writeAllPs(bytes, TRANSFERS);
        yield TRANSFERS * bytes * BITS_PER_BYTE * PS_PER_NS / ps;
      }
      default -> throw new UnknownPointException("no metric " + row.metric());
    };
  }
}
