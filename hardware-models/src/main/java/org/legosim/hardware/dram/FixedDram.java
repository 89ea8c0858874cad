package org.legosim.hardware.dram;

import org.legosim.timing.Units;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;

/**
 * DRAM as a latency and a rate: the first line takes the latency, further lines of the same access
 * follow at the peak rate of all channels. No queues, no rows, no refresh.
 */
@HotPath
final class FixedDram implements Dram {
  private final DramStatistics statistics = new DramStatistics();
  private final DramTiming timing;
  private final int channels;
  private final int lineBytes;
  private final Cost latency;
  private final Cost path;

  FixedDram(DramConfig config, Ledger ledger) {
    timing = config.timing();
    channels = config.channels();
    lineBytes = timing.organisation().lineBytes();
    latency = ledger.cost(config.latencyPs());
    path = ledger.cost(config.pathPs());
  }

  @Override
  public long access(long timePs, long physicalAddress, int bytes, boolean isWrite) {
    long first = physicalAddress / lineBytes;
    long further = (physicalAddress + bytes - 1) / lineBytes - first;
    if (isWrite) {
      statistics.writes += further + 1;
    } else {
      statistics.reads += further + 1;
    }
    long cycles = Units.ceilDiv(further, channels) * timing.latencies().burst();
    statistics.busBusyCycles += (further + 1) * timing.latencies().burst();
    return timePs + path.charge() + latency.charge() + timing.edgePs(cycles);
  }

  @Override
  public DramStatistics statistics() {
    return statistics;
  }
}
