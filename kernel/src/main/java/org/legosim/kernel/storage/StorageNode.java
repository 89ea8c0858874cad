package org.legosim.kernel.storage;

import java.util.ArrayDeque;
import org.legosim.hardware.storage.DriveCounts;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.PollThread;
import org.legosim.kernel.fit.ReplyPath;
import org.legosim.kernel.fit.RequestSink;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A storage node: a Linux machine with one kernel thread that receives a request, copies it out of the
 * ring, does what its opcode says through the machine's page cache, replies, and only then receives the
 * next one. It keeps no file open: every request names its file by path.
 *
 * <p>Source: LegoOS {@code linux-modules/storage}.
 */
public final class StorageNode extends ExecutionContext implements RequestSink {
  private final FitNode fit;
  private final FileService service;
  private final RequestFiles files;
  private final ReplyPath reply;
  private final ArrayDeque<Rpc> queue = new ArrayDeque<>();
  private boolean isIdle = true;
  private long busyPs;
  private long handled;
  private int longestQueue;

  public StorageNode(Simulation simulation, StorageParams params, FitNode fit) {
    super(simulation, fit.name() + ".lego-storaged");
    this.fit = fit;
    this.service = new FileService(params, simulation.ledger());
    this.files = new RequestFiles(service, new FileIoPath(service, this));
    this.reply = new ReplyPath(fit, this);
    fit.serve(this);
  }

  /** Number of the node in the RPC layer. */
  public int number() {
    return fit.number();
  }

  public StorageCounters counters() {
    return service.counters();
  }

  /** What its drive did. */
  public DriveCounts drive() {
    return service.drive().counts();
  }

  /** From taking a request to having answered it, summed. */
  public long busyPs() {
    return busyPs;
  }

  public long handled() {
    return handled;
  }

  /** Most requests that were there at once, the one at work included. */
  public int longestQueue() {
    return longestQueue;
  }

  @Override
  public boolean offer(Rpc rpc, PollThread pollThread) {
    queue.add(rpc);
    longestQueue = Math.max(longestQueue, queue.size());
    if (isIdle) {
      isIdle = false;
      stack.call(new Loop());
      wake(pollThread.id(), pollThread.nowPs() + service.wake.charge());
    }
    return true;
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  /** Checks at the end of a run that every request was answered. */
  public void verifyQuiescent() {
    if (!queue.isEmpty()) {
      throw new InvariantViolation(name() + " has " + queue.size() + " requests unanswered");
    }
  }

  private final class Loop extends KernelPath {
    private static final int TAKE = 0;
    private static final int RECEIVED = 1;
    private static final int SERVED = 2;
    private static final int REPLIED = 3;

    private static final int SINCE_PS = 0;

    Loop() {
      super("storage daemon");
    }

    @Override
    public String stepName(int step) {
      return switch (step) {
        case TAKE -> "receive";
        case RECEIVED, SERVED -> "serve";
        default -> "reply";
      };
    }

    @Override
    public void showBegin(Frame frame, SliceDetails details) {
      details.number("queued", queue.size());
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
            frame.slot[SINCE_PS] = nowPs();
            frame.step = RECEIVED;
            Request request = queue.element().request();
            long ps = service.handle.charge() + service.copy.chargeBytes(request.requestBytes);
            if (!advance(ps)) {
              return WAIT;
            }
          }
          case RECEIVED -> {
            frame.step = SERVED;
            long openPs = files.call(queue.element().request(), true);
            if (openPs > 0 && !advance(openPs)) {
              return WAIT;
            }
            return CALL;
          }
          case SERVED -> {
            Rpc rpc = queue.remove();
            rpc.stampStorage(nowPs());
            reply.answer(rpc);
            frame.step = REPLIED;
            stack.call(reply);
            return CALL;
          }
          default -> {
            busyPs += nowPs() - frame.slot[SINCE_PS];
            handled++;
            frame.step = TAKE;
          }
        }
      }
    }
  }
}
