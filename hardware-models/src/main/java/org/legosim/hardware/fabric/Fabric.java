package org.legosim.hardware.fabric;

import java.util.List;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.HopRow;

/**
 * Adapters in their slots, cables and switches, packet by packet: the network at level {@code verbs}.
 * A work request is posted with {@link #post} and told to its receiver and its sender by events; its
 * handle lives until {@link #release}.
 *
 * <p>Left out: receive queues' own fetches (an adapter has them in advance), interrupts, atomic
 * operations, shared receive queues, congestion control, subnet management, weights of virtual lanes.
 */
@HotPath
public final class Fabric implements Actor {
  static final int EVENT_DOORBELL = 0;
  static final int EVENT_REQUEST = 1;
  static final int EVENT_START = 2;
  static final int EVENT_DATA = 3;
  static final int EVENT_ANSWER_START = 4;
  static final int EVENT_ANSWER_DATA = 5;
  static final int EVENT_INJECT = 6;
  static final int EVENT_ROUTE = 7;
  static final int EVENT_RECEIVE = 8;
  static final int EVENT_LAND = 9;
  static final int EVENT_ENTRY = 10;
  static final int EVENT_SERVE = 11;
  static final int EVENT_TIMER = 12;
  static final int EVENT_RETRY = 13;
  private static final int KIND_SHIFT = 48;

  final Simulation simulation;
  final FabricShape shape;
  final Packets packets = new Packets();
  final FabricMessages messages = new FabricMessages();
  final QueuePairs queuePairs;
  final Hca[] adapters;
  final Recovery recovery;
  private final int nodes;
  private final Topology topology;
  private final Channel[] channels;
  private final int[] uplinks;
  private final int[] routes;
  private final int actorId;
  final DataMover mover;
  private final Arrivals arrivals;
  private final IdlePath idle;
  private final LinkFaults faults;
  private final long propagationPs;
  private final long hopPs;
  private final long processPs;
  private final long responsePs;
  private final long ackPs;
  private final int lanes;

  /** @param nodes numbered from 0 */
  public Fabric(Simulation simulation, FabricShape shape, int nodes) {
    this.simulation = simulation;
    this.shape = shape;
    this.nodes = nodes;
    VerbsParams params = shape.params();
    topology = new Topology(params.link(), nodes, packets);
    channels = topology.channels();
    uplinks = topology.uplinks();
    routes = topology.routes();
    queuePairs = new QueuePairs(nodes, shape.queuePairs());
    adapters = new Hca[nodes];
    for (int node = 0; node < nodes; node++) {
      adapters[node] = adapter(node);
    }
    propagationPs = shape.propagationPs();
    hopPs = propagationPs + shape.switchHopPs();
    processPs = params.hca().processPs().value();
    responsePs = params.hca().responsePs().value();
    ackPs = shape.ackPs();
    lanes = params.link().virtualLanes();
    faults = new LinkFaults(params.faults(), simulation.stream("network.faults"), packets);
    actorId = simulation.register(this);
    mover = new DataMover(this);
    arrivals = new Arrivals(this);
    recovery = new Recovery(this, faults.isAny());
    idle = new IdlePath(shape);
  }

  private Hca adapter(int node) {
    HcaParams hca = shape.params().hca();
    String path = "network." + node;
    int population = queuePairs.perAdapter() <= hca.queuePairCache()
        ? queuePairs.perAdapter()
        : queuePairs.numbersPerAdapter();
    return new Hca(
        node,
        shape.slot(),
        hca.engines(),
        new ContextCache(
            hca.queuePairCache(), population, simulation.stream(path + ".queuePairCache")),
        new ContextCache(
            hca.translationCache(),
            shape.translations(),
            simulation.stream(path + ".translationCache")));
  }

  /** As {@link #post(int, int, int, Operation, long, int)}, for page 0. */
  public int post(int source, int target, int connection, Operation operation, long bytes) {
    return post(source, target, connection, operation, bytes, 0);
  }

  /**
   * A CPU of {@code source} posts a work request now.
   *
   * @param connection its queue pair among those between the two nodes
   * @param translation the page that it names at the target
   * @return its handle, until {@link #release}
   */
  public int post(
      int source, int target, int connection, Operation operation, long bytes, int translation) {
    if (source == target || bytes < 0) {
      throw new ModelException(
          "a message of " + bytes + " bytes from node " + source + " to node " + target);
    }
    if (operation == Operation.DATAGRAM && bytes > shape.mtuBytes()) {
      throw new ModelException(
          "a datagram of " + bytes + " bytes; network.mtu allows " + shape.mtuBytes());
    }
    int message = messages.take();
    messages.operation[message] = operation;
    messages.source[message] = source;
    messages.target[message] = target;
    messages.translation[message] = translation;
    messages.bytes[message] = bytes;
    messages.postedPs[message] = simulation.nowPs();
    messages.deliveredPs[message] = FabricMessages.NONE;
    messages.completedPs[message] = FabricMessages.NONE;
    messages.deliveryActor[message] = FabricMessages.NONE;
    messages.completionActor[message] = FabricMessages.NONE;
    messages.isListed[message] = true;
    messages.isLanded[message] = false;
    messages.isReleased[message] = false;
    messages.isOver[message] = false;
    messages.isAcknowledged[message] = false;
    mover.post(message, queuePairs.of(source, target, connection));
    return message;
  }

  /** The event that {@code actor} gets once the receiver's memory is about to hold the message. */
  public void tellDelivery(int message, int actor, long payload) {
    messages.deliveryActor[message] = actor;
    messages.deliveryPayload[message] = payload;
  }

  /** The event that {@code actor} gets when the sender's CPU can see the completion entry. */
  public void tellCompletion(int message, int actor, long payload) {
    messages.completionActor[message] = actor;
    messages.completionPayload[message] = payload;
  }

  /** When the target's CPU sees the message; negative before its last packet has arrived. */
  public long deliveredPs(int message) {
    return messages.deliveredPs[message];
  }

  /**
   * When the source's CPU sees the completion entry: of a write or send, once delivered, by the
   * acknowledgement's way through idle stations until it has really come.
   */
  public long completedPs(int message) {
    return messages.completedPs[message];
  }

  public int source(int message) {
    return messages.source[message];
  }

  public int target(int message) {
    return messages.target[message];
  }

  public long bytes(int message) {
    return messages.bytes[message];
  }

  /** Switches between two nodes. */
  public int hops(int source, int target) {
    return topology.hops(source, target);
  }

  /** When the message was posted. */
  public long postedPs(int message) {
    return messages.postedPs[message];
  }

  /** Ends the user's interest in a handle. */
  public void release(int message) {
    messages.isReleased[message] = true;
    messages.releaseIfDone(message);
  }

  /** Delivery through idle stations, from post to what the target's CPU sees. */
  public long idleDeliveryPs(int source, int target, Operation operation, long bytes) {
    return idle.deliveryPs(operation, bytes) + topology.hops(source, target) * hopPs;
  }

  /** A read through idle stations, from post to completion entry. */
  public long idleReadPs(int source, int target, long bytes) {
    return idle.readPs(bytes) + 2L * topology.hops(source, target) * hopPs;
  }

  /** From an accepted last packet to the sender's entry, through idle stations. */
  long idleAckPs(int source, int target) {
    return idle.ackPs() + topology.hops(source, target) * hopPs;
  }

  /** Lets a receiver run out of receives: {@code count} more for a queue pair that had no limit. */
  public void postReceives(int source, int target, int connection, long count) {
    int queuePair = queuePairs.of(source, target, connection);
    long before = queuePairs.receives[queuePair];
    queuePairs.receives[queuePair] =
        before == QueuePairs.UNLIMITED ? count : Math.addExact(before, count);
  }

  @Override
  public void onEvent(long payload) {
    int index = (int) payload;
    switch ((int) (payload >>> KIND_SHIFT)) {
      case EVENT_DOORBELL -> mover.doorbell(index);
      case EVENT_REQUEST -> mover.requestFetched(index);
      case EVENT_START -> mover.start(index, FabricMessages.REQUESTER);
      case EVENT_DATA -> mover.data(index, FabricMessages.REQUESTER);
      case EVENT_ANSWER_START -> mover.start(index, FabricMessages.RESPONDER);
      case EVENT_ANSWER_DATA -> mover.data(index, FabricMessages.RESPONDER);
      case EVENT_INJECT -> inject(index);
      case EVENT_ROUTE -> route(index);
      case EVENT_RECEIVE -> arrivals.receive(index);
      case EVENT_LAND -> arrivals.land(index);
      case EVENT_ENTRY -> arrivals.enter(index);
      case EVENT_SERVE -> wake(index);
      case EVENT_TIMER -> recovery.timer(index);
      case EVENT_RETRY -> recovery.retry(index);
      default -> throw new IllegalStateException("payload " + payload);
    }
  }

  void schedule(int kind, int index, long timePs) {
    simulation.schedule(
        actorId, actorId, Simulation.PRIORITY_HARDWARE, timePs, (long) kind << KIND_SHIFT | index);
  }

  void tell(int actor, long timePs, long payload) {
    if (actor != FabricMessages.NONE) {
      simulation.schedule(actorId, actor, Simulation.PRIORITY_HARDWARE, timePs, payload);
    }
  }

  long nowPs() {
    return simulation.nowPs();
  }

  /** A packet of {@code payloadBytes} for {@code target}, in no queue yet. */
  int packet(byte kind, int message, int queuePair, int target, int payloadBytes, int headerBytes) {
    int packet = packets.take();
    packets.kind[packet] = kind;
    packets.message[packet] = message;
    packets.generation[packet] = messages.generation[message];
    packets.queuePair[packet] = queuePair;
    packets.target[packet] = target;
    packets.payloadBytes[packet] = payloadBytes;
    packets.wireBytes[packet] = payloadBytes + headerBytes;
    packets.blocks[packet] = CreditPool.blocksOf(payloadBytes + headerBytes);
    packets.lane[packet] = (byte) (queuePairs.connection(queuePair) % lanes);
    packets.heldBy[packet] = Packets.NONE;
    packets.isBad[packet] = false;
    return packet;
  }

  /** The other end of a packet's queue pair sends it now. */
  void inject(int packet) {
    int target = packets.target[packet];
    int queuePair = packets.queuePair[packet];
    int source = queuePairs.sourceOf(queuePair);
    int from = source == target ? queuePairs.targetOf(queuePair) : source;
    enqueue(uplinks[from], packet);
  }

  private void route(int packet) {
    Channel held = channels[packets.heldBy[packet]];
    enqueue(routes[held.toSwitch * nodes + packets.target[packet]], packet);
  }

  private void enqueue(int number, int packet) {
    Channel channel = channels[number];
    long nowPs = simulation.nowPs();
    channel.enqueue(packet, nowPs);
    serve(channel, number, nowPs);
  }

  private void wake(int number) {
    Channel channel = channels[number];
    long nowPs = simulation.nowPs();
    if (channel.wakePs == nowPs) {
      channel.wakePs = Long.MAX_VALUE;
      serve(channel, number, nowPs);
    }
  }

  private void serve(Channel channel, int number, long nowPs) {
    if (channel.isEmpty()) {
      return;
    }
    if (channel.busyUntilPs > nowPs) {
      wakeAt(channel, number, channel.busyUntilPs);
      return;
    }
    int packet = channel.takeNext(nowPs);
    if (packet == Packets.NONE) {
      long creditPs = channel.creditPs();
      if (creditPs != Long.MAX_VALUE) {
        wakeAt(channel, number, creditPs);
      }
      return;
    }
    transmit(channel, number, packet, nowPs);
    if (!channel.isEmpty()) {
      wakeAt(channel, number, channel.busyUntilPs);
    }
  }

  private void wakeAt(Channel channel, int number, long timePs) {
    if (timePs < channel.wakePs) {
      channel.wakePs = timePs;
      schedule(EVENT_SERVE, number, timePs);
    }
  }

  private void transmit(Channel channel, int number, int packet, long nowPs) {
    int bytes = packets.wireBytes[packet];
    long servicePs = shape.wirePs(bytes);
    channel.occupy(nowPs, servicePs, bytes);
    leave(packet, nowPs + servicePs);
    packets.heldBy[packet] = number;
    long delayPs = faults.isAny() ? faults.delayPs(channel, packet, nowPs) : 0;
    if (delayPs == LinkFaults.LOST) {
      lose(packet, nowPs + servicePs);
    } else if (channel.toNode == Channel.NO_NODE) {
      schedule(EVENT_ROUTE, packet, nowPs + hopPs + delayPs);
    } else {
      long workPs = switch (packets.kind[packet]) {
        case Packets.DATA, Packets.READ_REQUEST -> processPs;
        case Packets.RESPONSE -> responsePs;
        default -> ackPs;
      };
      schedule(EVENT_RECEIVE, packet, nowPs + servicePs + propagationPs + workPs + delayPs);
    }
  }

  /** A packet's tail is out of the buffer that held it at {@code atPs}. */
  void leave(int packet, long atPs) {
    int held = packets.heldBy[packet];
    if (held == Packets.NONE) {
      return;
    }
    Channel channel = channels[held];
    long backPs = atPs + propagationPs;
    channel.giveBack(packets.lane[packet], packets.blocks[packet], backPs);
    if (!channel.isEmpty()) {
      wakeAt(channel, held, Math.max(backPs, channel.busyUntilPs));
    }
    packets.heldBy[packet] = Packets.NONE;
  }

  private void lose(int packet, long atPs) {
    leave(packet, atPs + propagationPs);
    drop(packet);
  }

  /** A packet that goes no further. */
  void drop(int packet) {
    int message = packets.message[packet];
    if (packets.kind[packet] == Packets.DATA
        && messages.operation[message] == Operation.DATAGRAM
        && packets.generation[packet] == messages.generation[message]) {
      messages.isLanded[message] = true;
      recovery.overIfDone(message);
    }
    packets.release(packet);
  }

  /** A node's adapter. */
  public Hca hca(int node) {
    return adapters[node];
  }

  public Simulation simulation() {
    return simulation;
  }

  /** Number of channels: one for each direction of each cable. */
  public int channelCount() {
    return channels.length;
  }

  public Channel channel(int number) {
    return channels[number];
  }

  /** Traffic of every direction of every slot and cable. */
  public List<HopRow> hops() {
    return FabricHops.of(adapters, channels);
  }

  public int inFlight() {
    return messages.inFlight();
  }

  @Override
  public String name() {
    return "network";
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(packets.inFlight()).append(" packets and ").append(messages.inFlight());
    out.append(" messages in flight");
  }

  @Override
  public boolean isQuiescent() {
    return packets.inFlight() == 0;
  }

  /** Checks at the end of a run that every queue is empty and Little's law holds on it. */
  public void verifyIdle() {
    for (Channel channel : channels) {
      channel.verifyIdle();
    }
  }
}
