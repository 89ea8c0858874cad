package org.legosim.kernel.memory;

import java.util.Arrays;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.ReplyPath;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/**
 * A pinned, busy-polling worker thread with its own queue: it handles a request, replies, waits for
 * that send's completion, frees the buffer, and only then looks at the next one.
 */
final class Worker extends ExecutionContext {
  private final MemoryNode node;
  private final HandlerPath handler;
  private final ReplyPath reply;

  // Queue, oldest first.
  private Rpc[] queued;
  private long[] queuedPs;
  private int[] buffer;
  private int first;
  private int count;
  private boolean isIdle;
  private long busyPs;
  private long handled;

  /** @param waitsForStorage it may wait for the storage node; one that may not hands such requests over */
  Worker(
      Simulation simulation, MemoryNode node, FitNode fit, String name, boolean waitsForStorage) {
    super(simulation, name);
    this.node = node;
    this.handler = new HandlerPath(node, this, waitsForStorage);
    this.reply = new ReplyPath(fit, this);
    this.queued = new Rpc[16];
    this.queuedPs = new long[16];
    this.buffer = new int[16];
  }

  void start() {
    stack.call(new Loop());
    stack.run();
  }

  /** Queues a request; an idle worker has it after the hand-off. */
  @HotPath
  void add(Rpc rpc, int inBuffer, ExecutionContext by) {
    if (count == queued.length) {
      grow();
    }
    int at = (first + count++) & (queued.length - 1);
    queued[at] = rpc;
    queuedPs[at] = by.nowPs();
    buffer[at] = inBuffer;
    node.showQueued(1, by.nowPs());
    if (isIdle) {
      isIdle = false;
      wake(by.id(), by.nowPs() + node.handOff.ps());
    }
  }

  private void grow() {
    int length = queued.length;
    Rpc[] longer = Arrays.copyOf(queued, 2 * length);
    long[] longerPs = new long[2 * length];
    int[] longerBuffer = new int[2 * length];
    for (int i = 0; i < count; i++) {
      int from = (first + i) & (length - 1);
      longer[i] = queued[from];
      longerPs[i] = queuedPs[from];
      longerBuffer[i] = buffer[from];
    }
    queued = longer;
    queuedPs = longerPs;
    buffer = longerBuffer;
    first = 0;
  }

  /** From taking a request to freeing its buffer, summed. */
  long busyPs() {
    return busyPs;
  }

  long handled() {
    return handled;
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  @Override
  public boolean isQuiescent() {
    return isIdle && count == 0;
  }

  private final class Loop extends KernelPath {
    private static final int POLL = 0;
    private static final int TAKE = 1;
    private static final int HANDLED = 2;
    private static final int REPLIED = 3;

    private static final int SINCE_PS = 0;
    private static final int BUFFER = 1;
    private static final int REPLY_PS = 2;
    private static final int IS_SLOWED = 3;

    /** The request's handle, kept here only while its handler runs. */
    private final Rpc[] atHand = new Rpc[1];

    Loop() {
      super("thread pool worker");
    }

    @Override
    public boolean isShown() {
      return false;
    }

    @Override
    public String stepName(int step) {
      return switch (step) {
        case POLL, TAKE -> "poll its queue";
        case HANDLED -> "handle";
        default -> "reply";
      };
    }

    @Override
    @HotPath
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case POLL -> {
            frame.step = TAKE;
            if (count == 0) {
              isIdle = true;
              beginWait("requests");
              return WAIT;
            }
            if (!advance(Math.max(0, queuedPs[first] + node.handOff.ps() - nowPs()))) {
              return WAIT;
            }
          }
          case TAKE -> {
            take(frame);
            frame.step = HANDLED;
            stack.call(handler);
            return CALL;
          }
          case HANDLED -> {
            if (isSlowed(frame)) {
              return WAIT;
            }
            node.profile.handler.leave(Worker.this, frame.slot[SINCE_PS]);
            if (handler.hasHandedOver()) {
              node.storage().handOver(atHand[0], (int) frame.slot[BUFFER], Worker.this);
              busyPs += nowPs() - frame.slot[SINCE_PS];
              frame.step = POLL;
              continue;
            }
            requireSize(atHand[0]);
            reply.answer(atHand[0]);
            frame.step = REPLIED;
            frame.slot[REPLY_PS] = nowPs();
            stack.call(reply);
            return CALL;
          }
          case REPLIED -> {
            node.profile.reply.leave(Worker.this, frame.slot[REPLY_PS]);
            node.freeBuffer((int) frame.slot[BUFFER], Worker.this);
            busyPs += nowPs() - frame.slot[SINCE_PS];
            handled++;
            frame.step = POLL;
          }
          default -> throw new IllegalStateException("step " + frame.step);
        }
      }
    }

    /** True while a worker that is slow must wait; asked once for each request. */
    private boolean isSlowed(Frame frame) {
      if (frame.slot[IS_SLOWED] != 0) {
        return false;
      }
      frame.slot[IS_SLOWED] = 1;
      long sincePs = frame.slot[SINCE_PS];
      return !advance(node.fit().outages().extraPs(node.number(), sincePs, nowPs() - sincePs));
    }

    /** The real worker's assertion: a reply has at least a status; an echo's size is its caller's. */
    private void requireSize(Rpc rpc) {
      Request request = rpc.request();
      if (rpc.wantsReply() && request.replyBytes == 0 && request.opcode != Opcode.TEST) {
        throw new InvariantViolation(simulation()
            .dump(Worker.this.name()
                + " panics: BUG_ON(tx_size == 0), the reply to " + rpc.request().opcode
                + " of process " + rpc.request().tgid + " has no size"));
      }
    }

    private void take(Frame frame) {
      Rpc rpc = queued[first];
      long delayPs = nowPs() - queuedPs[first];
      node.counters().taken(delayPs);
      node.handOff.chargePs(Math.min(delayPs, node.handOff.ps()));
      frame.slot[SINCE_PS] = nowPs();
      frame.slot[IS_SLOWED] = 0;
      frame.slot[BUFFER] = buffer[first];
      first = (first + 1) & (queued.length - 1);
      count--;
      node.showQueued(-1, nowPs());
      rpc.stampMemoryQueue(nowPs());
      atHand[0] = rpc;
      handler.take(rpc);
    }
  }
}
