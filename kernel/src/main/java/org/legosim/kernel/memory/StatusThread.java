package org.legosim.kernel.memory;

import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/** Tells the monitor every now and then how a memory node does, until the last program has ended. */
final class StatusThread extends ExecutionContext {
  static final int TOTAL_BYTES = 0;
  static final int FREE_BYTES = 1;
  static final int REQUESTS = 2;

  private final MemoryNode node;
  private final int monitor;
  private final Request request = new Request();
  private final SendReplyPath sendReply;
  private boolean isStopped;
  private boolean isAsleep;

  StatusThread(Simulation simulation, MemoryNode node, FitNode fit, int monitor) {
    super(simulation, fit.name() + ".status");
    this.node = node;
    this.monitor = monitor;
    this.sendReply = new SendReplyPath(fit, this, request);
  }

  void start() {
    stack.call(new Loop());
    stack.run();
  }

  /** Ends the thread, at once when it sleeps. */
  void stop() {
    isStopped = true;
    if (isAsleep) {
      wake(id(), nowPs());
    }
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private void prepare() {
    request.prepare(Opcode.M2MM_STATUS_REPORT, monitor);
    request.isMarshalled = true;
    request.argument[TOTAL_BYTES] = node.params.capacityBytes();
    request.argument[FREE_BYTES] =
        node.params.capacityBytes() - node.pagesInUse() * PageTable.PAGE_BYTES;
    request.argument[REQUESTS] = node.counters().misses() + node.counters().flushes();
  }

  private final class Loop extends KernelPath {
    private static final int SLEEP = 0;
    private static final int AWAKE = 1;

    Loop() {
      super("status report");
    }

    @Override
    public String stepName(int step) {
      return step == AWAKE ? "sleep" : "report";
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == SLEEP) {
        if (isStopped) {
          return DONE;
        }
        frame.step = AWAKE;
        isAsleep = true;
        resumeAt(nowPs() + node.params.statusIntervalPs());
        return WAIT;
      }
      isAsleep = false;
      if (isStopped) {
        return DONE;
      }
      frame.step = SLEEP;
      prepare();
      stack.call(sendReply);
      return CALL;
    }
  }
}
