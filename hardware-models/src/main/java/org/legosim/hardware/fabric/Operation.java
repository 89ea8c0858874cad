package org.legosim.hardware.fabric;

/** What a work request asks for. */
public enum Operation {
  /** RDMA write: the target's CPU sees the data only by looking at its memory. */
  WRITE(true, false),
  /** RDMA write with immediate data: takes a posted receive, and makes a completion entry there. */
  WRITE_IMMEDIATE(true, true),
  /** RDMA read. */
  READ(true, false),
  /** Send into a posted receive. */
  SEND(true, true),
  /** Send of one packet by an unreliable datagram: no acknowledgement, nothing is sent again. */
  DATAGRAM(false, true);

  final boolean isReliable;
  /** The target's adapter takes a receive and writes a completion entry. */
  final boolean isNotified;

  Operation(boolean isReliable, boolean isNotified) {
    this.isReliable = isReliable;
    this.isNotified = isNotified;
  }
}
