package org.legosim.hardware.dram;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;

/**
 * One DRAM as configured, whatever node it belongs to.
 *
 * @param prefix of its keys: {@code memory.dram} or {@code processor.dram}
 * @param latencyPs device and controller, for {@link DramModel#FIXED}
 * @param pathPs between the requester and the controller, both ways together
 */
public record DramConfig(
    String prefix,
    DramModel model,
    String preset,
    int channels,
    int ranks,
    boolean refresh,
    String addressMap,
    RowPolicy rowPolicy,
    Constant latencyPs,
    Constant pathPs) {
  private static final int MAX_CHANNELS = 64;
  private static final int MAX_RANKS = 16;

  public DramConfig {
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw new ConfigException(
          prefix + ".channels: " + channels + "; allowed is 1 to " + MAX_CHANNELS);
    }
    if (ranks < 1 || ranks > MAX_RANKS || Integer.bitCount(ranks) != 1) {
      throw new ConfigException(
          prefix + ".ranks: " + ranks + "; allowed is a power of two up to " + MAX_RANKS);
    }
    DramPresets.named(preset, prefix + ".preset");
  }

  DramTiming timing() {
    return DramPresets.named(preset, prefix + ".preset");
  }

  AddressMap map() {
    return new AddressMap(
        prefix + ".addressMap", addressMap, channels, ranks, timing().organisation());
  }
}
