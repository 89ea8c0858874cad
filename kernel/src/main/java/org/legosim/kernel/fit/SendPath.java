package org.legosim.kernel.fit;

import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.TimelineTrack;
import org.legosim.timing.results.ProfilePoint;

/**
 * A one-way send: ring room, doorbell, the send's completion. The receiver works on a copy, so the
 * caller may use its request again at once.
 */
public final class SendPath extends KernelPath {
  private static final int RESERVE = 0;
  private static final int RESERVED = 1;
  private static final int ROOM = 2;
  private static final int DOORBELL = 3;
  private static final int COMPLETED = 4;

  private final FitNode node;
  private final FitNetwork network;
  private final ExecutionContext context;
  private final Request request;
  private final Profile.Counter point;
  private long startPs;
  private Rpc rpc;

  public SendPath(FitNode node, ExecutionContext context, Request request) {
    super("send one way");
    this.node = node;
    this.network = node.network;
    this.context = context;
    this.request = request;
    this.rpc = new Rpc(-1, request);
    this.point = context.simulation().profile().counter(node.name(), ProfilePoint.IBAPI_SEND);
  }

  @Override
  @SuppressWarnings("fallthrough")
  public int resume(Frame frame) {
    switch (frame.step) {
      case RESERVE:
        begin();
        frame.step = RESERVED;
        Server ringLock = node.peer(rpc.target).ringLock;
        long holdPs = network.reserve.charge();
        long waitPs = ringLock.submit(context.nowPs(), holdPs) - context.nowPs();
        if (!context.advance(waitPs + holdPs)) {
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
        if (!context.advance(network.post.charge())) {
          return WAIT;
        }
      // fall through
      case DOORBELL:
        frame.step = COMPLETED;
        if (ring()) {
          return WAIT;
        }
      // fall through
      case COMPLETED:
        point.leave(context, startPs);
        return DONE;
      default:
        throw new IllegalStateException("step " + frame.step);
    }
  }

  private void begin() {
    node.requireContext(context);
    request.sourceNode = node.number();
    startPs = context.nowPs();
    request.startPs = startPs;
    rpc = network.take(request.copy());
    rpc.kind = Rpc.Kind.ONE_WAY;
    rpc.source = node.number();
    rpc.target = request.targetNode;
    rpc.bytes = node.messageBytes(context, request);
  }

  /** True when the send's completion is to be waited for. */
  private boolean ring() {
    Peer peer = node.peer(rpc.target);
    rpc.connection = peer.takeConnection();
    boolean awaits = peer.awaitsCompletion();
    rpc.awaitsCompletion = awaits;
    TimelineTrack track = context.track();
    rpc.arrow = track == null ? 0 : track.beginArrow();
    rpc.completionWaiter = awaits ? context : null;
    peer.verifyRoom(rpc, network.node(rpc.target).peer(node.number()));
    node.counters().sends++;
    if (awaits) {
      context.beginWait("the completion of a send");
    }
    node.transmit(context, rpc, rpc.target);
    return awaits;
  }
}
