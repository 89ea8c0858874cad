package org.legosim.hardware.fabric;

import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.HotPath;

/**
 * The requesting end of a reliable connection: acknowledgements, and sending again from the first
 * packet that did not arrive (go-back-N). Timers run only where something can be lost.
 */
@HotPath
final class Recovery {
  private static final int FOR_EVER = 7;

  private final Fabric fabric;
  private final FabricMessages messages;
  private final QueuePairs queuePairs;
  private final TransportParams params;
  private final boolean hasTimers;
  private final long timeoutPs;

  Recovery(Fabric fabric, boolean hasTimers) {
    this.fabric = fabric;
    this.hasTimers = hasTimers;
    messages = fabric.messages;
    queuePairs = fabric.queuePairs;
    params = fabric.shape.params().transport();
    timeoutPs = params.timeoutPs();
    if (hasTimers) {
      fabric.simulation.mayWait(timeoutPs * (params.retries() + 1L), "network.rc.timeout");
    }
  }

  /** A request's packets were handed to the link. */
  void sent(int queuePair) {
    if (hasTimers && !queuePairs.timerPending[queuePair]) {
      arm(queuePair);
    }
  }

  private void arm(int queuePair) {
    queuePairs.timerPending[queuePair] = true;
    queuePairs.timerMark[queuePair] = queuePairs.acknowledged[queuePair];
    fabric.schedule(Fabric.EVENT_TIMER, queuePair, fabric.nowPs() + timeoutPs);
  }

  /** The timer of a queue pair: without progress since it was armed, packets are sent again. */
  void timer(int queuePair) {
    queuePairs.timerPending[queuePair] = false;
    int head = queuePairs.first[FabricMessages.REQUESTER][queuePair];
    if (head == FabricMessages.NONE) {
      return;
    }
    boolean isMoving = messages.state[FabricMessages.REQUESTER][head] != FabricMessages.SENT;
    if (queuePairs.acknowledged[queuePair] == queuePairs.timerMark[queuePair]
        && !isMoving
        && !queuePairs.awaitsReceiver[queuePair]) {
      goBack(queuePair, firstMissing(queuePair, head));
    }
    arm(queuePair);
  }

  private long firstMissing(int queuePair, int head) {
    // A read whose answer is missing may have acknowledged requests behind it.
    return messages.operation[head] == Operation.READ
        ? messages.firstSequence[head]
        : Math.max(messages.firstSequence[head], queuePairs.acknowledged[queuePair]);
  }

  /** Everything up to {@code sequence} has arrived. */
  void acknowledged(int queuePair, long sequence) {
    progress(queuePair, sequence);
    int at = queuePairs.first[FabricMessages.REQUESTER][queuePair];
    while (at != FabricMessages.NONE && lastSequence(at) <= sequence) {
      if (messages.operation[at] == Operation.READ && !messages.isAcknowledged[at]) {
        break;
      }
      if (!messages.isAcknowledged[at]) {
        Hca adapter = fabric.adapters[messages.source[at]];
        long entryPs = adapter.port.write(fabric.nowPs(), fabric.shape.completionEntryBytes());
        completed(at, entryPs + fabric.shape.slot().writeLatencyPs());
      }
      at = messages.next[FabricMessages.REQUESTER][at];
    }
    advance(queuePair);
  }

  private void progress(int queuePair, long sequence) {
    if (sequence + 1 > queuePairs.acknowledged[queuePair]) {
      queuePairs.acknowledged[queuePair] = sequence + 1;
      queuePairs.retries[queuePair] = 0;
      queuePairs.receiverRetries[queuePair] = 0;
    }
  }

  private long lastSequence(int message) {
    boolean isNumbered = messages.operation[message].isReliable;
    return messages.firstSequence[message] + (isNumbered ? messages.packets[message] : 0) - 1;
  }

  /** The sender's entry is written, and its CPU sees it at {@code visiblePs}. */
  void completed(int message, long visiblePs) {
    messages.isAcknowledged[message] = true;
    if (messages.state[FabricMessages.REQUESTER][message] == FabricMessages.PARKED) {
      messages.state[FabricMessages.REQUESTER][message] = FabricMessages.SENT;
    }
    messages.completedPs[message] = visiblePs;
    fabric.tell(messages.completionActor[message], visiblePs, messages.completionPayload[message]);
  }

  /** Takes complete requests off the front of a queue pair. */
  void advance(int queuePair) {
    int side = FabricMessages.REQUESTER;
    int head = queuePairs.first[side][queuePair];
    while (head != FabricMessages.NONE && messages.isAcknowledged[head]) {
      int next = messages.next[side][head];
      queuePairs.first[side][queuePair] = next;
      progress(queuePair, lastSequence(head));
      if (queuePairs.cursor[side][queuePair] == head) {
        // It was being sent again, and is complete after all.
        fabric.mover.resume(next, queuePair);
      }
      end(head);
      head = next;
    }
  }

  private void end(int message) {
    messages.isListed[message] = false;
    for (int side = 0; side < 2; side++) {
      if (messages.state[side][message] == FabricMessages.WAITING) {
        messages.state[side][message] = FabricMessages.ENDED;
      }
    }
    fabric.mover.forgetAnswer(message);
    overIfDone(message);
  }

  /** The event that an ended request still had pending has come. */
  void eventOfEnded(int message, int side) {
    messages.state[side][message] = FabricMessages.SENT;
    overIfDone(message);
  }

  /** Ends a message that is complete, landed, and has no event pending. */
  void overIfDone(int message) {
    boolean isPending = messages.state[0][message] == FabricMessages.ENDED
        || messages.state[1][message] == FabricMessages.ENDED;
    if (!isPending
        && !messages.isListed[message]
        && messages.isLanded[message]
        && !messages.isOver[message]) {
      messages.isOver[message] = true;
      messages.releaseIfDone(message);
    }
  }

  /** The receiver misses {@code sequence} and has packets behind it. */
  void refused(int queuePair, long sequence) {
    if (sequence > 0) {
      acknowledged(queuePair, sequence - 1);
    }
    goBack(queuePair, sequence);
  }

  /** Part of a read's answer was lost: it is asked for again. */
  void answerLost(int queuePair, long sequence) {
    int message = find(queuePair, sequence);
    if (message != FabricMessages.NONE
        && messages.state[FabricMessages.REQUESTER][message] == FabricMessages.SENT) {
      goBack(queuePair, sequence);
    }
  }

  /** The receiver had no receive for the message that begins at {@code sequence}. */
  void notReady(int queuePair, long sequence) {
    if (sequence > 0) {
      acknowledged(queuePair, sequence - 1);
    }
    if (queuePairs.awaitsReceiver[queuePair]) {
      return;
    }
    if (params.receiverRetries() != FOR_EVER
        && ++queuePairs.receiverRetries[queuePair] > params.receiverRetries()) {
      throw failed(queuePair, params.receiverRetries() + " attempts found no posted receive");
    }
    queuePairs.awaitsReceiver[queuePair] = true;
    fabric.schedule(
        Fabric.EVENT_RETRY, queuePair, fabric.nowPs() + params.receiverTimerPs().value());
  }

  /** The time that a receiver without receives was given is over. */
  void retry(int queuePair) {
    queuePairs.awaitsReceiver[queuePair] = false;
    int head = queuePairs.first[FabricMessages.REQUESTER][queuePair];
    if (head != FabricMessages.NONE) {
      queuePairs.retries[queuePair] = 0;
      goBack(queuePair, firstMissing(queuePair, head));
    }
  }

  private int find(int queuePair, long sequence) {
    int at = queuePairs.first[FabricMessages.REQUESTER][queuePair];
    while (at != FabricMessages.NONE && lastSequence(at) < sequence) {
      at = messages.next[FabricMessages.REQUESTER][at];
    }
    return at;
  }

  private void goBack(int queuePair, long sequence) {
    int message = find(queuePair, sequence);
    if (message == FabricMessages.NONE || messages.firstSequence[message] > sequence) {
      return;
    }
    if (++queuePairs.retries[queuePair] > params.retries()) {
      throw failed(queuePair, params.retries() + " attempts brought no acknowledgement");
    }
    fabric.adapters[messages.source[message]].retransmissions++;
    boolean isRead = messages.operation[message] == Operation.READ;
    fabric.mover.again(message, isRead ? 0 : (int) (sequence - messages.firstSequence[message]));
    for (int at = messages.next[FabricMessages.REQUESTER][message];
        at != FabricMessages.NONE;
        at = messages.next[FabricMessages.REQUESTER][at]) {
      fabric.mover.again(at, 0);
    }
    // One before it may have something to send again as well.
    fabric.mover.resume(queuePairs.first[FabricMessages.REQUESTER][queuePair], queuePair);
  }

  private InvariantViolation failed(int queuePair, String why) {
    return new InvariantViolation("connection " + queuePairs.connection(queuePair) + " from node "
        + queuePairs.sourceOf(queuePair) + " to node " + queuePairs.targetOf(queuePair)
        + " failed: " + why + "; the RPC layer has no way to connect again. network.rc.timeout,"
        + " network.rc.retries and network.rc.receiverRetries say how long it tries");
  }
}
