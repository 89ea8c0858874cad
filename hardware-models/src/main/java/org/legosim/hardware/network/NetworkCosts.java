package org.legosim.hardware.network;

import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;

/** The constants of the network as costs, so that the ledger knows what each of them contributed. */
@HotPath
final class NetworkCosts {
  private final Cost fixedLatency;
  private final Cost link;
  private final Cost propagation;
  private final Cost switchHop;
  private final Cost readRate;
  private final Cost writeRate;
  private final Cost buffer;
  private final Cost readLatency;
  private final Cost writeLatency;
  private final Cost doorbell;
  private final Cost send;
  private final Cost receive;
  private final Cost ack;

  NetworkCosts(NetworkParams params, Ledger ledger) {
    fixedLatency = ledger.cost(params.fixedLatencyPs());
    link = ledger.cost(params.linkBitsPerSecond());
    propagation = ledger.cost(params.propagationPs());
    switchHop = ledger.cost(params.switchHopPs());
    readRate = ledger.cost(params.readBitsPerSecond());
    writeRate = ledger.cost(params.writeBitsPerSecond());
    buffer = ledger.cost(params.bufferBitsPerSecond());
    readLatency = ledger.cost(params.readLatencyPs());
    writeLatency = ledger.cost(params.writeLatencyPs());
    doorbell = ledger.cost(params.doorbellPs());
    send = ledger.cost(params.nicSendPs());
    receive = ledger.cost(params.nicReceivePs());
    ack = ledger.cost(params.nicAckPs());
  }

  /** A message of {@code network.model=fixed}. */
  void chargeFixed(long totalPs) {
    long latencyPs = fixedLatency.charge();
    link.chargePs(totalPs - latencyPs);
  }

  /**
   * A message's way from doorbell to visible completion entry, {@code totalPs} without queueing.
   *
   * @param reads DMA read round trips on the way
   * @param readPs transfer of the first packet to the adapter
   * @param writePs transfer of the last packet and the completion entry to memory
   * @param bufferPs the first packet in the sending adapter and the last in the receiving one
   */
  void chargeDelivery(long totalPs, int reads, long readPs, long writePs, long bufferPs) {
    long fixedPs = doorbell.charge()
        + readLatency.charge(reads)
        + send.charge()
        + propagation.charge(2)
        + switchHop.charge()
        + receive.charge()
        + writeLatency.charge();
    readRate.chargePs(readPs);
    writeRate.chargePs(writePs);
    buffer.chargePs(bufferPs);
    link.chargePs(totalPs - fixedPs - readPs - writePs - bufferPs);
  }

  /** What the sender waits beyond the delivery's last DMA write, until its own completion entry. */
  void chargeAck(long ackWirePs, long entryPs) {
    ack.charge();
    link.chargePs(ackWirePs);
    propagation.charge(2);
    switchHop.charge();
    writeRate.chargePs(entryPs);
    writeLatency.charge();
  }
}
