package org.legosim.kernel.replica;

import java.util.function.IntUnaryOperator;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A context's calls when memory is kept twice: after each flush, and before each dirty line that
 * travels with a miss, the line goes to a second memory node as well, one way. Nobody waits for it to
 * arrive, and nobody learns whether it was kept.
 *
 * <p>Source: LegoOS {@code managers/processor/replication.c}.
 */
public final class ReplicatingPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int CALLING = 1;
  private static final int CALLED = 2;
  private static final int DONE_ALL = 3;

  private final ExecutionContext context;
  private final Request request;
  private final KernelPath sendReply;
  private final Request copy = new Request();
  private final SendPath send;
  private final IntUnaryOperator secondOf;

  /**
   * @param request the context's
   * @param sendReply its ordinary way
   * @param secondOf the second memory node for what lives at one
   */
  public ReplicatingPath(
      FitNode node,
      ExecutionContext context,
      Request request,
      KernelPath sendReply,
      IntUnaryOperator secondOf) {
    super("call with replication");
    this.context = context;
    this.request = request;
    this.sendReply = sendReply;
    this.send = new SendPath(node, context, copy);
    this.secondOf = secondOf;
  }

  @Override
  public String stepName(int step) {
    return step == DONE_ALL || step == CALLING ? "copy for the second node" : "call";
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.name("call with replication").text("operation", request.opcode.name());
  }

  @Override
  public int resume(Frame frame) {
    switch (frame.step) {
      case BEGIN -> {
        frame.step = CALLING;
        if (request.opcode == Opcode.PCACHE_MISS && request.carriesFlush) {
          int flushBytes = request.requestBytes - Opcode.PCACHE_MISS.requestBytes();
          prepare(request.flushTgid, request.flushAddress, flushBytes);
          context.stack().call(send);
          return CALL;
        }
        return callOn(frame);
      }
      case CALLING -> {
        return callOn(frame);
      }
      case CALLED -> {
        if (request.opcode != Opcode.PCACHE_FLUSH) {
          return DONE;
        }
        frame.step = DONE_ALL;
        prepare(request.tgid, request.address, request.requestBytes);
        context.stack().call(send);
        return CALL;
      }
      default -> {
        return DONE;
      }
    }
  }

  private int callOn(Frame frame) {
    frame.step = CALLED;
    context.stack().call(sendReply);
    return CALL;
  }

  private void prepare(int tgid, long address, int flushBytes) {
    copy.prepare(Opcode.PCACHE_REPLICA, secondOf.applyAsInt(request.targetNode));
    int room = Opcode.PCACHE_REPLICA.requestBytes() - Opcode.PCACHE_FLUSH.requestBytes();
    copy.requestBytes = flushBytes + room;
    copy.tgid = tgid;
    copy.address = address;
    copy.length = request.length;
  }
}
