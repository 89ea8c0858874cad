package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;

/**
 * A device in its slot, and the root complex above: reads and writes of host memory, and register
 * writes by CPUs. Calls come in the order of time; whoever reads calls {@link #request} first and
 * {@link #answer} once the root complex has the data.
 *
 * <p>Left out: latency of single links and switches between slot and root complex (part of the read
 * and write latency), errors and replays, data credits (header credits are exhausted first by small
 * writes, and large ones are bounded by the wire).
 */
@HotPath
public final class PciePort {
  private final PcieSlot slot;
  private final PcieDirection up = new PcieDirection();
  private final PcieDirection down = new PcieDirection();
  private final long requestPs;
  private final long linkPacketPs;

  /** When each of the last reads had its answer: a ring, as long as there are tags. */
  private final long[] tagFreePs;

  private int nextTag;

  /** When each of the last writes was ordered: a ring, as long as there are credits. */
  private final long[] creditFreePs;

  private int nextCredit;
  private long orderedPs;

  public PciePort(PcieSlot slot) {
    this.slot = slot;
    requestPs = slot.ps(slot.requestHeaderBytes());
    linkPacketPs = slot.ps(slot.linkPacketBytes());
    tagFreePs = new long[slot.tags()];
    creditFreePs = new long[slot.postedCredits()];
  }

  /**
   * Sends the read requests for {@code bytes}.
   *
   * @return when the root complex has the first data
   */
  long request(long nowPs, long bytes) {
    long requests = slot.requestTlps(bytes);
    long startPs = Math.max(nowPs, tagFreePs[nextTag]);
    long firstPs =
        up.send(startPs, requests * requestPs, requests, requests * slot.requestHeaderBytes())
            - (requests - 1) * requestPs;
    return firstPs + slot.readLatencyPs();
  }

  /** Sends the read requests for {@code bytes} behind others, in time for their answers to follow. */
  void requestAhead(long bytes) {
    up.owePackets(slot.requestTlps(bytes), requestPs, slot.requestHeaderBytes());
  }

  /**
   * Sends the answer to a read.
   *
   * @param readyPs not before what {@link #request} gave
   * @return when the device has it all
   */
  long answer(long readyPs, long bytes) {
    long completions = slot.completionTlps(bytes);
    long requests = slot.requestTlps(bytes);
    long endPs = down.send(
        readyPs,
        slot.readPs(bytes),
        completions,
        bytes + completions * slot.completionHeaderBytes());
    down.count(2 * requests);
    up.owe(completions, linkPacketPs);
    for (long request = 0; request < requests; request++) {
      tagFreePs[nextTag] = endPs;
      nextTag = nextTag + 1 == tagFreePs.length ? 0 : nextTag + 1;
    }
    return endPs;
  }

  /**
   * Writes {@code bytes} to memory.
   *
   * @return when the root complex has ordered the last packet; a CPU sees it
   *     {@link PcieSlot#writeLatencyPs} later
   */
  long write(long readyPs, long bytes) {
    long left = bytes;
    long tlps = 0;
    while (left > 0) {
      long payload = Math.min(left, slot.payloadBytes());
      long wireBytes = payload + slot.writeHeaderBytes();
      long startPs = Math.max(readyPs, creditFreePs[nextCredit]);
      long endPs = up.send(startPs, slot.ps(wireBytes), 1, wireBytes);
      orderedPs = Math.max(endPs, orderedPs + slot.postedIntervalPs());
      creditFreePs[nextCredit] = orderedPs;
      nextCredit = nextCredit + 1 == creditFreePs.length ? 0 : nextCredit + 1;
      left -= payload;
      tlps++;
    }
    down.owe(2 * tlps, linkPacketPs);
    return orderedPs;
  }

  /** Register writes by a CPU; their time is the doorbell's. */
  void registerWrite(long packets, long payloadBytes) {
    down.pass(packets, packets * (payloadBytes + slot.writeHeaderBytes()));
    up.owe(2 * packets, linkPacketPs);
  }

  /** Reads whose time the caller works out: of structures that the device lacks in its cache. */
  void passRead(long bytes) {
    up.pass(1, slot.requestHeaderBytes());
    down.pass(1, bytes + slot.completionHeaderBytes());
    down.count(2);
    up.owe(1, linkPacketPs);
  }

  /** A read of {@code bytes} on an idle slot, from request to last byte. */
  long idleReadPs(long bytes) {
    return requestPs + slot.readLatencyPs() + slot.readPs(bytes);
  }

  long requestPs() {
    return requestPs;
  }

  PcieSlot slot() {
    return slot;
  }

  /** Device to host. */
  public PcieDirection up() {
    return up;
  }

  /** Host to device. */
  public PcieDirection down() {
    return down;
  }
}
