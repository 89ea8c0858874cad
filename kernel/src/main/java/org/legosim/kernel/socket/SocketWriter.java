package org.legosim.kernel.socket;

import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;

/** A thread that sends one message after the other: each send returns when the reader has it. */
final class SocketWriter extends ExecutionContext {
  private static final int REPLY_BYTES = 4;

  private final Request request = new Request();
  private final SendReplyPath sendReply;
  private final SocketCosts costs;
  private final int target;
  private final int bytes;
  private final LatencyCounts latency = new LatencyCounts();
  private long messagesLeft;
  private long startPs;

  SocketWriter(
      Simulation simulation,
      FitNode node,
      String name,
      SocketCosts costs,
      int target,
      SocketProfile.Load load) {
    super(simulation, name);
    this.sendReply = new SendReplyPath(node, this, request);
    this.costs = costs;
    this.target = target;
    this.bytes = load.messageBytes();
    this.messagesLeft = load.messages();
  }

  LatencyCounts latency() {
    return latency;
  }

  void start() {
    stack.call(new Send());
    resumeAt(nowPs());
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private final class Send extends KernelPath {
    private static final int NEXT = 0;
    private static final int COPIED = 1;
    private static final int ANSWERED = 2;
    private static final int RETURNED = 3;

    Send() {
      super("send to a socket");
    }

    @Override
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case NEXT -> {
            simulation.progress();
            if (messagesLeft == 0) {
              return DONE;
            }
            messagesLeft--;
            startPs = nowPs();
            frame.step = COPIED;
            if (!advance(
                costs.entry().charge() + costs.call().charge() + costs.copy().chargeBytes(bytes))) {
              return WAIT;
            }
          }
          case COPIED -> {
            request.prepare(Opcode.TEST, target);
            request.requestBytes = bytes;
            request.replyBytes = REPLY_BYTES;
            request.isMarshalled = true;
            frame.step = ANSWERED;
            stack.call(sendReply);
            return CALL;
          }
          case ANSWERED -> {
            frame.step = RETURNED;
            if (!advance(costs.exit().charge())) {
              return WAIT;
            }
          }
          default -> {
            latency.record(nowPs() - startPs);
            frame.step = NEXT;
          }
        }
      }
    }
  }
}
