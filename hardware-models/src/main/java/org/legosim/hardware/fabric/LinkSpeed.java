package org.legosim.hardware.fabric;

/** Speeds of a link of four lanes. */
public enum LinkSpeed {
  /** As configured. */
  RATE(0),
  /** 2.5 Gbit/s a lane, 8b/10b. */
  SDR(8_000_000_000L),
  /** 5 Gbit/s a lane, 8b/10b. */
  DDR(16_000_000_000L),
  /** 10 Gbit/s a lane, 8b/10b. */
  QDR(32_000_000_000L),
  /** 10.3125 Gbit/s a lane, 64b/66b. */
  FDR10(40_000_000_000L),
  /** 14.0625 Gbit/s a lane, 64b/66b. */
  FDR(54_545_454_545L),
  /** 25.78125 Gbit/s a lane, 64b/66b. */
  EDR(100_000_000_000L),
  /** 53.125 Gbit/s a lane, 64b/66b and forward error correction. */
  HDR(200_000_000_000L);

  private final long bitsPerSecond;

  LinkSpeed(long bitsPerSecond) {
    this.bitsPerSecond = bitsPerSecond;
  }

  /** Data rate after the line code. */
  public long bitsPerSecond(long configured) {
    return this == RATE ? configured : bitsPerSecond;
  }
}
