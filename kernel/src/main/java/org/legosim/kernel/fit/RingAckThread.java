package org.legosim.kernel.fit;

import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.BoundedPort;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.TimelineTrack;

/**
 * The pinned kernel thread that tells the writers of this node's rings how far they were read, and
 * that receives the same from the readers of the rings that this node writes.
 */
final class RingAckThread extends ExecutionContext {
  private static final int PEER_BITS = 16;
  private static final int JOBS_MAX = 1024;

  private final FitNode node;
  private final BoundedPort jobs;
  private final Request nothing = new Request();
  private boolean isIdle;

  RingAckThread(FitNode node, String name) {
    super(node.network.simulation, name);
    this.node = node;
    this.jobs = new BoundedPort(name + " jobs", JOBS_MAX);
  }

  void start() {
    stack.call(new Loop());
    stack.run();
  }

  /** Job: tell {@code peer} that its ring here was read up to {@code offset}. */
  void acknowledge(ExecutionContext by, int peer, long offset) {
    add(by, (offset << PEER_BITS | peer) << 1);
  }

  /** Job: {@code peer} has read this node's ring up to {@code offset}. */
  void acknowledged(ExecutionContext by, int peer, long offset) {
    add(by, (offset << PEER_BITS | peer) << 1 | 1);
  }

  private void add(ExecutionContext by, long job) {
    if (!jobs.offer(job)) {
      throw new ModelException(name() + " has more than " + JOBS_MAX + " jobs");
    }
    if (isIdle) {
      isIdle = false;
      wake(by.id(), by.nowPs() + node.network.pollPeriodPs);
    }
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  @Override
  public boolean isQuiescent() {
    return isIdle;
  }

  private final class Loop extends KernelPath {
    private static final int TAKE = 0;
    private static final int WORK = 1;
    private static final int POSTED = 2;
    private static final int JOB = 0;

    Loop() {
      super("ring acknowledgements");
    }

    @Override
    public boolean isShown() {
      return false;
    }

    @Override
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case TAKE -> {
            if (jobs.isEmpty()) {
              isIdle = true;
              beginWait("work");
              return WAIT;
            }
            frame.slot[JOB] = jobs.take();
            frame.step = WORK;
          }
          case WORK -> {
            if ((frame.slot[JOB] & 1) != 0) {
              node.peer(peerOf(frame)).acknowledged(RingAckThread.this, offsetOf(frame));
              frame.step = TAKE;
            } else {
              frame.step = POSTED;
              if (!advance(node.network.post.ps())) {
                return WAIT;
              }
            }
          }
          case POSTED -> {
            frame.step = TAKE;
            showPost();
            if (post(peerOf(frame), offsetOf(frame))) {
              return WAIT;
            }
          }
          default -> throw new IllegalStateException("step " + frame.step);
        }
      }
    }

    private void showPost() {
      TimelineTrack track = track();
      if (track != null) {
        track.endedSlice(nowPs() - node.network.post.ps(), "ring acknowledgement");
      }
    }

    private int peerOf(Frame frame) {
      return (int) (frame.slot[JOB] >>> 1) & ((1 << PEER_BITS) - 1);
    }

    private long offsetOf(Frame frame) {
      return frame.slot[JOB] >>> (PEER_BITS + 1);
    }

    /** Sends the zero-byte message that carries an offset; true when its completion is awaited. */
    private boolean post(int number, long offset) {
      Peer peer = node.peer(number);
      Rpc rpc = node.network.take(nothing);
      rpc.kind = Rpc.Kind.RING_ACK;
      rpc.source = node.number();
      rpc.target = number;
      rpc.connection = peer.takeConnection();
      rpc.bytes = 0;
      rpc.ringOffset = offset;
      rpc.awaitsCompletion = peer.awaitsCompletion();
      rpc.completionWaiter = rpc.awaitsCompletion ? RingAckThread.this : null;
      boolean awaits = rpc.awaitsCompletion;
      node.counters().ringAcks++;
      if (awaits) {
        beginWait("the completion of a ring acknowledgement");
      }
      node.transmit(RingAckThread.this, rpc, number);
      return awaits;
    }
  }
}
