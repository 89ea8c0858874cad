package org.legosim.kernel.fit;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.Spin;

/**
 * One message to several nodes: it is posted to one after the other, each send's completion polled for, and then
 * all replies are waited for. A node that does not answer in time leaves its request with a time-out; the
 * others are not affected.
 *
 * <p>The real function panics, since its reply slots were never brought up to date; nothing there uses it.
 */
public final class MulticastPath extends KernelPath {
  private static final int RESERVE = 0;
  private static final int RESERVED = 1;
  private static final int ROOM = 2;
  private static final int DOORBELL = 3;
  private static final int POSTED = 4;
  private static final int GATHER = 5;

  private final FitNode node;
  private final FitNetwork network;
  private final ExecutionContext context;
  private final List<Rpc> sent = new ArrayList<>();
  private List<Request> requests = List.of();
  private int next;
  private int open;
  private boolean gathers;
  private long spinStartPs;
  private Rpc rpc;

  public MulticastPath(FitNode node, ExecutionContext context) {
    super("multicast");
    this.node = node;
    this.network = node.network;
    this.context = context;
    this.rpc = new Rpc(-1, new Request());
  }

  /** What to send, a request for each node; called before the path is. */
  public void send(List<Request> each) {
    if (each.isEmpty()) {
      throw new ModelException(context.name() + " multicasts to nobody");
    }
    requests = List.copyOf(each);
    next = 0;
    open = 0;
    gathers = false;
    sent.clear();
  }

  /** One of the replies is there, or its time is up: then the message is no longer the caller's. */
  @HotPath
  void answered(Rpc one, int waker, long nowPs) {
    open--;
    if (one.isAbandoned) {
      sent.remove(one);
    }
    if (gathers && open == 0) {
      context.wake(waker, Spin.noticePs(spinStartPs, nowPs, network.pollPeriodPs));
    }
  }

  @Override
  @SuppressWarnings("fallthrough")
  public int resume(Frame frame) {
    while (true) {
      switch (frame.step) {
        case RESERVE:
          begin();
          frame.step = RESERVED;
          if (!context.advance(lock(node.peer(rpc.target).ringLock, network.reserve.charge()))) {
            return WAIT;
          }
        // fall through
        case RESERVED:
          node.peer(rpc.target).reserve(rpc);
          frame.step = ROOM;
        // fall through
        case ROOM:
          if (node.peer(rpc.target).isBlocked(rpc)) {
            node.peer(rpc.target).block(context);
            context.beginWait("ring room at node " + rpc.target);
            return WAIT;
          }
          frame.step = DOORBELL;
          if (!context.advance(
              lock(node.slotLock, network.slot.charge()) + network.post.charge())) {
            return WAIT;
          }
        // fall through
        case DOORBELL:
          frame.step = POSTED;
          if (ring()) {
            return WAIT;
          }
        // fall through
        case POSTED:
          if (++next < requests.size()) {
            frame.step = RESERVE;
            continue;
          }
          frame.step = GATHER;
          gathers = true;
          spinStartPs = context.nowPs();
          if (open > 0) {
            context.beginWait("the replies to a multicast");
            return WAIT;
          }
        // fall through
        case GATHER:
          end();
          return DONE;
        default:
          throw new IllegalStateException("step " + frame.step);
      }
    }
  }

  private long lock(Server server, long holdPs) {
    return server.submit(context.nowPs(), holdPs) - context.nowPs() + holdPs;
  }

  private void begin() {
    node.requireContext(context);
    Request request = requests.get(next);
    request.sourceNode = node.number();
    request.startPs = context.nowPs();
    rpc = network.take(request);
    rpc.kind = Rpc.Kind.REQUEST;
    rpc.source = node.number();
    rpc.target = request.targetNode;
    rpc.bytes = node.messageBytes(context, request);
  }

  /** True when the send's completion is to be waited for. */
  private boolean ring() {
    Peer peer = node.peer(rpc.target);
    rpc.stampWire(context.nowPs());
    rpc.connection = peer.takeConnection();
    boolean awaits = peer.awaitsCompletion();
    rpc.awaitsCompletion = awaits;
    rpc.completionWaiter = awaits ? context : null;
    rpc.caller = context;
    rpc.multicast = this;
    long timeoutPs = network.params.timeoutPs();
    boolean isExec = requests.get(next).opcode == Opcode.EXECVE;
    node.takeSlot(rpc, context.nowPs() + (isExec ? 2 * timeoutPs : timeoutPs));
    peer.verifyRoom(rpc, network.node(rpc.target).peer(node.number()));
    node.counters().sendReplies++;
    sent.add(rpc);
    open++;
    if (awaits) {
      context.beginWait("the completion of a send");
    }
    node.transmit(context, rpc, rpc.target);
    return awaits;
  }

  private void end() {
    for (Rpc one : sent) {
      Request request = one.request;
      one.stampWire(context.nowPs());
      request.totalPs = context.nowPs() - request.startPs;
      node.freeSlot(one);
      node.counters().latency.record(request.totalPs);
      network.release(one);
    }
    sent.clear();
  }
}
