package org.legosim.hardware.network;

import org.legosim.timing.engine.Server;

/** One node's adapter and its cable: stations and counts. Each station serves messages in order. */
public final class Adapter {
  final Server requests;
  final Server read;
  final Server uplink;
  final Server downlink;
  final Server write;

  long sentMessages;
  long sentBytes;
  long sentPackets;
  long sentWireBytes;
  long readTlps;
  long writeTlps;

  Adapter(int node) {
    String prefix = "network." + node + ".";
    requests = new Server(prefix + "requests");
    read = new Server(prefix + "read");
    uplink = new Server(prefix + "uplink");
    downlink = new Server(prefix + "downlink");
    write = new Server(prefix + "write");
  }

  public long sentMessages() {
    return sentMessages;
  }

  /** Payload. */
  public long sentBytes() {
    return sentBytes;
  }

  public long sentPackets() {
    return sentPackets;
  }

  /** Payload and packet headers, acknowledgements excluded. */
  public long sentWireBytes() {
    return sentWireBytes;
  }

  /** Completions of DMA reads that carried payload out of this host. */
  public long readTlps() {
    return readTlps;
  }

  /** DMA writes that carried payload and completion entries into this host. */
  public long writeTlps() {
    return writeTlps;
  }

  /** Time for which the link from this node to the switch carried packets. */
  public long uplinkBusyPs() {
    return uplink.busyPs();
  }

  /** Time for which the link from the switch to this node carried packets. */
  public long downlinkBusyPs() {
    return downlink.busyPs();
  }
}
