package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;

/**
 * One direction of a slot: transaction packets in the order in which they are given, and link packets
 * (acknowledgements and credit updates for what came the other way), which use idle time first and
 * delay transaction packets when there was not enough of it.
 */
@HotPath
public final class PcieDirection {
  private long freePs;
  private long owedPs;
  private long tlps;
  private long bytes;
  private long linkPackets;
  private long busyPs;
  private long waitPs;

  /**
   * Sends packets that take {@code servicePs} on the wire.
   *
   * @return when the last bit has left
   */
  long send(long readyPs, long servicePs, long packets, long packetBytes) {
    long startPs = readyPs;
    if (freePs >= readyPs) {
      startPs = freePs;
    } else {
      owedPs = Math.max(0, owedPs - (readyPs - freePs));
    }
    waitPs += startPs - readyPs;
    long endPs = startPs + owedPs + servicePs;
    busyPs += owedPs + servicePs;
    owedPs = 0;
    freePs = endPs;
    tlps += packets;
    bytes += packetBytes;
    return endPs;
  }

  /** Link packets to be sent as soon as there is time. */
  void owe(long packets, long eachPs) {
    owedPs += packets * eachPs;
    linkPackets += packets;
  }

  /** Transaction packets that fit in somewhere: small requests for data that come much later. */
  void owePackets(long packets, long eachPs, long eachBytes) {
    owedPs += packets * eachPs;
    pass(packets, packets * eachBytes);
  }

  /** Link packets whose time is part of a service given to {@link #send}. */
  void count(long packets) {
    linkPackets += packets;
  }

  /** Counts packets whose time is part of a latency. */
  void pass(long packets, long packetBytes) {
    tlps += packets;
    bytes += packetBytes;
  }

  long freePs() {
    return freePs;
  }

  /** Transaction packets. */
  public long tlps() {
    return tlps;
  }

  /** Bytes of transaction packets: payload, headers, framing. */
  public long bytes() {
    return bytes;
  }

  /** Acknowledgements and credit updates. */
  public long linkPackets() {
    return linkPackets;
  }

  public long busyPs() {
    return busyPs;
  }

  /** Time that transaction packets waited for others. */
  public long waitPs() {
    return waitPs;
  }
}
