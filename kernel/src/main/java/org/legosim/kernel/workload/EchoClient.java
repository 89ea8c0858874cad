package org.legosim.kernel.workload;

import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/** A thread pinned to its own CPU that calls the echo handler again as soon as it has its reply. */
final class EchoClient extends ExecutionContext {
  private final Request request = new Request();
  private final SendReplyPath sendReply;
  private final RpcProfile.Load load;
  private final int target;
  private long callsLeft;
  private long endPs;

  EchoClient(Simulation simulation, FitNode node, int target, String name, RpcProfile.Load load) {
    super(simulation, name);
    this.sendReply = new SendReplyPath(node, this, request);
    this.target = target;
    this.load = load;
    this.callsLeft = load.calls();
  }

  void start() {
    stack.call(new Loop());
    resumeAt(nowPs());
  }

  long endPs() {
    return endPs;
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private final class Loop extends KernelPath {
    Loop() {
      super("echo in a closed loop");
    }

    @Override
    @HotPath
    public int resume(Frame frame) {
      simulation.progress();
      endPs = nowPs();
      if (callsLeft == 0) {
        return DONE;
      }
      callsLeft--;
      request.prepare(Opcode.TEST, target);
      request.requestBytes = load.requestBytes();
      request.replyBytes = load.replyBytes();
      request.isMarshalled = load.isMarshalled();
      stack.call(sendReply);
      return CALL;
    }
  }
}
