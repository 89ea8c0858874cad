package org.legosim.hardware.network;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.legosim.hardware.fabric.Fabric;
import org.legosim.hardware.fabric.Operation;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.HopRow;

/**
 * Nodes around one switch, each with one adapter and one port. A message is an RDMA write with
 * immediate: doorbell, fetch of the work request, DMA read of the payload, packets over the uplink,
 * cut-through switch, downlink, DMA write, completion entry; then an acknowledgement back and the
 * sender's completion entry.
 *
 * <p>Use, in this order for each message:
 *
 * <ol>
 *   <li>{@link #transmit} when the CPU has posted it: reserves the sender's stations;
 *   <li>{@link #deliver} at {@link #atSwitchPs}, as an event of its own, so that messages from
 *       different senders take the output port in the order in which they reach it: reserves the
 *       receiver's stations, and from here all times are known;
 *   <li>{@link #release}.
 * </ol>
 *
 * <p>Left out: interleaving of packets of several messages on one link (links serve message by
 * message), credits, retransmission, queueing of acknowledgements and of work-request fetches, PCIe
 * read requests against DMA writes, caches of the adapter.
 */
@HotPath
public final class Network {
  private static final int WORK_REQUEST_BYTES = 64;
  private static final long NOT_DELIVERED = -1;

  private final boolean isFixed;
  private final @Nullable VerbsLevel verbs;
  private final long fixedLatencyPs;
  private final long doorbellPs;
  private final long fetchPs;
  private final long requestReadPs;
  private final long sendPs;
  private final long readLatencyPs;
  private final long intervalPs;
  private final long headPs;
  private final long propagationPs;
  private final long receivePs;
  private final long entryPs;
  private final long writeLatencyPs;
  private final long ackPs;
  private final long ackWirePs;
  private final boolean isPushed;
  private final int inlineLimitBytes;

  private final PacketTrain train;
  private final NetworkCosts costs;
  private final Messages messages = new Messages();
  private final Adapter[] adapters;

  // The packet at hand while a message's way to the switch is followed.
  private long readEndPs;
  private long uplinkStartPs;
  private long uplinkEndPs;

  /**
   * A network by itself, of any level but {@code verbs}: it needs no events.
   *
   * @param nodes numbered from 0
   */
  public Network(NetworkParams params, int nodes, Ledger ledger) {
    this(params, nodes, ledger, null, 0);
  }

  /**
   * A network of any level.
   *
   * @param nodes numbered from 0
   * @param queuePairs between each two nodes
   */
  public Network(NetworkParams params, int nodes, int queuePairs, Simulation simulation) {
    this(params, nodes, simulation.ledger(), simulation, queuePairs);
  }

  private Network(
      NetworkParams params,
      int nodes,
      Ledger ledger,
      @Nullable Simulation simulation,
      int queuePairs) {
    if (params.model() == NetworkModel.VERBS) {
      if (simulation == null) {
        throw new ModelException("network.model=verbs needs a simulation for its events");
      }
      verbs = new VerbsLevel(params, nodes, queuePairs, simulation);
    } else {
      verbs = null;
    }
    train = new PacketTrain(params);
    costs = new NetworkCosts(params, ledger);
    isFixed = params.model() == NetworkModel.FIXED;
    fixedLatencyPs = params.fixedLatencyPs().value();
    isPushed = params.blueFlame();
    inlineLimitBytes = params.inlineLimitBytes();
    doorbellPs = params.doorbellPs().value();
    readLatencyPs = params.readLatencyPs().value();
    requestReadPs = isPushed ? 0 : train.readPs(WORK_REQUEST_BYTES);
    fetchPs = isPushed ? 0 : readLatencyPs + requestReadPs;
    sendPs = params.nicSendPs().value();
    intervalPs = params.messageIntervalPs().value();
    propagationPs = params.propagationPs().value();
    headPs = propagationPs + params.switchHopPs().value();
    receivePs = params.nicReceivePs().value();
    entryPs = train.writePs(params.completionEntryBytes());
    writeLatencyPs = params.writeLatencyPs().value();
    ackWirePs = train.wirePs(PacketTrain.ACK_BYTES);
    ackPs = params.nicAckPs().value() + ackWirePs + headPs + propagationPs;
    adapters = new Adapter[nodes];
    for (int node = 0; node < nodes; node++) {
      adapters[node] = new Adapter(node);
    }
  }

  /**
   * A message posted at {@code nowPs}; calls come in the order of time.
   *
   * @return its handle, until {@link #release}
   */
  public int transmit(long nowPs, int source, int target, long bytes) {
    return transmit(nowPs, source, target, 0, bytes);
  }

  /**
   * A message posted at {@code nowPs} on one of the connections of two nodes, which only the level
   * {@code verbs} tells apart; calls come in the order of time.
   *
   * @return its handle, until {@link #release}
   */
  public int transmit(long nowPs, int source, int target, int connection, long bytes) {
    if (verbs != null) {
      return verbs.transmit(source, target, connection, bytes);
    }
    if (source == target || bytes < 0) {
      throw new ModelException(
          "a message of " + bytes + " bytes from node " + source + " to node " + target);
    }
    int message = messages.take();
    messages.source[message] = source;
    messages.target[message] = target;
    messages.bytes[message] = bytes;
    messages.submittedPs[message] = nowPs;
    messages.deliveredPs[message] = NOT_DELIVERED;
    train.select(bytes);
    Adapter adapter = adapters[source];
    count(adapter, bytes);
    messages.atSwitchPs[message] = isFixed ? nowPs : reserveSender(message, adapter, nowPs);
    return message;
  }

  /**
   * Has {@code receiver} told by an event of {@code sender} when it is time for {@link #deliver}: as
   * the message passes the switch, or at the level {@code verbs} as its last packet is written.
   */
  public void announce(Simulation simulation, int message, int sender, int receiver, long payload) {
    if (verbs != null) {
      verbs.announce(message, receiver, payload);
      return;
    }
    long timePs = messages.atSwitchPs[message];
    simulation.schedule(sender, receiver, Simulation.PRIORITY_HARDWARE, timePs, payload);
  }

  private void count(Adapter adapter, long bytes) {
    adapter.sentMessages++;
    adapter.sentBytes += bytes;
    adapter.sentPackets += train.packets();
    adapter.sentWireBytes += train.wireBytes();
    adapter.readTlps += isRead(bytes) ? train.tlps() : 0;
  }

  private long reserveSender(int message, Adapter adapter, long nowPs) {
    long fetchedPs = nowPs + doorbellPs + fetchPs;
    long readyPs = adapter.requests.submit(fetchedPs, intervalPs) + sendPs;
    boolean isRead = isRead(messages.bytes[message]);
    messages.readStartPs[message] = isRead ? Math.max(readyPs, adapter.read.freePs()) : readyPs;
    messages.uplinkFreePs[message] = adapter.uplink.freePs();
    long firstStartPs = 0;
    for (long packet = 0; packet < train.packets(); packet++) {
      long inAdapterPs = readyPs;
      if (isRead) {
        long servicePs = train.readServicePs(packet);
        inAdapterPs = adapter.read.submit(readyPs, servicePs)
            + servicePs
            + readLatencyPs
            + train.bufferDelayPs(packet);
      }
      long startPs = adapter.uplink.submit(inAdapterPs, train.wireServicePs(packet));
      if (packet == 0) {
        firstStartPs = startPs;
      }
    }
    return firstStartPs + headPs;
  }

  /** Whether the adapter reads the payload by DMA. */
  private boolean isRead(long bytes) {
    return bytes > inlineLimitBytes;
  }

  /** When the message's first bit has passed the switch: the time for {@link #deliver}. */
  public long atSwitchPs(int message) {
    return messages.atSwitchPs[message];
  }

  /**
   * Takes the message through the receiver's stations; {@code nowPs} is {@link #atSwitchPs}.
   *
   * <p>The acknowledgement leaves once the payload is written, and brings the sender's completion
   * entry with it.
   *
   * @return when a CPU of the target sees the completion entry, and the payload before it
   */
  public long deliver(int message, long nowPs) {
    if (verbs != null) {
      return verbs.deliver(message);
    }
    if (nowPs != messages.atSwitchPs[message] || messages.deliveredPs[message] != NOT_DELIVERED) {
      throw new ModelException(
          "message " + message + " is delivered at " + nowPs + " ps, out of its place");
    }
    long bytes = messages.bytes[message];
    train.select(bytes);
    long deliveredPs;
    long queueingPs = 0;
    if (isFixed) {
      deliveredPs = messages.submittedPs[message] + fixedPs(bytes);
      messages.completedPs[message] = deliveredPs;
    } else {
      long writtenPs = reserveReceiver(message, adapters[messages.target[message]]);
      deliveredPs = writtenPs + entryPs + writeLatencyPs;
      messages.completedPs[message] = writtenPs + ackPs + entryPs + writeLatencyPs;
      queueingPs = deliveredPs - messages.submittedPs[message] - idlePs(bytes);
    }
    messages.deliveredPs[message] = deliveredPs;
    messages.queueingPs[message] = queueingPs;
    return deliveredPs;
  }

  private long fixedPs(long bytes) {
    return fixedLatencyPs + train.wirePs(bytes);
  }

  /** Time at which the completion entry begins to be written: right behind the payload. */
  private long reserveReceiver(int message, Adapter adapter) {
    boolean isRead = isRead(messages.bytes[message]);
    followFrom(messages.readStartPs[message], messages.uplinkFreePs[message]);
    Server downlink = adapter.downlink;
    Server write = adapter.write;
    long writtenPs = 0;
    for (long packet = 0; packet < train.packets(); packet++) {
      follow(packet, isRead);
      long wirePs = train.wireServicePs(packet);
      long arrivedPs = downlink.submit(uplinkStartPs + headPs, wirePs) + wirePs + propagationPs;
      long servicePs = train.writeServicePs(packet);
      long readyPs = arrivedPs + receivePs + train.bufferDelayPs(packet);
      writtenPs = write.submit(readyPs, servicePs) + servicePs;
    }
    adapter.writeTlps += train.tlps() + 1; // and the completion entry
    return write.submit(writtenPs, entryPs);
  }

  private void followFrom(long readStartPs, long uplinkFreePs) {
    readEndPs = readStartPs;
    uplinkEndPs = uplinkFreePs;
  }

  /** The next packet's times at the sender, as {@link #reserveSender} found them. */
  private void follow(long packet, boolean isRead) {
    long inAdapterPs = readEndPs;
    if (isRead) {
      readEndPs += train.readServicePs(packet);
      inAdapterPs = readEndPs + readLatencyPs + train.bufferDelayPs(packet);
    }
    uplinkStartPs = Math.max(uplinkEndPs, inAdapterPs);
    uplinkEndPs = uplinkStartPs + train.wireServicePs(packet);
  }

  /** Delivery of a message of {@code bytes} through idle stations, from post to visible entry. */
  public long idleDeliveryPs(long bytes) {
    if (verbs != null) {
      return verbs.fabric().idleDeliveryPs(0, 1, Operation.WRITE_IMMEDIATE, bytes);
    }
    train.select(bytes);
    return isFixed ? fixedPs(bytes) : idlePs(bytes);
  }

  private long idlePs(long bytes) {
    boolean isRead = isRead(bytes);
    followFrom(doorbellPs + fetchPs + sendPs, 0);
    long downlinkEndPs = 0;
    long writtenPs = 0;
    for (long packet = 0; packet < train.packets(); packet++) {
      follow(packet, isRead);
      downlinkEndPs = Math.max(downlinkEndPs, uplinkStartPs + headPs) + train.wireServicePs(packet);
      long arrivedPs = downlinkEndPs + propagationPs + receivePs + train.bufferDelayPs(packet);
      writtenPs = Math.max(writtenPs, arrivedPs) + train.writeServicePs(packet);
    }
    return writtenPs + entryPs + writeLatencyPs;
  }

  /** When the receiver sees the message. */
  public long deliveredPs(int message) {
    return verbs != null ? verbs.fabric().deliveredPs(message) : messages.deliveredPs[message];
  }

  /** When the sender sees its own completion entry, if it asked for one. */
  public long completedPs(int message) {
    return verbs != null ? verbs.completedPs(message) : messages.completedPs[message];
  }

  /** Part of the delivery spent waiting for stations that others held. */
  public long queueingPs(int message) {
    return verbs != null ? verbs.queueingPs(message) : messages.queueingPs[message];
  }

  /** The rest of the delivery: what it takes through idle stations. */
  public long wirePs(int message) {
    if (verbs != null) {
      return verbs.wirePs(message);
    }
    return messages.deliveredPs[message]
        - messages.submittedPs[message]
        - messages.queueingPs[message];
  }

  /** Enters the delivery into the ledger: some thread has waited for it. */
  public void chargeDelivery(int message) {
    if (verbs != null) {
      verbs.charge(message);
      return;
    }
    long bytes = messages.bytes[message];
    if (isFixed) {
      costs.chargeFixed(wirePs(message));
      return;
    }
    train.select(bytes);
    long last = train.packets() - 1;
    long readPs = requestReadPs + (isRead(bytes) ? train.readServicePs(0) : 0);
    int reads = (isPushed ? 0 : 1) + (isRead(bytes) ? 1 : 0);
    long bufferPs = (isRead(bytes) ? train.bufferDelayPs(0) : 0) + train.bufferDelayPs(last);
    costs.chargeDelivery(
        wirePs(message), reads, readPs, train.writeServicePs(last) + entryPs, bufferPs);
  }

  /** Enters what the sender's completion takes beyond the receiver's: some thread has polled for it. */
  public void chargeCompletion(int message) {
    if (verbs == null && !isFixed && messages.completedPs[message] >= 0) {
      costs.chargeAck(ackWirePs, entryPs);
    }
  }

  /** Ends a handle. */
  public void release(int message) {
    if (verbs != null) {
      verbs.fabric().release(message);
    } else {
      messages.release(message);
    }
  }

  public Adapter adapter(int node) {
    return adapters[node];
  }

  /** The packet-level fabric, at the level {@code verbs}. */
  public Optional<Fabric> fabric() {
    return Optional.ofNullable(verbs).map(VerbsLevel::fabric);
  }

  /** Traffic of each hop; empty but at the level {@code verbs}. */
  public List<HopRow> hops() {
    return verbs == null ? List.of() : verbs.fabric().hops();
  }

  /** Checks at the end of a run that no queue holds anything and none broke Little's law. */
  public void verifyIdle() {
    if (verbs != null) {
      verbs.fabric().verifyIdle();
    }
  }

  public int nodes() {
    return adapters.length;
  }

  /** Payload bytes of all messages. */
  public long sentBytes() {
    long total = 0;
    if (verbs != null) {
      for (int node = 0; node < adapters.length; node++) {
        total += verbs.fabric().hca(node).sentBytes();
      }
      return total;
    }
    for (Adapter adapter : adapters) {
      total += adapter.sentBytes;
    }
    return total;
  }

  public long sentMessages() {
    long total = 0;
    if (verbs != null) {
      for (int node = 0; node < adapters.length; node++) {
        total += verbs.fabric().hca(node).sentMessages();
      }
      return total;
    }
    for (Adapter adapter : adapters) {
      total += adapter.sentMessages;
    }
    return total;
  }

  public int inFlight() {
    return verbs != null ? verbs.fabric().inFlight() : messages.inFlight();
  }
}
