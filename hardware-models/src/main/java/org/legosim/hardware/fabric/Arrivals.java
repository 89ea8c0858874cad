package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;

/** The receiving half of adapters: checks a packet's place, writes it to memory, and answers. */
@HotPath
final class Arrivals {
  /** A completion entry follows its data at once when they are in memory as soon as this. */
  private static final long SOON_PS = 20_000;

  private final Fabric fabric;
  private final FabricShape shape;
  private final FabricMessages messages;
  private final Packets packets;
  private final QueuePairs queuePairs;
  private final long missPs;
  private final long responseIntervalPs;
  private final long writeLatencyPs;
  private final int entryBytes;

  Arrivals(Fabric fabric) {
    this.fabric = fabric;
    shape = fabric.shape;
    messages = fabric.messages;
    packets = fabric.packets;
    queuePairs = fabric.queuePairs;
    missPs = shape.contextMissPs();
    responseIntervalPs = shape.params().hca().responseIntervalPs().value();
    writeLatencyPs = shape.slot().writeLatencyPs();
    entryBytes = shape.completionEntryBytes();
  }

  /** A packet has arrived whole, and the adapter knows what to do with it. */
  void receive(int packet) {
    int queuePair = packets.queuePair[packet];
    int message = packets.message[packet];
    byte kind = packets.kind[packet];
    if (packets.isBad[packet]) {
      discard(packet);
      return;
    }
    switch (kind) {
      case Packets.ACK -> {
        fabric.recovery.acknowledged(queuePair, packets.sequence[packet]);
        discard(packet);
      }
      case Packets.NAK -> {
        fabric.recovery.refused(queuePair, packets.sequence[packet]);
        discard(packet);
      }
      case Packets.NOT_READY -> {
        fabric.recovery.notReady(queuePair, packets.sequence[packet]);
        discard(packet);
      }
      default -> {
        boolean isStale = packets.generation[packet] != messages.generation[message];
        if (isStale) {
          fabric.adapters[packets.target[packet]].duplicates++;
          discard(packet);
        } else if (kind == Packets.DATA) {
          receiveData(packet, message, queuePair);
        } else if (kind == Packets.READ_REQUEST) {
          receiveRead(packet, message, queuePair);
        } else {
          receiveAnswer(packet, message, queuePair);
        }
      }
    }
  }

  private void discard(int packet) {
    fabric.leave(packet, fabric.nowPs());
    fabric.drop(packet);
  }

  private void receiveData(int packet, int message, int queuePair) {
    Operation operation = messages.operation[message];
    int index = packets.index[packet];
    boolean isLast = index == messages.packets[message] - 1;
    boolean takesReceive = operation.isNotified && index == 0;
    if (operation.isReliable && !isExpected(packet, queuePair, isLast)) {
      discard(packet);
      return;
    }
    if (takesReceive && queuePairs.receives[queuePair] == 0) {
      if (operation.isReliable) {
        answer(Packets.NOT_READY, queuePair, packets.sequence[packet]);
      }
      discard(packet);
      return;
    }
    if (takesReceive && queuePairs.receives[queuePair] != QueuePairs.UNLIMITED) {
      queuePairs.receives[queuePair]--;
    }
    if (operation.isReliable) {
      queuePairs.expected[queuePair]++;
      queuePairs.isRefused[queuePair] = false;
      if (isLast) {
        answer(Packets.ACK, queuePair, packets.sequence[packet]);
      }
    }
    landLater(packet, index == 0 ? missesAt(message) : 0);
  }

  /** Whether the packet is the next one of its queue pair; if not, the sender is told. */
  private boolean isExpected(int packet, int queuePair, boolean isLast) {
    long sequence = packets.sequence[packet];
    long expected = queuePairs.expected[queuePair];
    if (sequence == expected) {
      return true;
    }
    if (sequence < expected) {
      fabric.adapters[packets.target[packet]].duplicates++;
      if (isLast) {
        answer(Packets.ACK, queuePair, sequence);
      }
    } else if (!queuePairs.isRefused[queuePair]) {
      queuePairs.isRefused[queuePair] = true;
      answer(Packets.NAK, queuePair, expected);
    }
    return false;
  }

  /** What the answering adapter must fetch before it can serve the message. */
  private long missesAt(int message) {
    Hca adapter = fabric.adapters[messages.target[message]];
    int number = queuePairs.atAdapter(messages.queuePair[message], messages.target[message]);
    int misses = adapter.queuePairs.misses(number) ? 1 : 0;
    misses += adapter.translations.misses(messages.translation[message]) ? 1 : 0;
    for (int miss = 0; miss < misses * shape.params().hca().contextReads(); miss++) {
      adapter.port.passRead(WireFormat.WORK_REQUEST_BYTES);
    }
    return misses * missPs;
  }

  private void receiveRead(int packet, int message, int queuePair) {
    boolean isNew = packets.sequence[packet] == queuePairs.expected[queuePair];
    if (!isNew
        && !isExpected(packet, queuePair, false)
        && packets.sequence[packet] > queuePairs.expected[queuePair]) {
      discard(packet);
      return;
    }
    if (isNew) {
      queuePairs.expected[queuePair] += messages.packets[message];
      queuePairs.isRefused[queuePair] = false;
    }
    fabric.mover.answer(message, missesAt(message));
    discard(packet);
  }

  private void receiveAnswer(int packet, int message, int queuePair) {
    int index = packets.index[packet];
    if (messages.isAcknowledged[message] || index != messages.arrivedPackets[message]) {
      if (index > messages.arrivedPackets[message] && !messages.isAcknowledged[message]) {
        fabric.recovery.answerLost(queuePair, messages.firstSequence[message]);
      } else {
        fabric.adapters[packets.target[packet]].duplicates++;
      }
      discard(packet);
      return;
    }
    messages.arrivedPackets[message]++;
    long nowPs = fabric.nowPs();
    long startPs = fabric
        .adapters[packets.target[packet]]
        .engine(queuePairs.connection(queuePair))
        .submit(nowPs, responseIntervalPs);
    landLater(packet, startPs - nowPs);
  }

  private void landLater(int packet, long delayPs) {
    if (delayPs == 0) {
      land(packet);
    } else {
      fabric.schedule(Fabric.EVENT_LAND, packet, fabric.nowPs() + delayPs);
    }
  }

  /** Writes a packet's payload to memory. */
  void land(int packet) {
    long nowPs = fabric.nowPs();
    int message = packets.message[packet];
    int payload = packets.payloadBytes[packet];
    Hca adapter = fabric.adapters[packets.target[packet]];
    long writtenPs = payload > 0 ? adapter.port.write(nowPs, payload) : nowPs;
    long landedPs =
        Math.max(messages.landedPs[message], Math.max(writtenPs, nowPs + shape.enginePs(payload)));
    messages.landedPs[message] = landedPs;
    messages.landedPackets[message]++;
    adapter.receivedBytes += payload;
    fabric.leave(packet, writtenPs);
    packets.release(packet);
    if (messages.landedPackets[message] < messages.packets[message]) {
      return;
    }
    Operation operation = messages.operation[message];
    if (operation == Operation.READ || operation.isNotified) {
      if (landedPs <= nowPs + SOON_PS) {
        enter(message);
      } else {
        fabric.schedule(Fabric.EVENT_ENTRY, message, landedPs);
      }
    } else {
      deliver(message, landedPs + writeLatencyPs);
    }
  }

  /** Writes the completion entry behind the data. */
  void enter(int message) {
    boolean isRead = messages.operation[message] == Operation.READ;
    int node = isRead ? messages.source[message] : messages.target[message];
    PciePort port = fabric.adapters[node].port;
    long readyPs = Math.max(fabric.nowPs(), messages.landedPs[message]);
    long visiblePs = port.write(readyPs, entryBytes) + writeLatencyPs;
    if (isRead) {
      messages.deliveredPs[message] = visiblePs;
      messages.isLanded[message] = true;
      fabric.recovery.completed(message, visiblePs);
      // What was acknowledged behind it can be complete now.
      int queuePair = messages.queuePair[message];
      fabric.recovery.acknowledged(queuePair, queuePairs.acknowledged[queuePair] - 1);
    } else {
      deliver(message, visiblePs);
    }
  }

  private void deliver(int message, long visiblePs) {
    messages.deliveredPs[message] = visiblePs;
    if (!messages.isAcknowledged[message]) {
      messages.completedPs[message] =
          fabric.nowPs() + fabric.idleAckPs(messages.source[message], messages.target[message]);
    }
    fabric.tell(messages.deliveryActor[message], fabric.nowPs(), messages.deliveryPayload[message]);
    messages.isLanded[message] = true;
    fabric.recovery.overIfDone(message);
  }

  private void answer(byte kind, int queuePair, long sequence) {
    int packet = fabric.packet(
        kind, 0, queuePair, queuePairs.sourceOf(queuePair), 0, WireFormat.ANSWER_BYTES);
    packets.sequence[packet] = sequence;
    fabric.inject(packet);
  }
}
