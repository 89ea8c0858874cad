package org.legosim.kernel.fit;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.smp.InterruptMask;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.TimelineTrack;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Sends a context's request and waits, spinning, for the reply: ring room, reply slot, doorbell, the
 * send's completion, the slot's word. When it is done the request carries the status and the stage
 * times, which add up to {@link Request#totalPs}.
 *
 * <p>Each context has its own instance, since a context has one call in flight at most.
 */
public final class SendReplyPath extends KernelPath {
  private static final int START = 0;
  private static final int MARSHAL = 1;
  private static final int RESERVE = 2;
  private static final int RESERVED = 3;
  private static final int ROOM = 4;
  private static final int DOORBELL = 5;
  private static final int REPLIED = 6;
  private static final int RETURN = 7;

  private final FitNode node;
  private final FitNetwork network;
  private final ExecutionContext context;
  private final InterruptMask interrupts;
  private final Request request;
  private final Profile.Counter point;
  private Rpc rpc;

  public SendReplyPath(FitNode node, ExecutionContext context, Request request) {
    super("send and wait for the reply");
    this.node = node;
    this.network = node.network;
    this.context = context;
    this.interrupts = context instanceof InterruptMask mask ? mask : InterruptMask.NEVER;
    this.request = request;
    this.rpc = new Rpc(-1, request);
    this.point = context.simulation().profile().counter(node.name(), ProfilePoint.IBAPI_SEND_REPLY);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case START -> "take the sequential lock";
      case MARSHAL -> "build the message";
      case RESERVE, RESERVED -> "reserve ring room";
      case ROOM -> "wait for ring room";
      case DOORBELL -> "post";
      case REPLIED ->
        "wait for the reply to " + request.opcode + " from node " + request.targetNode;
      default -> "return";
    };
  }

  @Override
  @HotPath
  @SuppressWarnings("fallthrough")
  public int resume(Frame frame) {
    switch (frame.step) {
      case START:
        begin();
        frame.step = MARSHAL;
        if (network.params.isSequential() && !node.sequentialLock.acquire(context)) {
          return WAIT;
        }
      // fall through
      case MARSHAL:
        rpc.stampNetworkQueue(context.nowPs());
        frame.step = RESERVE;
        if (!payMarshalling()) {
          return WAIT;
        }
      // fall through
      case RESERVE:
        rpc.stampWire(context.nowPs());
        frame.step = RESERVED;
        if (!context.advance(lock(node.peer(rpc.target).ringLock, network.reserve.charge()))) {
          return WAIT;
        }
      // fall through
      case RESERVED:
        rpc.stampWire(context.nowPs());
        node.peer(rpc.target).reserve(rpc);
        frame.step = ROOM;
      // fall through
      case ROOM:
        if (node.peer(rpc.target).isBlocked(rpc)) {
          node.peer(rpc.target).block(context);
          context.beginWait("ring room at node " + rpc.target);
          return WAIT;
        }
        rpc.stampNetworkQueue(context.nowPs());
        frame.step = DOORBELL;
        if (!context.advance(post())) {
          return WAIT;
        }
      // fall through
      case DOORBELL:
        rpc.stampWire(context.nowPs());
        frame.step = REPLIED;
        ring();
        return WAIT;
      case REPLIED:
        frame.step = RETURN;
        if (!takeReply()) {
          return WAIT;
        }
      // fall through
      case RETURN:
        end();
        return DONE;
      default:
        throw new IllegalStateException("step " + frame.step);
    }
  }

  private void begin() {
    node.requireContext(context);
    long bytes = node.messageBytes(context, request);
    request.sourceNode = node.number();
    request.startPs = context.nowPs();
    rpc = network.take(request);
    rpc.kind = Rpc.Kind.REQUEST;
    rpc.source = node.number();
    rpc.target = request.targetNode;
    rpc.bytes = bytes;
  }

  private boolean payMarshalling() {
    network.checksum.sign(request);
    long ps = network.checksum.requestPs(request);
    if (request.isMarshalled) {
      ps += network.allocate.charge() + network.copy.chargeBytes(rpc.bytes);
    }
    return ps == 0 || context.advance(ps);
  }

  /** Time until a lock with a fixed hold time is held and released again. */
  private long lock(Server server, long holdPs) {
    long nowPs = context.nowPs();
    long waitPs = server.submit(nowPs, holdPs) - nowPs;
    rpc.partNetworkQueue(waitPs);
    return waitPs + holdPs;
  }

  /** A reply slot, then the work request, which the adapter's driver posts with interrupts off. */
  private long post() {
    long slotPs = lock(node.slotLock, network.slot.charge());
    long postPs = network.post.charge();
    interrupts.irqsOff(IrqsOff.IRQ_SAFE_LOCK, slotPs, postPs, 1);
    return slotPs + postPs;
  }

  private void ring() {
    Peer peer = node.peer(rpc.target);
    rpc.connection = peer.takeConnection();
    rpc.awaitsCompletion = peer.awaitsCompletion();
    rpc.caller = context;
    TimelineTrack track = context.track();
    rpc.arrow = track == null ? 0 : track.beginArrow();
    long timeoutPs = network.params.timeoutPs();
    node.takeSlot(
        rpc, context.nowPs() + (request.opcode == Opcode.EXECVE ? 2 * timeoutPs : timeoutPs));
    peer.verifyRoom(rpc, network.node(rpc.target).peer(node.number()));
    node.counters().sendReplies++;
    context.beginWait("a reply");
    node.transmit(context, rpc, rpc.target);
  }

  /** The word was written, or time is up; false while the message buffer is being freed, or read. */
  private boolean takeReply() {
    long ps = request.isMarshalled ? network.allocate.charge() : 0;
    if (!request.isAbandoned) {
      ps += network.checksum.replyPs(request);
      rpc.stampWire(context.nowPs());
      node.freeSlot(rpc);
      endArrow();
    }
    return ps == 0 || context.advance(ps);
  }

  private void endArrow() {
    TimelineTrack track = context.track();
    if (track != null) {
      track.endArrow(rpc.arrow);
    }
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details
        .name("RPC " + request.opcode)
        .number("node", request.targetNode)
        .number("pid", request.tgid)
        .address("address", request.address);
    if (request.carriesFlush) {
      details.address("flushed", request.flushAddress);
    }
  }

  @Override
  public void showEnd(Frame frame, SliceDetails details) {
    details.number("status", request.status);
  }

  private void end() {
    request.totalPs = context.nowPs() - request.startPs;
    point.leave(context, request.startPs);
    // Asked of the request: an abandoned message belongs to the memory node.
    if (request.isAbandoned) {
      // The parts up to here travel on with the copy of the request; this is what the caller saw.
      request.wirePs += request.totalPs - request.stagesPs();
    } else {
      rpc.stampWire(context.nowPs());
      node.counters().latency.record(request.totalPs);
      network.release(rpc);
    }
    if (request.status != FitNode.ETIMEDOUT) {
      network.checksum.verifyReply(request, context);
    }
    if (request.stagesPs() != request.totalPs) {
      throw new ModelException("the stages of a call of " + context.name() + " take "
          + request.stagesPs() + " ps, the call " + request.totalPs + " ps");
    }
    if (network.params.isSequential()) {
      node.sequentialLock.release(context, 0);
    }
  }
}
