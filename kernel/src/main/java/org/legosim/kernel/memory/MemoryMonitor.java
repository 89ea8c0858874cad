package org.legosim.kernel.memory;

import java.util.ArrayDeque;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.PollThread;
import org.legosim.kernel.fit.ReplyPath;
import org.legosim.kernel.fit.RequestSink;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/**
 * The global monitor of the memory nodes: one thread on a node of its own that notes what they report
 * and says where a new mapping goes. It knows loads as of the last reports.
 *
 * <p>Source: LegoOS {@code linux-modules/monitor/gmm}.
 */
public final class MemoryMonitor extends ExecutionContext implements RequestSink {
  private final FitNode fit;
  private final Placement placement;
  private final int interval;
  private final Cost handle;
  private final ReplyPath reply;
  private final KernelPath loop = new Loop();
  private final ArrayDeque<Rpc> queue = new ArrayDeque<>();
  private boolean isIdle = true;

  /** Number of the first memory node; the others follow. */
  private final int firstNode;

  private final long[] requests;
  private final long[] freeBytes;
  private int chosen;
  private long asked;

  /**
   * @param firstNode number of the first of {@code params.nodes()} memory nodes
   */
  public MemoryMonitor(Simulation simulation, MemoryNodeParams params, FitNode fit, int firstNode) {
    super(simulation, fit.name() + ".dispatcher");
    this.fit = fit;
    this.placement = params.placement();
    this.interval = params.placementInterval();
    this.handle = simulation.ledger().cost(params.costs().monitor());
    this.reply = new ReplyPath(fit, this);
    this.firstNode = firstNode;
    this.requests = new long[params.nodes()];
    this.freeBytes = new long[params.nodes()];
    java.util.Arrays.fill(freeBytes, params.capacityBytes());
    fit.serve(this);
  }

  int number() {
    return fit.number();
  }

  /** The node that the next mapping goes to. */
  int choose() {
    boolean evaluates = asked++ % interval == 0;
    switch (placement) {
      case ROUND_ROBIN -> chosen = (int) ((asked - 1) / interval % requests.length);
      case TRAFFIC -> {
        if (evaluates) {
          chosen = leastRequests();
        }
      }
      case FREE_MEMORY -> chosen = mostFree();
      case HOME -> throw new ModelException("nobody asks where a mapping goes");
    }
    return firstNode + chosen;
  }

  private int leastRequests() {
    int best = 0;
    for (int node = 1; node < requests.length; node++) {
      if (requests[node] <= requests[best]) {
        best = node;
      }
    }
    return best;
  }

  private int mostFree() {
    int best = 0;
    for (int node = 1; node < freeBytes.length; node++) {
      if (freeBytes[node] >= freeBytes[best]) {
        best = node;
      }
    }
    return best;
  }

  /** Consultations so far, those at the start of the run included. */
  public long consultations() {
    return asked;
  }

  @Override
  public boolean offer(Rpc rpc, PollThread pollThread) {
    queue.add(rpc);
    if (isIdle) {
      isIdle = false;
      stack.call(loop);
      wake(pollThread.id(), pollThread.nowPs());
    }
    return true;
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private void answer(Request request) {
    if (request.opcode == Opcode.M2MM_CONSULT) {
      request.result = choose();
    } else if (request.opcode == Opcode.M2MM_STATUS_REPORT) {
      int node = request.sourceNode - firstNode;
      freeBytes[node] = request.argument[StatusThread.FREE_BYTES];
      requests[node] = request.argument[StatusThread.REQUESTS];
    } else {
      throw new ModelException(name() + " was asked for " + request.opcode);
    }
  }

  private final class Loop extends KernelPath {
    private static final int TAKE = 0;
    private static final int HANDLED = 1;
    private static final int REPLIED = 2;

    Loop() {
      super("monitor's dispatcher");
    }

    @Override
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case TAKE -> {
            if (queue.isEmpty()) {
              isIdle = true;
              return DONE;
            }
            queue.element().stampMemoryQueue(nowPs());
            frame.step = HANDLED;
            if (!advance(handle.charge())) {
              return WAIT;
            }
          }
          case HANDLED -> {
            Rpc rpc = queue.remove();
            answer(rpc.request());
            rpc.stampMemoryService(nowPs());
            reply.answer(rpc);
            frame.step = REPLIED;
            stack.call(reply);
            return CALL;
          }
          default -> frame.step = TAKE;
        }
      }
    }
  }
}
