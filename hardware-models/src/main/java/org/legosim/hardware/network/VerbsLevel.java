package org.legosim.hardware.network;

import org.legosim.hardware.fabric.Fabric;
import org.legosim.hardware.fabric.Operation;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Simulation;

/** {@link Network}'s messages on the packet-level fabric: each an RDMA write with immediate. */
@HotPath
final class VerbsLevel {
  private final Fabric fabric;
  private final Cost doorbell;
  private final Cost process;
  private final Cost readLatency;
  private final Cost writeLatency;
  private final Cost propagation;
  private final Cost switchHop;
  private final Cost link;
  private final int inlineLimitBytes;
  private final boolean isPushed;

  VerbsLevel(NetworkParams params, int nodes, int queuePairs, Simulation simulation) {
    fabric = new Fabric(simulation, params.shape(queuePairs), nodes);
    Ledger ledger = simulation.ledger();
    doorbell = ledger.cost(params.doorbellPs());
    process = ledger.cost(params.verbs().hca().processPs());
    readLatency = ledger.cost(params.readLatencyPs());
    writeLatency = ledger.cost(params.writeLatencyPs());
    propagation = ledger.cost(params.propagationPs());
    switchHop = ledger.cost(params.switchHopPs());
    link = ledger.cost(params.linkBitsPerSecond());
    inlineLimitBytes = params.inlineLimitBytes();
    isPushed = params.blueFlame();
  }

  int transmit(int source, int target, int connection, long bytes) {
    return fabric.post(source, target, connection, Operation.WRITE_IMMEDIATE, bytes);
  }

  void announce(int message, int receiver, long payload) {
    fabric.tellDelivery(message, receiver, payload);
  }

  long deliver(int message) {
    long deliveredPs = fabric.deliveredPs(message);
    if (deliveredPs < 0) {
      throw new ModelException("message " + message + " is delivered before it has arrived");
    }
    return deliveredPs;
  }

  /**
   * A long message's acknowledgement may overtake its landing, which is when its user asks: it is told
   * no earlier than that, which keeps a sender up to a packet's landing longer.
   */
  long completedPs(int message) {
    return Math.max(fabric.completedPs(message), fabric.simulation().nowPs());
  }

  long queueingPs(int message) {
    long queueingPs = fabric.deliveredPs(message) - fabric.postedPs(message) - idlePs(message);
    if (queueingPs < 0) {
      throw new ModelException("message " + message + " of " + fabric.bytes(message)
          + " bytes takes " + -queueingPs + " ps less than through idle stations");
    }
    return queueingPs;
  }

  private long idlePs(int message) {
    return fabric.idleDeliveryPs(
        fabric.source(message),
        fabric.target(message),
        Operation.WRITE_IMMEDIATE,
        fabric.bytes(message));
  }

  long wirePs(int message) {
    return idlePs(message);
  }

  /** What is not a constant's own goes to the link: its rate, and that of PCIe, is no assumption. */
  void charge(int message) {
    long bytes = fabric.bytes(message);
    boolean isRead = bytes > inlineLimitBytes;
    int reads = (isRead ? 1 : 0) + (isPushed && !isRead ? 0 : 1);
    int hops = fabric.hops(fabric.source(message), fabric.target(message));
    long fixedPs = doorbell.charge()
        + process.charge(2)
        + readLatency.charge(reads)
        + writeLatency.charge()
        + propagation.charge(hops + 1L)
        + switchHop.charge(hops);
    link.chargePs(Math.max(0, idlePs(message) - fixedPs));
  }

  Fabric fabric() {
    return fabric;
  }
}
