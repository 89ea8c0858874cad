package org.legosim.hardware.fabric;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;

/**
 * A slot as built: its rate, and the packets that a transfer becomes.
 *
 * @param bitsPerSecond of either direction, after line code and clock compensation
 * @param payloadBytes most payload of one packet (MPS)
 * @param readRequestBytes most bytes of one read request (MRRS)
 * @param readBoundaryBytes where an answer may be split (RCB)
 * @param readLatencyPs from a read request's arrival at the host to the first byte of its answer
 * @param writeLatencyPs from a write's acceptance to its visibility to a CPU
 * @param dramPenaltyPs on top of {@code readLatencyPs} where the last-level cache does not hold it
 */
public record PcieSlot(
    long bitsPerSecond,
    int payloadBytes,
    int readRequestBytes,
    int readBoundaryBytes,
    int requestHeaderBytes,
    int writeHeaderBytes,
    int completionHeaderBytes,
    int linkPacketBytes,
    int tags,
    int postedCredits,
    long postedIntervalPs,
    long readLatencyPs,
    long writeLatencyPs,
    long dramPenaltyPs) {
  private static final long MEGATRANSFERS = 1_000_000;
  private static final int SKIP_PERIOD = 1538;
  private static final int SKIP_SYMBOLS = 4;

  /** What the network's parameters hold for both levels, beside a slot's own. */
  public record Shared(
      int payloadBytes,
      int writeHeaderBytes,
      int completionHeaderBytes,
      long readLatencyPs,
      long writeLatencyPs) {}

  public PcieSlot {
    PcieParams.requirePowerOfTwo("network.pcie.payload", payloadBytes);
    if (payloadBytes < readBoundaryBytes) {
      throw new ConfigException("network.pcie.payload (" + payloadBytes
          + " bytes) is less than network.pcie.readBoundary (" + readBoundaryBytes
          + " bytes), so no answer to a read could be split where it must be: raise the first");
    }
  }

  public static PcieSlot of(PcieParams params, Shared shared) {
    return new PcieSlot(
        bitsPerSecond(params.generation(), params.lanes()),
        shared.payloadBytes(),
        params.readRequestBytes(),
        params.readBoundaryBytes(),
        params.requestHeaderBytes(),
        shared.writeHeaderBytes(),
        shared.completionHeaderBytes(),
        params.linkPacketBytes(),
        params.tags(),
        params.postedCredits(),
        params.postedIntervalPs().value(),
        shared.readLatencyPs() + (params.isCached() ? 0 : params.dramPenaltyPs().value()),
        shared.writeLatencyPs(),
        params.dramPenaltyPs().value());
  }

  /** Bits per second of one direction after the line code, less 4 of 1538 symbols for skips. */
  static long bitsPerSecond(int generation, int lanes) {
    return Units.mulDivFloor(
        rawBitsPerSecond(generation, lanes), SKIP_PERIOD - SKIP_SYMBOLS, SKIP_PERIOD);
  }

  /** Bits per second of one direction after the line code. */
  public static long rawBitsPerSecond(int generation, int lanes) {
    if (lanes < 1 || lanes > 32) {
      throw new ConfigException("a PCIe slot has 1 to 32 lanes, not " + lanes);
    }
    return switch (generation) {
      case 1 -> 2_500 * MEGATRANSFERS * lanes * 8 / 10;
      case 2 -> 5_000 * MEGATRANSFERS * lanes * 8 / 10;
      case 3 -> 8_000 * MEGATRANSFERS * lanes * 128 / 130;
      case 4 -> 16_000 * MEGATRANSFERS * lanes * 128 / 130;
      case 5 -> 32_000 * MEGATRANSFERS * lanes * 128 / 130;
      default -> throw new ConfigException("PCIe generation " + generation + "; allowed is 1 to 5");
    };
  }

  long ps(long bytes) {
    return Units.serialisationPs(bytes, bitsPerSecond);
  }

  /** Packets of a write that begins at a multiple of the payload size. */
  long writeTlps(long bytes) {
    return Units.ceilDiv(bytes, payloadBytes);
  }

  /** Requests of a read that begins at a multiple of the request size. */
  long requestTlps(long bytes) {
    return Units.ceilDiv(bytes, readRequestBytes);
  }

  /** Packets that answer a read which begins at a multiple of the request size. */
  long completionTlps(long bytes) {
    int most = Math.min(payloadBytes, readRequestBytes);
    return Units.ceilDiv(bytes, most);
  }

  /**
   * Packets that answer one read request of {@code bytes} at {@code address}: each but the last ends
   * at the read completion boundary.
   */
  long completionTlps(long address, long bytes) {
    long from = address;
    long tlps = 0;
    while (from < address + bytes) {
      from = (from + payloadBytes) / readBoundaryBytes * readBoundaryBytes;
      tlps++;
    }
    return tlps;
  }

  /**
   * Bytes towards the device for a read: completions, and for each request an acknowledgement and a
   * credit update.
   */
  long readDownBytes(long bytes) {
    return bytes
        + completionTlps(bytes) * completionHeaderBytes
        + requestTlps(bytes) * 2 * linkPacketBytes;
  }

  long readPs(long bytes) {
    return ps(readDownBytes(bytes));
  }

  /** Bytes towards the host for a write. */
  long writeUpBytes(long bytes) {
    return bytes + writeTlps(bytes) * writeHeaderBytes;
  }
}
