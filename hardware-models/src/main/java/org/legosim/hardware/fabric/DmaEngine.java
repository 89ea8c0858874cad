package org.legosim.hardware.fabric;

import org.legosim.timing.Units;

/** A DMA engine that reads or writes host memory through a slot, alone on it. */
public final class DmaEngine {
  private final PciePort port;
  private final long latencyPs;
  private final long copyBitsPerSecond;
  private final long gapPs;

  public DmaEngine(DmaEngineParams params, PcieSlot slot) {
    port = new PciePort(slot);
    latencyPs = params.latencyPs().value();
    copyBitsPerSecond = params.copyBitsPerSecond().value();
    gapPs = params.gapPs().value();
  }

  /** One read, from descriptor to completion. */
  public long readLatencyPs(long bytes) {
    long readyPs = port.request(0, bytes);
    return latencyPs + port.answer(readyPs, bytes) + copyPs(bytes);
  }

  /**
   * One write and, as a write has no answer, a read of the same bytes behind it, which the root
   * complex serves once the write is in memory.
   */
  public long writeLatencyPs(long bytes) {
    long writtenPs = port.write(copyPs(bytes), bytes) + port.slot().writeLatencyPs();
    long readyPs = Math.max(port.request(port.up().freePs(), bytes), writtenPs + requestedPs());
    return latencyPs + port.answer(readyPs, bytes) + copyPs(bytes);
  }

  private long requestedPs() {
    return port.slot().readLatencyPs();
  }

  private long copyPs(long bytes) {
    return Units.serialisationPs(bytes, copyBitsPerSecond);
  }

  /** Time of {@code transfers} reads of {@code bytes} each, all of them posted at once. */
  public long readAllPs(long bytes, int transfers) {
    long endPs = 0;
    long requestedPs = 0;
    for (int transfer = 0; transfer < transfers; transfer++) {
      long readyPs = port.request(requestedPs, bytes);
      requestedPs = port.up().freePs();
      endPs = port.answer(Math.max(readyPs, endPs + gapPs), bytes);
    }
    return endPs;
  }

  /** Time of {@code transfers} writes of {@code bytes} each, all of them posted at once. */
  public long writeAllPs(long bytes, int transfers) {
    long orderedPs = 0;
    for (int transfer = 0; transfer < transfers; transfer++) {
      long readyPs = transfer == 0 ? 0 : port.up().freePs() + gapPs;
      orderedPs = port.write(readyPs, bytes);
    }
    return orderedPs;
  }

  /** The slot's counts. */
  public PciePort port() {
    return port;
  }
}
