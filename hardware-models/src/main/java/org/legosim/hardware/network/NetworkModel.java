package org.legosim.hardware.network;

/** Fidelity of the network. */
public enum NetworkModel {
  /** A latency and a rate; messages never queue. */
  FIXED,
  /** Packets through DMA read, link, switch and DMA write, each a station with a queue. */
  LOGGP,
  /** Every packet on PCIe and on the links, credits, acknowledgements, retransmission. */
  VERBS
}
