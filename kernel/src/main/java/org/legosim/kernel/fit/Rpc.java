package org.legosim.kernel.fit;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;

/**
 * One message in flight, pooled: a request with its reply, a one-way send, or a ring acknowledgement.
 *
 * <p>Whoever moves it on gives the time since the previous stamp to one of the request's stage times,
 * so the stages add up to the whole by construction.
 */
public final class Rpc {
  /** What travels at present. */
  enum Kind {
    REQUEST("receive a request"),
    REPLY("receive a reply"),
    ONE_WAY("receive a one-way message"),
    RING_ACK("receive a ring acknowledgement");

    /** What a polling thread does about it, on a timeline. */
    final String completion;

    Kind(String completion) {
      this.completion = completion;
    }
  }

  /** Slot of a message that nobody waits for; the real bitmap reserves it. */
  static final int NO_SLOT = 0;

  final int index;
  Kind kind = Kind.REQUEST;
  int source;
  int target;
  int connection;
  int slot;

  /** Bytes of the message that travels at present. */
  long bytes;

  /** Bytes of ring that it took, with those that a wrap skipped. */
  long ringBytes;

  long ringOffset;

  /** Bytes ever reserved in that ring up to the end of this message. */
  long ringEnd;

  /** The network's handle of it, between doorbell and delivery. */
  int message;

  /** When the message that travels can be polled by its target. */
  long visiblePs;

  /** When the message that travels was handed to its sender's adapter. */
  long doorbellPs;

  /** Its sender polls for its completion. */
  boolean awaitsCompletion;

  /** Whom that completion wakes; nobody when the sender waits for the reply as well. */
  @Nullable
  ExecutionContext completionWaiter;

  /** When the caller begins to look at the slot's word. */
  long spinStartPs;

  /** Waits for the reply. */
  @Nullable
  ExecutionContext caller;

  /** The caller waits for several replies; null when for this one alone. */
  @Nullable
  MulticastPath multicast;

  boolean isReplied;

  /** The caller gave up: the reply will find nobody. */
  boolean isAbandoned;

  /** The request or its reply never arrived: the caller will find out by its time-out. */
  boolean isLost;

  /** The caller took a late reply to another call for this one's. */
  boolean isEndedByAnother;

  /** The arrow on a timeline from the post to the handling and back; 0 when nobody watches. */
  long arrow;

  Request request;
  private long stampPs;

  Rpc(int index, Request blank) {
    this.index = index;
    this.request = blank;
  }

  public Request request() {
    return request;
  }

  public int sourceNode() {
    return source;
  }

  public int targetNode() {
    return target;
  }

  /** Number of the message's arrow on a timeline, or 0. */
  public long arrow() {
    return arrow;
  }

  /** False for a one-way send. */
  public boolean wantsReply() {
    return slot != NO_SLOT;
  }

  void begin(Request newRequest, long nowPs) {
    request = newRequest;
    stampPs = nowPs;
    isReplied = false;
    isAbandoned = false;
    isLost = false;
    isEndedByAnother = false;
    completionWaiter = null;
    caller = null;
    multicast = null;
    slot = NO_SLOT;
    arrow = 0;
  }

  public void stampNetworkQueue(long untilPs) {
    request.networkQueuePs += untilPs - stampPs;
    stampPs = untilPs;
  }

  public void stampWire(long untilPs) {
    request.wirePs += untilPs - stampPs;
    stampPs = untilPs;
  }

  public void stampMemoryQueue(long untilPs) {
    request.memoryQueuePs += untilPs - stampPs;
    stampPs = untilPs;
  }

  public void stampMemoryService(long untilPs) {
    request.memoryServicePs += untilPs - stampPs;
    stampPs = untilPs;
  }

  public void stampStorage(long untilPs) {
    request.storagePs += untilPs - stampPs;
    stampPs = untilPs;
  }

  /**
   * The time since the last stamp was a call to a storage node: its way there and back is the network's,
   * the rest storage's.
   */
  public void stampForwarded(Request forwarded, long untilPs) {
    long spentPs = untilPs - stampPs;
    long queuePs = Math.min(spentPs, forwarded.networkQueuePs);
    long onWirePs = Math.min(spentPs - queuePs, forwarded.wirePs);
    request.networkQueuePs += queuePs;
    request.wirePs += onWirePs;
    request.storagePs += spentPs - queuePs - onWirePs;
    stampPs = untilPs;
  }

  /** Gives {@code partPs} of the time after the last stamp to the network's queues. */
  void partNetworkQueue(long partPs) {
    stampNetworkQueue(stampPs + partPs);
  }
}
