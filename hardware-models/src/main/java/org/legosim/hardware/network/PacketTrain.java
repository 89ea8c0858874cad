package org.legosim.hardware.network;

import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;

/**
 * The packets of one message and the time that each takes at each station. A station finishes packet
 * i at {@code max(own finish of i-1, packet i ready) + service}; a packet is ready for the link once
 * it has been read whole and moved through the adapter's buffer, and for the DMA write once it has
 * arrived whole and been moved likewise. So the first packet passes the stations in turn, and behind
 * it the slowest station sets the pace.
 *
 * <p>Header bytes are those of a reliable-connection RDMA write with immediate within one subnet
 * (InfiniBand Architecture Specification, volume 1, chapter 9): LRH 8, BTH 12, ICRC 4, VCRC 2 on every
 * packet, RETH 16 on the first, immediate data 4 on the last, AETH 4 on an acknowledgement.
 */
@HotPath
final class PacketTrain {
  static final int PACKET_HEADER_BYTES = 8 + 12 + 4 + 2;
  static final int FIRST_HEADER_BYTES = 16;
  static final int LAST_HEADER_BYTES = 4;
  static final int ACK_BYTES = PACKET_HEADER_BYTES + 4;

  private final int mtuBytes;
  private final long linkBitsPerSecond;
  private final long readBitsPerSecond;
  private final long writeBitsPerSecond;
  private final long pciePayloadBytes;
  private final long writeHeaderBytes;
  private final long completionHeaderBytes;

  private final long bufferBitsPerSecond;

  private final long fullReadPs;
  private final long fullBufferPs;
  private final long fullWritePs;
  private final long firstWirePs;
  private final long middleWirePs;

  // The message at hand.
  private long packets;
  private long lastBytes;
  private long lastReadPs;
  private long lastBufferPs;
  private long lastWirePs;
  private long lastWritePs;

  PacketTrain(NetworkParams params) {
    mtuBytes = params.mtuBytes();
    linkBitsPerSecond = params.linkBits();
    readBitsPerSecond = params.readBitsPerSecond().value();
    writeBitsPerSecond = params.writeBitsPerSecond().value();
    pciePayloadBytes = params.pciePayloadBytes();
    writeHeaderBytes = params.writeHeaderBytes();
    completionHeaderBytes = params.completionHeaderBytes();
    bufferBitsPerSecond = params.bufferBitsPerSecond().value();
    fullReadPs = readPs(mtuBytes);
    fullBufferPs = bufferPs(mtuBytes);
    fullWritePs = writePs(mtuBytes);
    firstWirePs = wirePs(mtuBytes + PACKET_HEADER_BYTES + FIRST_HEADER_BYTES);
    middleWirePs = wirePs(mtuBytes + PACKET_HEADER_BYTES);
  }

  /** Takes up a message; an empty one is a packet of headers. */
  void select(long bytes) {
    packets = Math.max(1, Units.ceilDiv(bytes, mtuBytes));
    lastBytes = bytes - (packets - 1) * mtuBytes;
    lastReadPs = readPs(lastBytes);
    lastBufferPs = bufferPs(lastBytes);
    lastWritePs = writePs(lastBytes);
    int firstHeader = packets == 1 ? FIRST_HEADER_BYTES : 0;
    lastWirePs = wirePs(lastBytes + PACKET_HEADER_BYTES + firstHeader + LAST_HEADER_BYTES);
  }

  long packets() {
    return packets;
  }

  long readServicePs(long packet) {
    return packet == packets - 1 ? lastReadPs : fullReadPs;
  }

  /** Delay of a packet in either adapter; the next one follows it at the pace of the stations. */
  long bufferDelayPs(long packet) {
    return packet == packets - 1 ? lastBufferPs : fullBufferPs;
  }

  long wireServicePs(long packet) {
    if (packet == packets - 1) {
      return lastWirePs;
    }
    return packet == 0 ? firstWirePs : middleWirePs;
  }

  long writeServicePs(long packet) {
    return packet == packets - 1 ? lastWritePs : fullWritePs;
  }

  /** Time of all packets on a link. */
  long wireServicePs() {
    long whole = packets == 1 ? 0 : firstWirePs + (packets - 2) * middleWirePs;
    return whole + lastWirePs;
  }

  long wireBytes() {
    long payload = (packets - 1) * mtuBytes + lastBytes;
    return payload + packets * PACKET_HEADER_BYTES + FIRST_HEADER_BYTES + LAST_HEADER_BYTES;
  }

  /** PCIe packets that carry the message one way: as writes, or as completions of reads. */
  long tlps() {
    return (packets - 1) * tlps(mtuBytes) + tlps(lastBytes);
  }

  private long tlps(long bytes) {
    return Units.ceilDiv(bytes, pciePayloadBytes);
  }

  long readPs(long bytes) {
    return Units.serialisationPs(bytes + tlps(bytes) * completionHeaderBytes, readBitsPerSecond);
  }

  long writePs(long bytes) {
    return Units.serialisationPs(bytes + tlps(bytes) * writeHeaderBytes, writeBitsPerSecond);
  }

  private long bufferPs(long bytes) {
    return Units.serialisationPs(bytes, bufferBitsPerSecond);
  }

  long wirePs(long bytes) {
    return Units.serialisationPs(bytes, linkBitsPerSecond);
  }
}
