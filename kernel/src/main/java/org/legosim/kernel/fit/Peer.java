package org.legosim.kernel.fit;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Server;

/**
 * What one node keeps about another: the connections between them, the writing end of the ring that
 * the other receives into, and the reading end of the ring that it receives into from the other.
 *
 * <p>A lock that is held for a fixed time and never across a wait is a {@link Server}: whoever asks
 * learns at once when it will have it.
 */
final class Peer {
  private final FitNode owner;
  private final int number;
  private final FitParams params;
  final Server ringLock;
  private final int[] receivedSinceRefill;
  private long nextConnection;
  private int sendsSinceCompletion;

  // Writing end.
  private long writeOffset;
  private long acknowledgedOffset;
  private long reservedBytes;
  private final List<ExecutionContext> blocked = new ArrayList<>();
  private long flowControlWaits;

  // Reading end.
  private long consumedBytes;
  private long consumedSinceAck;

  Peer(FitNode owner, int number, FitParams params) {
    this.owner = owner;
    this.number = number;
    this.params = params;
    this.ringLock = new Server(owner.name() + " ring to node " + number);
    this.receivedSinceRefill = new int[params.queuePairs()];
  }

  int number() {
    return number;
  }

  /** The connection of the next message: each in turn. */
  @HotPath
  int takeConnection() {
    return (int) (nextConnection++ % params.queuePairs());
  }

  /** True when this send's completion is to be awaited. */
  @HotPath
  boolean awaitsCompletion() {
    if (params.completions() == FitParams.CompletionMode.EACH) {
      return true;
    }
    if (++sendsSinceCompletion < FitParams.COMPLETION_BATCH) {
      return false;
    }
    sendsSinceCompletion = 0;
    return true;
  }

  /** Reserves room for a message at {@code rpc.ringOffset}; at the end of the ring it starts over. */
  @HotPath
  void reserve(Rpc rpc) {
    long skipped = 0;
    if (writeOffset + rpc.bytes >= params.ringBytes()) {
      skipped = params.ringBytes() - writeOffset;
      writeOffset = 0;
    }
    rpc.ringOffset = writeOffset;
    rpc.ringBytes = skipped + rpc.bytes;
    writeOffset += rpc.bytes;
    reservedBytes += rpc.ringBytes;
    rpc.ringEnd = reservedBytes;
  }

  /** Flow control: the reserved room crosses what the reader has not released yet. */
  @HotPath
  boolean isBlocked(Rpc rpc) {
    return rpc.ringOffset < acknowledgedOffset && acknowledgedOffset < rpc.ringOffset + rpc.bytes;
  }

  void block(ExecutionContext context) {
    flowControlWaits++;
    blocked.add(context);
  }

  /** The reader released everything before {@code offset}. */
  @HotPath
  void acknowledged(ExecutionContext by, long offset) {
    acknowledgedOffset = offset;
    for (int i = 0; i < blocked.size(); i++) { // no iterator: once per filled part of a ring
      blocked.get(i).wake(by.id(), by.nowPs());
    }
    blocked.clear();
  }

  /** Checks, when a message is written, that it overwrites nothing unread. */
  @HotPath
  void verifyRoom(Rpc rpc, Peer reader) {
    if (rpc.ringEnd - reader.consumedBytes > params.ringBytes()) {
      throw new InvariantViolation(
          owner.name() + " overran its ring at node " + number + ": " + rpc.ringEnd
              + " bytes written, " + reader.consumedBytes + " read, " + params.ringBytes()
              + " in the ring");
    }
  }

  /** The reader took a message out; true when the writer is to be told how far it is. */
  @HotPath
  boolean consume(Rpc rpc) {
    consumedBytes += rpc.ringBytes;
    consumedSinceAck += rpc.ringBytes;
    if (consumedSinceAck < params.ringAckBytes()) {
      return false;
    }
    consumedSinceAck = 0;
    return true;
  }

  /** A message to this reader never arrived: its room is skipped. */
  void lose(Rpc rpc) {
    consumedBytes += rpc.ringBytes;
  }

  /** Counts a receive of a connection; true when a batch of receives is to be posted again. */
  @HotPath
  boolean countReceive(int connection) {
    if (++receivedSinceRefill[connection] < params.receiveRefill()) {
      return false;
    }
    receivedSinceRefill[connection] = 0;
    return true;
  }

  void verifyIdle(Peer reader) {
    if (reservedBytes != reader.consumedBytes || !blocked.isEmpty()) {
      throw new InvariantViolation(
          owner.name() + " wrote " + reservedBytes + " bytes into its ring at node " + number
              + ", which read " + reader.consumedBytes + "; " + blocked.size() + " writers wait");
    }
  }

  long flowControlWaits() {
    return flowControlWaits;
  }
}
