package org.legosim.kernel.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.hardware.network.Network;
import org.legosim.kernel.connect.Connections;
import org.legosim.kernel.connect.SetupShape;
import org.legosim.kernel.failure.FailurePlan;
import org.legosim.kernel.failure.Outages;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.HopRow;

/**
 * The RPC layer of all nodes: what they share is the fabric and the pool of messages in flight. Nodes
 * are added in the order of their numbers, then {@link #connect} makes the connections of each pair,
 * as the real kernel does at boot ({@link Connections}).
 */
public final class FitNetwork {
  /** A ring's address and key. */
  private static final long RING_ADDRESS_BYTES = 16;

  final Simulation simulation;
  final FitParams params;
  final Network fabric;
  final Cost reserve;
  final Cost slot;
  final Cost post;
  final Cost poll;
  final Cost dispatch;
  final Cost allocate;
  final Cost copy;
  final PageChecksum checksum;
  final PageTransit transit;
  final FitDefects defects;
  final long pollPeriodPs;
  final long postReceivePs;

  @Nullable
  LostMessages lost;

  private Outages outages = new Outages(FailurePlan.NONE, List.of());
  private final List<FitNode> nodes = new ArrayList<>();
  private Rpc[] rpcs = new Rpc[0];
  private int[] freeRpcs = new int[0];
  private int freeCount;

  public FitNetwork(Simulation simulation, FitParams params, Network fabric) {
    this(simulation, params, fabric, FitDefects.NONE, false);
  }

  /** @param judgesWarnings a page that arrives changed ends the run */
  public FitNetwork(
      Simulation simulation,
      FitParams params,
      Network fabric,
      FitDefects defects,
      boolean judgesWarnings) {
    this.defects = defects;
    this.simulation = simulation;
    this.params = params;
    this.fabric = fabric;
    Ledger ledger = simulation.ledger();
    FitCosts costs = params.costs();
    reserve = ledger.cost(costs.reserve());
    slot = ledger.cost(costs.slot());
    post = ledger.cost(costs.post());
    poll = ledger.cost(costs.poll());
    dispatch = ledger.cost(costs.dispatch());
    allocate = ledger.cost(costs.allocate());
    copy = ledger.cost(costs.copy());
    checksum = new PageChecksum(
        params.hasPageChecksums(), ledger.cost(costs.pageChecksum()), judgesWarnings);
    transit = new PageTransit(defects.flipsBits());
    pollPeriodPs = costs.pollPeriod().value();
    postReceivePs = costs.postReceive().value();
  }

  /** The checksums of pages in its messages. */
  public PageChecksum checksum() {
    return checksum;
  }

  /** The next node; its number is its position. */
  public FitNode addNode(String name) {
    FitNode node = new FitNode(this, nodes.size(), name);
    nodes.add(node);
    return node;
  }

  /** Makes every connection; called once, when all nodes are there. */
  public Connections connect() {
    List<String> names = nodes.stream().map(FitNode::name).toList();
    FailurePlan plan = FailurePlan.of(params.failures(), names);
    outages = new Outages(plan, names);
    if (outages.mayCut()) {
      lost = new LostMessages(this, outages, params.connect());
    }
    Connections made = new Connections(params.connect(), shape(names), plan, defects.connect());
    for (FitNode node : nodes) {
      node.connect(nodes.size(), made.hasContext(node.number()));
    }
    return made;
  }

  private SetupShape shape(List<String> names) {
    long sendPs = nodes.size() < 2 ? 0 : post.ps() + fabric.idleDeliveryPs(RING_ADDRESS_BYTES);
    return new SetupShape(
        names,
        params.queuePairs(),
        params.pollThreads(),
        params.ringBytes(),
        postReceivePs,
        sendPs);
  }

  Outages outages() {
    return outages;
  }

  /** Messages that never arrived. */
  public long lostMessages() {
    return lost == null ? 0 : lost.lost();
  }

  /** What the configured failures have done to messages and calls, a line each. */
  public List<String> failureReport() {
    List<String> lines = new ArrayList<>();
    for (String failure : params.failures().failures()) {
      lines.add("failure: " + failure);
    }
    if (lines.isEmpty()) {
      return lines;
    }
    if (lost != null) {
      lines.addAll(lost.report());
    }
    for (FitNode node : nodes) {
      FitCounters counters = node.counters();
      if (counters.timeouts() > 0) {
        lines.add("failure: " + counters.timeouts() + " calls of " + node.name()
            + " timed out; " + node.leakedSlots() + " of its " + params.replySlots()
            + " reply slots are lost, " + counters.lateReplies() + " replies came too late");
      }
    }
    return lines;
  }

  public FitNode node(int number) {
    return nodes.get(number);
  }

  public List<FitNode> nodes() {
    return List.copyOf(nodes);
  }

  @HotPath
  Rpc take(Request request) {
    if (freeCount == 0) {
      grow();
    }
    Rpc rpc = rpcs[freeRpcs[--freeCount]];
    rpc.begin(request, simulation.nowPs());
    return rpc;
  }

  @HotPath
  Rpc rpc(int index) {
    return rpcs[index];
  }

  @HotPath
  void release(Rpc rpc) {
    rpc.caller = null;
    rpc.completionWaiter = null;
    freeRpcs[freeCount++] = rpc.index;
  }

  /** Traffic of each hop below, where the network's level tells. */
  public List<HopRow> hops() {
    return fabric.hops();
  }

  public int inFlight() {
    return rpcs.length - freeCount;
  }

  /**
   * Checks that nothing is in flight and nothing was lost: every byte that was sent was received, no
   * ring holds an unread message, and every reply slot is free or was leaked by a timeout.
   */
  public void verifyConservation() {
    fabric.verifyIdle();
    if (inFlight() != 0) {
      throw new InvariantViolation(inFlight() + " messages are in flight at the end of the run");
    }
    long sent = 0;
    long received = 0;
    for (FitNode node : nodes) {
      node.verifyIdle();
      sent += node.counters().sentBytes();
      received += node.counters().receivedBytes();
    }
    long lostBytes = lost == null ? 0 : lost.lostBytes();
    if (sent != received + lostBytes) {
      throw new InvariantViolation("the nodes sent " + sent
          + " bytes to each other and received " + received
          + (lost == null ? "" : "; " + lostBytes + " were lost"));
    }
  }

  private void grow() {
    int before = rpcs.length;
    int after = Math.max(16, 2 * before);
    rpcs = Arrays.copyOf(rpcs, after);
    freeRpcs = Arrays.copyOf(freeRpcs, after);
    Request blank = new Request();
    for (int i = after - 1; i >= before; i--) {
      rpcs[i] = new Rpc(i, blank);
      freeRpcs[freeCount++] = i;
    }
  }
}
