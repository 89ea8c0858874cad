package org.legosim.hardware.network;

import java.math.BigInteger;
import org.legosim.hardware.fabric.PcieSlot;

/**
 * What a PCIe slot leaves for transaction packets: the line rate less its code, link-layer packets
 * and skip symbols. The arithmetic is that of the pcie-bench model (SIGCOMM'18) for a maximum payload
 * of 256 bytes: an acknowledgement and a flow-control packet of 8 bytes for every 203 bytes, and 4 of
 * 1538 symbols for clock compensation.
 */
public final class PcieRate {
  private static final int DLLP_PERIOD_BYTES = 203;
  private static final int DLLP_BYTES = 16;
  private static final int SKIP_PERIOD = 1538;
  private static final int SKIP_SYMBOLS = 4;

  private PcieRate() {}

  /** Bits per second left for transaction packets, rounded down. */
  public static long usableBitsPerSecond(int generation, int lanes) {
    return BigInteger.valueOf(rawBitsPerSecond(generation, lanes))
        .multiply(BigInteger.valueOf((long) (DLLP_PERIOD_BYTES - DLLP_BYTES)))
        .multiply(BigInteger.valueOf((long) (SKIP_PERIOD - SKIP_SYMBOLS)))
        .divide(BigInteger.valueOf((long) DLLP_PERIOD_BYTES * SKIP_PERIOD))
        .longValueExact();
  }

  /** Bits per second after the line code. */
  public static long rawBitsPerSecond(int generation, int lanes) {
    return PcieSlot.rawBitsPerSecond(generation, lanes);
  }
}
