package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Server;

/**
 * The sending half of adapters: from doorbell to packets, for requests and for the answers to reads.
 * Requests of one queue pair hand their packets to the link in order; their reads of host memory
 * overlap. A packet is sent once it was read whole.
 */
@HotPath
final class DataMover {
  private static final int[] START = {Fabric.EVENT_START, Fabric.EVENT_ANSWER_START};
  private static final int[] DATA = {Fabric.EVENT_DATA, Fabric.EVENT_ANSWER_DATA};

  private final Fabric fabric;
  private final FabricShape shape;
  private final FabricMessages messages;
  private final QueuePairs queuePairs;
  private final int mtuBytes;
  private final long intervalPs;
  private final long processPs;
  private final long missPs;

  DataMover(Fabric fabric) {
    this.fabric = fabric;
    shape = fabric.shape;
    messages = fabric.messages;
    queuePairs = fabric.queuePairs;
    mtuBytes = shape.mtuBytes();
    intervalPs = shape.messageIntervalPs();
    processPs = shape.params().hca().processPs().value();
    missPs = shape.contextMissPs();
  }

  void post(int message, int queuePair) {
    Operation operation = messages.operation[message];
    long bytes = messages.bytes[message];
    int packets = WireFormat.packets(bytes, mtuBytes);
    messages.queuePair[message] = queuePair;
    messages.packets[message] = packets;
    messages.isInline[message] = shape.isInline(operation, bytes);
    messages.firstSequence[message] = queuePairs.nextSequence[queuePair];
    messages.landedPackets[message] = 0;
    messages.arrivedPackets[message] = 0;
    messages.landedPs[message] = 0;
    messages.state[FabricMessages.RESPONDER][message] = FabricMessages.SENT;
    queuePairs.nextSequence[queuePair] += operation.isReliable ? packets : 0;
    append(message, FabricMessages.REQUESTER);
    Hca adapter = fabric.adapters[messages.source[message]];
    adapter.sentMessages++;
    adapter.sentBytes += operation == Operation.READ ? 0 : bytes;
    if (shape.isPushed(operation, bytes)) {
      adapter.port.registerWrite(
          WireFormat.inlineChunks(operation, bytes), WireFormat.WORK_REQUEST_BYTES);
    } else {
      adapter.port.registerWrite(1, WireFormat.DOORBELL_BYTES);
    }
    fabric.schedule(
        Fabric.EVENT_DOORBELL, message, fabric.nowPs() + shape.doorbellPs(operation, bytes));
  }

  /** Puts a request behind those of its queue pair. */
  private void append(int message, int side) {
    int queuePair = messages.queuePair[message];
    messages.state[side][message] = FabricMessages.WAITING;
    messages.nextPacket[side][message] = 0;
    messages.next[side][message] = FabricMessages.NONE;
    if (queuePairs.first[side][queuePair] == FabricMessages.NONE) {
      queuePairs.first[side][queuePair] = message;
    } else {
      messages.next[side][queuePairs.last[side][queuePair]] = message;
    }
    queuePairs.last[side][queuePair] = message;
    if (queuePairs.cursor[side][queuePair] == FabricMessages.NONE) {
      queuePairs.cursor[side][queuePair] = message;
    }
  }

  void doorbell(int message) {
    if (shape.isPushed(messages.operation[message], messages.bytes[message])) {
      begin(message, FabricMessages.REQUESTER, fabric.nowPs());
      return;
    }
    PciePort port = fabric.adapters[messages.source[message]].port;
    fabric.schedule(
        Fabric.EVENT_REQUEST, message, port.request(fabric.nowPs(), WireFormat.WORK_REQUEST_BYTES));
  }

  void requestFetched(int message) {
    PciePort port = fabric.adapters[messages.source[message]].port;
    long atPs = port.answer(fabric.nowPs(), WireFormat.WORK_REQUEST_BYTES);
    begin(message, FabricMessages.REQUESTER, atPs);
  }

  /** A read request has arrived and been processed: its answer begins. */
  void answer(int message, long delayPs) {
    if (messages.state[FabricMessages.RESPONDER][message] == FabricMessages.SENT
        && !isListed(message)) {
      append(message, FabricMessages.RESPONDER);
      Server engine = engine(message, FabricMessages.RESPONDER);
      long startPs = engine.submit(fabric.nowPs(), intervalPs + streamPs(message));
      fabric.schedule(Fabric.EVENT_ANSWER_START, message, startPs + delayPs);
    }
  }

  private boolean isListed(int message) {
    int side = FabricMessages.RESPONDER;
    int at = queuePairs.first[side][messages.queuePair[message]];
    while (at != FabricMessages.NONE && at != message) {
      at = messages.next[side][at];
    }
    return at == message;
  }

  /** An engine takes up the request, which the adapter has at {@code readyPs}. */
  private void begin(int message, int side, long readyPs) {
    Hca adapter = fabric.adapters[messages.source[message]];
    int queuePair = messages.queuePair[message];
    boolean readsHere = readsHere(message, side);
    long startPs = engine(message, side)
        .submit(readyPs, readsHere ? intervalPs + streamPs(message) : intervalPs);
    boolean misses =
        adapter.queuePairs.misses(queuePairs.atAdapter(queuePair, messages.source[message]));
    fabric.schedule(START[side], message, startPs + processPs + (misses ? missPs : 0));
  }

  private Server engine(int message, int side) {
    int node =
        side == FabricMessages.REQUESTER ? messages.source[message] : messages.target[message];
    return fabric.adapters[node].engine(queuePairs.connection(messages.queuePair[message]));
  }

  private long streamPs(int message) {
    return shape.slot().readPs(messages.bytes[message]);
  }

  /** Whether the adapter of this side reads the payload from memory. */
  private boolean readsHere(int message, int side) {
    boolean isAnswer = side == FabricMessages.RESPONDER;
    return isAnswer == (messages.operation[message] == Operation.READ)
        && messages.bytes[message] > 0
        && !messages.isInline[message];
  }

  void start(int message, int side) {
    if (hasEnded(message, side)) {
      return;
    }
    if (!readsHere(message, side)) {
      data(message, side);
      return;
    }
    int index = messages.nextPacket[side][message];
    int payload = WireFormat.payload(messages.bytes[message], mtuBytes, index);
    fabric.schedule(DATA[side], message, port(message, side).request(fabric.nowPs(), payload));
  }

  private PciePort port(int message, int side) {
    int node =
        side == FabricMessages.REQUESTER ? messages.source[message] : messages.target[message];
    return fabric.adapters[node].port;
  }

  /** The next packet's data are at the root complex, or the request carries them. */
  void data(int message, int side) {
    if (hasEnded(message, side)) {
      return;
    }
    if (queuePairs.cursor[side][messages.queuePair[message]] != message) {
      messages.state[side][message] = FabricMessages.PARKED;
    } else if (readsHere(message, side)) {
      readPacket(message, side);
    } else {
      sendPacket(message, side, fabric.nowPs());
      pass(message, side, fabric.nowPs());
    }
  }

  private boolean hasEnded(int message, int side) {
    if (messages.state[side][message] != FabricMessages.ENDED) {
      return false;
    }
    fabric.recovery.eventOfEnded(message, side);
    return true;
  }

  private void readPacket(int message, int side) {
    long nowPs = fabric.nowPs();
    PciePort port = port(message, side);
    int index = messages.nextPacket[side][message];
    long bytes = messages.bytes[message];
    int payload = WireFormat.payload(bytes, mtuBytes, index);
    long endPs = port.answer(nowPs, payload);
    sendPacket(message, side, Math.max(endPs, nowPs + shape.enginePs(payload)));
    if (index + 1 < messages.packets[message]) {
      port.requestAhead(WireFormat.payload(bytes, mtuBytes, index + 1));
      fabric.schedule(DATA[side], message, endPs);
    } else {
      pass(message, side, endPs);
    }
  }

  /** The next packet goes to the link, at {@code atPs} but in the queue pair's order. */
  private void sendPacket(int message, int side, long atPs) {
    int queuePair = messages.queuePair[message];
    boolean isAnswer = side == FabricMessages.RESPONDER;
    Operation operation = messages.operation[message];
    int index = messages.nextPacket[side][message]++;
    int packet;
    if (!isAnswer && operation == Operation.READ) {
      packet = fabric.packet(
          Packets.READ_REQUEST,
          message,
          queuePair,
          messages.target[message],
          0,
          WireFormat.REQUEST_BYTES);
    } else {
      packet = fabric.packet(
          isAnswer ? Packets.RESPONSE : Packets.DATA,
          message,
          queuePair,
          isAnswer ? messages.source[message] : messages.target[message],
          WireFormat.payload(messages.bytes[message], mtuBytes, index),
          WireFormat.headers(operation, messages.packets[message], index));
    }
    fabric.packets.index[packet] = index;
    fabric.packets.sequence[packet] = messages.firstSequence[message] + index;
    long sendPs = Math.max(atPs, queuePairs.lastPacketPs[side][queuePair]);
    queuePairs.lastPacketPs[side][queuePair] = sendPs;
    if (sendPs == fabric.nowPs()) {
      fabric.inject(packet);
    } else {
      fabric.schedule(Fabric.EVENT_INJECT, packet, sendPs);
    }
  }

  /** All packets are on their way: the next request of the queue pair may move its data. */
  private void pass(int message, int side, long atPs) {
    int queuePair = messages.queuePair[message];
    messages.state[side][message] = FabricMessages.SENT;
    turnTo(firstUnsent(messages.next[side][message], side), queuePair, side, atPs);
    if (side == FabricMessages.RESPONDER) {
      leaveAnswers(queuePair);
    } else if (messages.operation[message].isReliable) {
      fabric.recovery.sent(queuePair);
    } else {
      messages.isAcknowledged[message] = true;
      fabric.recovery.advance(queuePair);
    }
  }

  private void turnTo(int message, int queuePair, int side, long atPs) {
    queuePairs.cursor[side][queuePair] = message;
    if (message != FabricMessages.NONE && messages.state[side][message] == FabricMessages.PARKED) {
      messages.state[side][message] = FabricMessages.WAITING;
      fabric.schedule(DATA[side], message, atPs);
    }
  }

  /** The first of a queue pair's requests, from {@code message} on, that has not moved its data. */
  private int firstUnsent(int message, int side) {
    int at = message;
    while (at != FabricMessages.NONE && messages.state[side][at] == FabricMessages.SENT) {
      at = messages.next[side][at];
    }
    return at;
  }

  /** An answer that was sent needs no place any more; if it is lost, it is asked for again. */
  private void leaveAnswers(int queuePair) {
    int side = FabricMessages.RESPONDER;
    queuePairs.first[side][queuePair] = firstUnsent(queuePairs.first[side][queuePair], side);
  }

  /** A read that is complete needs no second answer: one that waits for its turn gives it up. */
  void forgetAnswer(int message) {
    int side = FabricMessages.RESPONDER;
    int queuePair = messages.queuePair[message];
    if (messages.operation[message] != Operation.READ || !isListed(message)) {
      return;
    }
    int before = queuePairs.first[side][queuePair];
    int after = messages.next[side][message];
    if (before == message) {
      queuePairs.first[side][queuePair] = after;
    } else {
      while (messages.next[side][before] != message) {
        before = messages.next[side][before];
      }
      messages.next[side][before] = after;
      if (queuePairs.last[side][queuePair] == message) {
        queuePairs.last[side][queuePair] = before;
      }
    }
    if (queuePairs.cursor[side][queuePair] == message) {
      turnTo(firstUnsent(after, side), queuePair, side, fabric.nowPs());
    }
  }

  /** Sends a request again from packet {@code index} on. */
  void again(int message, int index) {
    int side = FabricMessages.REQUESTER;
    if (messages.isAcknowledged[message]) {
      return;
    }
    messages.nextPacket[side][message] = index;
    if (messages.operation[message] == Operation.READ) {
      messages.arrivedPackets[message] = 0;
      messages.landedPackets[message] = 0;
    }
    if (messages.state[side][message] == FabricMessages.SENT) {
      messages.state[side][message] = FabricMessages.PARKED;
    }
  }

  /** Lets the first request from {@code message} on that has something to send begin. */
  void resume(int message, int queuePair) {
    int side = FabricMessages.REQUESTER;
    int at = firstUnsent(message, side);
    queuePairs.cursor[side][queuePair] = at;
    if (at != FabricMessages.NONE && messages.state[side][at] == FabricMessages.PARKED) {
      messages.state[side][at] = FabricMessages.WAITING;
      fabric.schedule(Fabric.EVENT_START, at, fabric.nowPs() + processPs);
    }
  }
}
