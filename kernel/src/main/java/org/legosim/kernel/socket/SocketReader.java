package org.legosim.kernel.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.PollThread;
import org.legosim.kernel.fit.ReplyPath;
import org.legosim.kernel.fit.RequestSink;
import org.legosim.kernel.fit.Rpc;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/**
 * A thread that sits in recv: it sleeps until the node's polling thread has queued a message at its port, copies
 * it out of the receive ring into a buffer and from there to the program, and answers the sender.
 */
final class SocketReader extends ExecutionContext implements RequestSink {
  private final SocketCosts costs;
  private final ReplyPath reply;
  private final Queue<Rpc> port = new ArrayDeque<>();
  private boolean isAsleep = true;
  private long received;
  private long receivedBytes;

  SocketReader(Simulation simulation, FitNode node, String name, SocketCosts costs) {
    super(simulation, name);
    this.costs = costs;
    this.reply = new ReplyPath(node, this);
  }

  long received() {
    return received;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  @Override
  public boolean offer(Rpc rpc, PollThread pollThread) {
    port.add(rpc);
    if (isAsleep) {
      isAsleep = false;
      stack.call(new Receive());
      wake(pollThread.id(), pollThread.nowPs() + costs.chargeWake());
    }
    return true;
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private final class Receive extends KernelPath {
    private static final int TAKE = 0;
    private static final int COPIED = 1;
    private static final int ANSWERED = 2;
    private static final int CALLED = 3;

    Receive() {
      super("receive from a socket");
    }

    @Override
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case TAKE -> {
            if (port.isEmpty()) {
              isAsleep = true;
              return DONE;
            }
            Rpc rpc = port.element();
            rpc.stampMemoryQueue(nowPs());
            frame.step = COPIED;
            long bytes = rpc.request().requestBytes;
            if (!advance(costs.allocate().charge(2)
                + costs.copy().chargeBytes(bytes)
                + costs.copy().chargeBytes(bytes))) {
              return WAIT;
            }
          }
          case COPIED -> {
            Rpc rpc = port.remove();
            received++;
            receivedBytes += rpc.request().requestBytes;
            rpc.stampMemoryService(nowPs());
            reply.answer(rpc);
            frame.step = ANSWERED;
            stack.call(reply);
            return CALL;
          }
          case ANSWERED -> {
            // back to the program, and into the next recv
            frame.step = CALLED;
            if (!advance(
                costs.exit().charge() + costs.entry().charge() + costs.call().charge())) {
              return WAIT;
            }
          }
          default -> frame.step = TAKE;
        }
      }
    }
  }
}
