package org.legosim.kernel.fit;

import java.util.List;
import org.legosim.kernel.connect.ConnectParams;
import org.legosim.kernel.failure.Outages;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.timing.Units;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Simulation;

/**
 * Messages that do not get through: the adapter sends each again until somebody acknowledges it, and gives up
 * when its retries are used up. Nobody is told but the sender that polls for the completion, and that gives up
 * earlier: the caller of a request finds out by its time-out.
 *
 * <p>A message that is sent again may be overtaken by a later one of its connection, which a real adapter
 * would hold back as well.
 */
final class LostMessages implements Actor {
  /** A sender polls for its completion at most so long. */
  private static final long COMPLETION_LIMIT_PS = 20 * Units.PS_PER_SECOND;

  private static final int NODE_BITS = 16;
  private static final int RPC_SHIFT = 2 * NODE_BITS;

  private final FitNetwork network;
  private final Outages outages;
  private final long ackTimeoutPs;
  private final int retries;
  private final int actorId;
  private long lost;
  private long lostBytes;
  private long lostPages;
  private long sentAgain;
  private int held;

  LostMessages(FitNetwork network, Outages outages, ConnectParams params) {
    this.network = network;
    this.outages = outages;
    this.ackTimeoutPs = params.ackTimeoutPs();
    this.retries = params.retries();
    this.actorId = network.simulation.register(this);
  }

  boolean isCut(int from, int to, long nowPs) {
    return outages.isCut(from, to, nowPs);
  }

  /** A message was posted that cannot reach its target now. */
  void hold(ExecutionContext sender, FitNode from, Rpc rpc, int to) {
    Simulation simulation = network.simulation;
    long nowPs = simulation.nowPs();
    for (int again = 1; again <= retries; again++) {
      long timePs = nowPs + again * ackTimeoutPs;
      if (!outages.isCut(from.number(), to, timePs)) {
        sentAgain += again;
        held++;
        limitCompletion(sender, rpc, again * ackTimeoutPs);
        simulation.schedule(
            sender.id(),
            actorId,
            Simulation.PRIORITY_HARDWARE,
            timePs,
            ((long) rpc.index << RPC_SHIFT) | ((long) from.number() << NODE_BITS) | to);
        return;
      }
    }
    sentAgain += retries;
    lost++;
    lostBytes += rpc.bytes;
    limitCompletion(sender, rpc, Long.MAX_VALUE);
    lose(from, rpc, to);
  }

  private static void limitCompletion(ExecutionContext sender, Rpc rpc, long delayPs) {
    ExecutionContext waiter = rpc.completionWaiter;
    if (delayPs <= COMPLETION_LIMIT_PS) {
      return;
    }
    rpc.awaitsCompletion = false;
    rpc.completionWaiter = null;
    if (waiter != null) {
      waiter.wake(sender.id(), sender.nowPs() + COMPLETION_LIMIT_PS);
    }
  }

  private void lose(FitNode from, Rpc rpc, int to) {
    if (rpc.kind == Rpc.Kind.REQUEST || rpc.kind == Rpc.Kind.ONE_WAY) {
      network.node(to).peer(from.number()).lose(rpc);
      boolean carriesPage = rpc.request.opcode == Opcode.PCACHE_FLUSH || rpc.request.carriesFlush;
      lostPages += carriesPage ? 1 : 0;
    }
    switch (rpc.kind) {
      case REQUEST, REPLY -> network.node(rpc.source).lostCall(rpc);
      case ONE_WAY, RING_ACK -> network.release(rpc);
    }
  }

  /** A message gets through at last. */
  @Override
  public void onEvent(long payload) {
    int nodeMask = (1 << NODE_BITS) - 1;
    Rpc rpc = network.rpc((int) (payload >>> RPC_SHIFT));
    held--;
    rpc.stampNetworkQueue(network.simulation.nowPs());
    network
        .node(((int) (payload >>> NODE_BITS)) & nodeMask)
        .transmitNow(actorId, rpc, (int) payload & nodeMask);
  }

  long lost() {
    return lost;
  }

  long lostBytes() {
    return lostBytes;
  }

  long sentAgain() {
    return sentAgain;
  }

  @Override
  public String name() {
    return "adapters that send again";
  }

  @Override
  public boolean isQuiescent() {
    return held == 0;
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(held).append(" messages to be sent again");
  }

  /** Lines about what was lost; empty when nothing was. */
  List<String> report() {
    return lost == 0 && sentAgain == 0
        ? List.of()
        : List.of("failure: " + lost + " messages of " + lostBytes
            + " bytes never arrived, " + lostPages
            + " of them with a dirty page, whose last stores are lost; adapters sent again "
            + sentAgain + " times");
  }
}
