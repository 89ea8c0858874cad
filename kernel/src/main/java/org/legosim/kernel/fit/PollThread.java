package org.legosim.kernel.fit;

import java.util.Arrays;
import org.legosim.hardware.network.Network;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Spin;
import org.legosim.timing.engine.TimelineTrack;
import org.legosim.timing.results.ProfilePoint;

/**
 * A pinned kernel thread that polls one receive completion queue of its node: it takes up to a batch
 * of completions, hands requests to the node's sink, writes reply lengths into the slots' words, and
 * posts receives again.
 */
public final class PollThread extends ExecutionContext {
  private static final int TAG_ARRIVAL = 1;

  private final FitNode node;
  private final FitNetwork network;
  private final KernelPath loop = new Loop();
  private final Profile.Counter post;

  // Completion queue: messages in the order in which they become visible.
  private Rpc[] queue = new Rpc[64];
  private int first;
  private int count;

  /** Idle: asleep in the simulator, polling since {@link #idleSincePs}. */
  private boolean isIdle;

  private long idleSincePs;
  private boolean lacksBuffer;
  private long bufferWaits;

  PollThread(FitNode node, String name) {
    super(node.network.simulation, name);
    this.node = node;
    this.network = node.network;
    this.post = simulation.profile().counter(node.name(), ProfilePoint.FIT_POST_RECV);
  }

  static long arrival(int rpcIndex) {
    return payload(TAG_ARRIVAL, rpcIndex);
  }

  void start() {
    stack.call(loop);
    stack.run();
  }

  @Override
  public void onEvent(long payload) {
    if (tagOf(payload) == TAG_ARRIVAL) {
      arrive(network.rpc((int) valueOf(payload)));
    } else if (isCurrent(payload)) {
      stack.run();
    }
  }

  /** A message has passed the switch on its way here: from now on all its times are known. */
  @HotPath
  private void arrive(Rpc rpc) {
    Network fabric = network.fabric;
    long visiblePs = fabric.deliver(rpc.message, nowPs());
    rpc.partNetworkQueue(fabric.queueingPs(rpc.message));
    rpc.stampWire(visiblePs);
    rpc.visiblePs = visiblePs;
    node.counters().receivedBytes += rpc.bytes;
    if (rpc.awaitsCompletion) {
      long completionPs = fabric.completedPs(rpc.message);
      long seenPs =
          Spin.noticePs(rpc.doorbellPs, completionPs, network.pollPeriodPs) + network.poll.ps();
      ExecutionContext waiter = rpc.completionWaiter;
      if (waiter == null) {
        // A caller waits for its reply anyway: it looks at the word when it has the completion.
        rpc.spinStartPs = seenPs;
      } else {
        rpc.completionWaiter = null;
        waiter.wake(id(), seenPs);
      }
    }
    fabric.chargeDelivery(rpc.message);
    fabric.release(rpc.message);
    enqueue(rpc);
    if (isIdle) {
      isIdle = false;
      wakeForFirst();
    }
  }

  /** Wakes at the end of the first completion's handling: nothing of it is seen before. */
  @HotPath
  private void wakeForFirst() {
    wake(id(), takeFirstPs() + network.poll.ps() + network.dispatch.ps());
  }

  @HotPath
  private long takeFirstPs() {
    return network
        .outages()
        .looksPs(
            node.number(),
            Spin.noticePs(idleSincePs, queue[first].visiblePs, network.pollPeriodPs));
  }

  @HotPath
  private void enqueue(Rpc rpc) {
    if (count == queue.length) {
      grow();
    }
    queue[(first + count++) & (queue.length - 1)] = rpc;
  }

  private void grow() {
    Rpc[] longer = Arrays.copyOf(queue, 2 * queue.length);
    for (int i = 0; i < count; i++) {
      longer[i] = queue[(first + i) & (queue.length - 1)];
    }
    queue = longer;
    first = 0;
  }

  /** The node's sink has a free buffer again. */
  public void bufferFreed(ExecutionContext by) {
    if (lacksBuffer) {
      lacksBuffer = false;
      wake(by.id(), by.nowPs());
    }
  }

  /** Times that the thread spun because the next ring buffer was still in use. */
  public long bufferWaits() {
    return bufferWaits;
  }

  @Override
  public boolean isQuiescent() {
    return count == 0 && isIdle;
  }

  /** The thread's endless loop. */
  private final class Loop extends KernelPath {
    private static final int POLL = 0;
    private static final int TAKEN = 1;
    private static final int DISPATCH = 2;
    private static final int HAND_ON = 3;
    private static final int NEXT = 4;

    /** When the work on the completion at the queue's head began. */
    private static final int WORK_PS = 0;

    private static final int BATCH = 1;

    Loop() {
      super("poll receive completions");
    }

    @Override
    public boolean isShown() {
      return false;
    }

    @Override
    public String stepName(int step) {
      return switch (step) {
        case POLL, TAKEN -> "poll";
        case DISPATCH -> "dispatch";
        case HAND_ON -> "hand on";
        default -> "post receives";
      };
    }

    @Override
    @HotPath
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case POLL -> {
            idleSincePs = nowPs();
            frame.step = TAKEN;
            if (count == 0) {
              isIdle = true;
              beginWait("receive completions");
              return WAIT;
            }
            if (!advance(takeFirstPs() + network.poll.ps() + network.dispatch.ps() - nowPs())) {
              return WAIT;
            }
          }
          case TAKEN -> {
            network.poll.charge();
            frame.slot[WORK_PS] = takeFirstPs();
            frame.slot[BATCH] = batchAt(frame.slot[WORK_PS]);
            frame.step = DISPATCH;
          }
          case DISPATCH -> {
            network.dispatch.charge();
            node.stampDispatch(queue[first], frame.slot[WORK_PS]);
            frame.step = HAND_ON;
          }
          case HAND_ON -> {
            frame.step = NEXT;
            if (!handOn(frame)) {
              return WAIT;
            }
          }
          case NEXT -> {
            frame.slot[BATCH]--;
            if (frame.slot[BATCH] == 0) {
              frame.step = POLL;
            } else {
              frame.slot[WORK_PS] = nowPs();
              frame.step = DISPATCH;
              if (!advance(network.dispatch.ps())) {
                return WAIT;
              }
            }
          }
          default -> throw new IllegalStateException("step " + frame.step);
        }
      }
    }

    /** False when the path must wait: for a buffer, or while receives are posted again. */
    private boolean handOn(Frame frame) {
      Rpc rpc = queue[first];
      // Once handed on, a message may be recycled: read what is needed afterwards.
      Peer peer = node.peer(node.senderOf(rpc));
      int connection = rpc.connection;
      Rpc.Kind kind = rpc.kind;
      if (!node.handOn(rpc, PollThread.this)) {
        bufferWaits++;
        lacksBuffer = true;
        frame.step = HAND_ON;
        beginWait("a free buffer");
        return false;
      }
      first = (first + 1) & (queue.length - 1);
      count--;
      show(kind, frame.slot[WORK_PS]);
      // A burst of posts delays whatever comes next.
      if (!peer.countReceive(connection)) {
        return true;
      }
      long postPs = network.postReceivePs * network.params.receiveRefill();
      post.passed(PollThread.this, postPs);
      return advance(postPs);
    }

    private void show(Rpc.Kind kind, long workPs) {
      TimelineTrack track = track();
      if (track != null) {
        track.endedSlice(workPs, kind.completion);
      }
    }

    private long batchAt(long takenPs) {
      int batch = 1;
      while (batch < count
          && batch < network.params.pollBatch()
          && queue[(first + batch) & (queue.length - 1)].visiblePs <= takenPs) {
        batch++;
      }
      return batch;
    }
  }
}
