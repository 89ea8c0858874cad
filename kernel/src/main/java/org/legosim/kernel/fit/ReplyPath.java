package org.legosim.kernel.fit;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;

/**
 * A worker's reply: it is written straight into the caller's buffer, and the worker polls for the
 * completion of that send before it goes on. A one-way message ends here without a reply.
 */
public final class ReplyPath extends KernelPath {
  private static final int POST = 0;
  private static final int DOORBELL = 1;
  private static final int COMPLETED = 2;

  private final FitNode node;
  private final FitNetwork network;
  private final ExecutionContext context;
  private @Nullable Rpc pending;

  public ReplyPath(FitNode node, ExecutionContext context) {
    super("reply");
    this.node = node;
    this.network = node.network;
    this.context = context;
  }

  /** Names the message to be answered; called before the path is. */
  @HotPath
  public void answer(Rpc rpc) {
    pending = rpc;
  }

  @Override
  public String stepName(int step) {
    return step == COMPLETED ? "wait for the send's completion" : "post";
  }

  @Override
  @HotPath
  @SuppressWarnings("fallthrough")
  public int resume(Frame frame) {
    switch (frame.step) {
      case POST:
        if (!rpc().wantsReply()) {
          network.release(rpc());
          return DONE;
        }
        frame.step = DOORBELL;
        network.checksum.signReply(rpc().request);
        if (!context.advance(network.post.charge() + network.checksum.replyPs(rpc().request))) {
          return WAIT;
        }
      // fall through
      case DOORBELL:
        frame.step = COMPLETED;
        if (ring(rpc())) {
          return WAIT;
        }
      // fall through
      case COMPLETED:
        return DONE;
      default:
        throw new IllegalStateException("step " + frame.step);
    }
  }

  private Rpc rpc() {
    Rpc rpc = pending;
    if (rpc == null) {
      throw new ModelException(context.name() + " has no message to answer");
    }
    return rpc;
  }

  private boolean ring(Rpc rpc) {
    rpc.stampWire(context.nowPs());
    Peer peer = node.peer(rpc.source);
    rpc.kind = Rpc.Kind.REPLY;
    rpc.bytes = (long) rpc.request.replyBytes + network.checksum.replyBytes(rpc.request);
    network.transit.leave(rpc.request);
    rpc.connection = peer.takeConnection();
    boolean awaits = peer.awaitsCompletion();
    rpc.awaitsCompletion = awaits;
    rpc.completionWaiter = awaits ? context : null;
    if (awaits) {
      context.beginWait("the completion of a reply");
    }
    node.transmit(context, rpc, rpc.source);
    return awaits;
  }
}
