package org.legosim.kernel.fit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.failure.Outages;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.engine.Spin;
import org.legosim.timing.timeline.Timeline;

/**
 * The RPC layer of one node: its peers, reply slots, polling threads, and the timer of its callers.
 *
 * <p>Callers give up after a fixed time. One timer event is pending while calls are in flight; when it
 * fires it looks through the slots, so a call costs no event for its time-out.
 */
public final class FitNode implements Actor {
  /** Negative errno of a call that timed out. */
  public static final long ETIMEDOUT = -110;

  final FitNetwork network;
  final Server slotLock;
  final KernelLock sequentialLock;
  private final int number;
  private final int actorId;
  private final String name;
  private final PollThread[] pollThreads;
  private final RingAckThread ringAckThread;
  private final FitCounters counters = new FitCounters();
  private Peer[] peers = new Peer[0];
  private @Nullable RequestSink sink;

  // Reply slots, 1 to params.replySlots().
  private long freeSlots;
  private final @Nullable Rpc[] slotRpc;
  private final long[] slotDeadlinePs;
  private boolean timerPending;
  private boolean lacksContext;
  private long leakedSlots;
  private final int inFlightCounter;

  FitNode(FitNetwork network, int number, String name) {
    this.network = network;
    this.number = number;
    this.name = name;
    this.actorId = network.simulation.register(this);
    this.inFlightCounter =
        network.simulation.timeline().addCounter(name + ".RPCs in flight", Timeline.Counting.LEVEL);
    this.slotLock = new Server(name + " reply slots");
    this.sequentialLock = new KernelLock(name + " sequential calls");
    int slots = network.params.replySlots();
    this.freeSlots = slots == 63 ? ~1L : (1L << (slots + 1)) - 2;
    this.slotRpc = new Rpc[slots + 1];
    this.slotDeadlinePs = new long[slots + 1];
    this.pollThreads = new PollThread[network.params.pollThreads()];
    for (int i = 0; i < pollThreads.length; i++) {
      pollThreads[i] = new PollThread(this, name + ".FIT_RecvCQ-" + i);
    }
    this.ringAckThread = new RingAckThread(this, name + ".FIT_WQ_Handler");
  }

  void connect(int nodeCount, boolean hasContext) {
    lacksContext = !hasContext;
    List<Peer> made = new ArrayList<>();
    for (int peer = 0; peer < nodeCount; peer++) {
      made.add(new Peer(this, peer, network.params));
    }
    peers = made.toArray(new Peer[0]);
    for (PollThread thread : pollThreads) {
      thread.start();
    }
    ringAckThread.start();
  }

  /** Who takes this node's requests; a node without one must not be sent any. */
  public void serve(RequestSink requestSink) {
    sink = requestSink;
  }

  /** Longest message, this layer's header included. */
  public long messageBytesMax() {
    return network.params.messageBytesMax();
  }

  /**
   * Bytes of a request's message, this layer's header included.
   *
   * @throws ModelException when they do not fit into half of the ring
   */
  long messageBytes(ExecutionContext sender, Request request) {
    long bytes = request.requestBytes
        + (long) FitParams.HEADER_BYTES
        + network.checksum.requestBytes(request);
    if (bytes > messageBytesMax()) {
      throw new ModelException(sender.name() + " sends " + bytes + " bytes; a message may have "
          + messageBytesMax() + " (half of fit.ring)");
    }
    return bytes;
  }

  public int number() {
    return number;
  }

  @Override
  public String name() {
    return name;
  }

  /** What happens to the machine's nodes while programs run. */
  public Outages outages() {
    return network.outages();
  }

  /** The checksums of pages in messages. */
  public PageChecksum checksum() {
    return network.checksum;
  }

  public FitCounters counters() {
    return counters;
  }

  /** Somebody sends: follows the pointer to the connections' context. */
  @HotPath
  void requireContext(ExecutionContext sender) {
    if (lacksContext) {
      throw new InvariantViolation("BUG: unable to handle kernel NULL pointer dereference at"
          + " 0000000000000004: client_send_reply_with_rdma_write_with_imm, called by "
          + sender.name() + " at " + sender.nowPs() + " ps; " + name
          + " has booted without the context of its connections");
    }
  }

  @HotPath
  Peer peer(int node) {
    return peers[node];
  }

  RingAckThread ringAckThread() {
    return ringAckThread;
  }

  @HotPath
  RequestSink sink() {
    RequestSink requestSink = sink;
    if (requestSink == null) {
      throw new ModelException(name + " was sent a request, and nothing there serves any");
    }
    return requestSink;
  }

  /** The node that sent what travels at present. */
  @HotPath
  int senderOf(Rpc rpc) {
    return rpc.kind == Rpc.Kind.REPLY ? rpc.target : rpc.source;
  }

  /** Rings the doorbell of a message to node {@code to}, by {@code sender}, now. */
  @HotPath
  void transmit(ExecutionContext sender, Rpc rpc, int to) {
    Simulation simulation = network.simulation;
    long nowPs = simulation.nowPs();
    rpc.doorbellPs = nowPs;
    rpc.spinStartPs = nowPs;
    counters.sentBytes += rpc.bytes;
    LostMessages lost = network.lost;
    if (lost != null && lost.isCut(number, to, nowPs)) {
      lost.hold(sender, this, rpc, to);
    } else {
      transmitNow(sender.id(), rpc, to);
    }
  }

  /** The message leaves the adapter and will arrive. */
  @HotPath
  void transmitNow(int senderId, Rpc rpc, int to) {
    Simulation simulation = network.simulation;
    rpc.message =
        network.fabric.transmit(simulation.nowPs(), number, to, rpc.connection, rpc.bytes);
    PollThread receiver = network.node(to).pollThread(rpc.connection);
    network.fabric.announce(
        simulation, rpc.message, senderId, receiver.id(), PollThread.arrival(rpc.index));
  }

  @HotPath
  PollThread pollThread(int connection) {
    return pollThreads[connection % pollThreads.length];
  }

  /** A polling thread has begun to work on a completion at {@code workPs} and is done with it now. */
  @HotPath
  void stampDispatch(Rpc rpc, long workPs) {
    if (rpc.kind == Rpc.Kind.REPLY) {
      rpc.stampNetworkQueue(workPs);
    } else {
      rpc.stampMemoryQueue(workPs);
    }
    rpc.stampWire(network.simulation.nowPs());
  }

  /** Hands a received message on; false when nobody has room for it. */
  @HotPath
  boolean handOn(Rpc rpc, PollThread thread) {
    switch (rpc.kind) {
      case REQUEST, ONE_WAY -> {
        if (!sink().offer(rpc, thread)) {
          return false;
        }
        if (peer(rpc.source).consume(rpc)) {
          ringAckThread.acknowledge(thread, rpc.source, rpc.ringOffset + rpc.bytes);
        }
      }
      case REPLY -> storeReply(rpc, thread);
      case RING_ACK -> {
        ringAckThread.acknowledged(thread, rpc.source, rpc.ringOffset);
        network.release(rpc);
      }
    }
    counters.completions++;
    return true;
  }

  /** Writes a reply's length into the word that its caller spins on. */
  @HotPath
  private void storeReply(Rpc rpc, PollThread thread) {
    if (rpc.isAbandoned || rpc.caller == null) {
      counters.lateReplies++;
      lateReply(rpc, thread);
      return;
    }
    rpc.isReplied = true;
    wakeCaller(rpc, thread);
  }

  /** The caller has gone on: the slot is free now, and nothing else is written. */
  private void lateReply(Rpc rpc, PollThread thread) {
    if (!network.defects.reusesTimedOutWords()) {
      freeSlot(rpc);
    } else {
      // LEGOOS-BUG: F-22, the slot of a call that timed out is lost, and the word is another
      // call's.
      if (rpc.isEndedByAnother) {
        freeSlot(rpc);
      } else {
        slotRpc[rpc.slot] = null;
      }
      endCallOf(rpc.caller, thread);
    }
    network.release(rpc);
  }

  /** Whatever that caller waits for at present is taken for answered. */
  private void endCallOf(@Nullable ExecutionContext caller, PollThread thread) {
    for (Rpc rpc : slotRpc) {
      if (rpc != null && rpc.caller == caller && !rpc.isReplied && !rpc.isAbandoned) {
        Request request = rpc.request;
        handOver(rpc);
        request.content = request.bufferContent;
        request.status = 0;
        rpc.isEndedByAnother = true;
        wakeCaller(rpc, thread);
        return;
      }
    }
  }

  private void wakeCaller(Rpc rpc, PollThread thread) {
    ExecutionContext caller = rpc.caller;
    if (rpc.multicast != null) {
      rpc.multicast.answered(rpc, thread.id(), thread.nowPs());
    } else if (caller != null) {
      caller.wake(
          thread.id(), Spin.noticePs(rpc.spinStartPs, thread.nowPs(), network.pollPeriodPs));
    }
  }

  /** The memory node goes on with a copy of the request, since the caller uses its own again. */
  private static void handOver(Rpc rpc) {
    Request callers = rpc.request;
    rpc.request = callers.copy();
    callers.isAbandoned = true;
    rpc.isAbandoned = true;
  }

  /** Takes a reply slot for a call that waits until {@code deadlinePs}. */
  @HotPath
  void takeSlot(Rpc rpc, long deadlinePs) {
    if (freeSlots == 0) {
      throw new InvariantViolation(name + " has no free reply slot: " + network.params.replySlots()
          + " calls wait or have timed out (" + leakedSlots
          + " slots leaked); the real kernel stops here");
    }
    int slot = Long.numberOfTrailingZeros(freeSlots);
    freeSlots &= ~(1L << slot);
    rpc.slot = slot;
    slotRpc[slot] = rpc;
    slotDeadlinePs[slot] = deadlinePs;
    showInFlight();
    if (!timerPending) {
      timerPending = true;
      scheduleTimer(deadlinePs);
    }
  }

  @HotPath
  void freeSlot(Rpc rpc) {
    slotRpc[rpc.slot] = null;
    freeSlots |= 1L << rpc.slot;
    rpc.slot = Rpc.NO_SLOT;
    showInFlight();
  }

  private void showInFlight() {
    Simulation simulation = network.simulation;
    if (simulation.isShown()) {
      int inFlight = network.params.replySlots() - Long.bitCount(freeSlots);
      simulation.timeline().count(inFlightCounter, simulation.nowPs(), inFlight);
    }
  }

  /** The timer: abandons the calls whose time is over, and waits for the next one. */
  @Override
  public void onEvent(long payload) {
    long nowPs = network.simulation.nowPs();
    long nextPs = Long.MAX_VALUE;
    for (int slot = 1; slot < slotRpc.length; slot++) {
      Rpc rpc = slotRpc[slot];
      if (rpc == null || rpc.isAbandoned) {
        continue;
      }
      if (slotDeadlinePs[slot] <= nowPs && !rpc.isReplied) {
        abandon(rpc, nowPs);
      } else {
        nextPs = Math.min(nextPs, Math.max(slotDeadlinePs[slot], nowPs + 1));
      }
    }
    timerPending = nextPs != Long.MAX_VALUE;
    if (timerPending) {
      scheduleTimer(nextPs);
    }
  }

  /** The caller goes on with an error. The slot stays taken until the late reply has come. */
  private void abandon(Rpc rpc, long nowPs) {
    Request request = rpc.request;
    handOver(rpc);
    request.status = ETIMEDOUT;
    leakedSlots += network.defects.reusesTimedOutWords() ? 1 : 0;
    counters.timeouts++;
    ExecutionContext caller = rpc.caller;
    if (rpc.multicast != null) {
      rpc.multicast.answered(rpc, actorId, nowPs);
    } else if (caller != null) {
      caller.wake(actorId, nowPs);
    }
    if (rpc.isLost) {
      leak(rpc);
    }
  }

  /** A request of this node, or the reply to it, never arrives. */
  void lostCall(Rpc rpc) {
    if (rpc.isAbandoned) {
      leak(rpc);
    } else {
      rpc.isLost = true;
    }
  }

  /** Nothing will ever free the slot of a call that timed out. */
  private void leak(Rpc rpc) {
    slotRpc[rpc.slot] = null;
    if (!network.defects.reusesTimedOutWords() || rpc.isEndedByAnother) {
      leakedSlots++;
    }
    network.release(rpc);
  }

  private void scheduleTimer(long timePs) {
    network.simulation.schedule(actorId, actorId, Simulation.PRIORITY_NORMAL, timePs, 0);
  }

  public long leakedSlots() {
    return leakedSlots;
  }

  void verifyIdle() {
    for (int slot = 1; slot < slotRpc.length; slot++) {
      Rpc rpc = slotRpc[slot];
      if (rpc != null && !rpc.isAbandoned) {
        throw new InvariantViolation(name + ": reply slot " + slot + " is taken at the end");
      }
    }
    for (Peer peer : peers) {
      peer.verifyIdle(network.node(peer.number()).peer(number));
    }
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(Long.bitCount(freeSlots)).append(" reply slots free; waiting:");
    for (int slot = 1; slot < slotRpc.length; slot++) {
      Rpc rpc = slotRpc[slot];
      if (rpc != null && rpc.caller != null) {
        out.append(' ').append(rpc.caller.name()).append(' ').append(rpc.request.opcode);
      }
    }
  }

  @Override
  public boolean isQuiescent() {
    return Long.bitCount(freeSlots) + leakedSlots == network.params.replySlots();
  }
}
