package org.legosim.kernel.connect;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.failure.Failure;
import org.legosim.kernel.failure.FailurePlan;
import org.legosim.timing.Units;

/**
 * What one node does alone: from its power button to the pause in which it waits for the others. Everything
 * takes place on one CPU, one thing after the other.
 */
final class NodeSetup {
  /** A peer's queue pairs are never ready. */
  static final long NEVER_PS = Long.MAX_VALUE;

  private final int node;
  private final String name;
  private final ConnectParams params;
  private final SetupShape shape;
  private final FailurePlan plan;
  private final List<SetupStep> steps = new ArrayList<>();
  private final long[] answersPs;
  private final long[] receivesPs;
  private long nowPs;
  private String stop = "";
  private boolean lacksContext;

  NodeSetup(int node, ConnectParams params, SetupShape shape, FailurePlan plan) {
    this.node = node;
    this.name = shape.names().get(node);
    this.params = params;
    this.shape = shape;
    this.plan = plan;
    this.answersPs = new long[shape.nodes()];
    this.receivesPs = new long[shape.nodes()];
    java.util.Arrays.fill(answersPs, NEVER_PS);
    java.util.Arrays.fill(receivesPs, NEVER_PS);
  }

  /** Goes on until the pause has ended, or until the node can go on no more. */
  void run() {
    nowPs = plan.value(Failure.Kind.BOOT_LATE, name, 0);
    waitForMads();
    step(SetupStep.Stage.CLIENT, "client registered");
    pollPort();
    if (!compareLid() || !makeQueuePairs()) {
      return;
    }
    threadsAndRings();
    for (int peer = 0; peer < shape.nodes(); peer++) {
      if (peer != node) {
        connect(peer);
      }
    }
    nowPs += params.sleepPs();
    step(SetupStep.Stage.SLEEP, "the others should be there now");
  }

  private void waitForMads() {
    long refused = plan.value(Failure.Kind.MAD_IFC, name, 0);
    for (long mad = 0; mad < refused; mad++) {
      nowPs += params.madInterval().value();
      step(SetupStep.Stage.MADS, "ib_process_mad mad_ifc fails");
    }
    long lost = plan.value(Failure.Kind.MADS_LOST, name, 0);
    nowPs += params.madInterval().value() * (lost + params.mads());
    step(
        SetupStep.Stage.MADS,
        params.mads() + " receptions" + (lost == 0 ? "" : ", " + lost + " more were lost"));
  }

  private void pollPort() {
    long activePs = nowPs + plan.value(Failure.Kind.PORT_LATE, name, 0);
    long looks = 1;
    while (nowPs < activePs) {
      nowPs += params.portPollPs();
      looks++;
    }
    step(SetupStep.Stage.PORT, "active after " + looks + (looks == 1 ? " look" : " looks"));
  }

  private boolean compareLid() {
    int expected = params.lidOf(node);
    long lid = plan.value(Failure.Kind.LID, name, expected);
    if (lid != expected) {
      stop = "halts: its port has LID " + lid + ", the table that its kernel was built with says "
          + expected;
      step(SetupStep.Stage.LID, stop);
      return false;
    }
    step(SetupStep.Stage.LID, lid + ", as in the table");
    return true;
  }

  private boolean makeQueuePairs() {
    step(
        SetupStep.Stage.CONTEXT,
        "1 protection domain, 1 key for all memory, " + (shape.pollThreads() + 1)
            + " completion queues");
    long failing = plan.value(Failure.Kind.MODIFY_QP, name, -1);
    int count = (shape.nodes() - 1) * shape.queuePairs();
    for (int pair = 0; pair < count; pair++) {
      nowPs += params.createQueuePair().value() + params.modifyQueuePair().value();
      if (pair == failing) {
        lacksContext = true;
        stop = "Fail to modify qp[" + pair + "], Fail to do client_init_ctx";
        step(SetupStep.Stage.QUEUE_PAIRS, stop);
        return false;
      }
    }
    step(
        SetupStep.Stage.QUEUE_PAIRS,
        count + " in INIT, numbers " + params.firstQueuePair() + " to "
            + (params.firstQueuePair() + count - 1));
    return true;
  }

  private void threadsAndRings() {
    StringBuilder threads = new StringBuilder();
    for (int thread = 0; thread < shape.pollThreads(); thread++) {
      threads.append("FIT_RecvCQ-").append(thread).append(", ");
    }
    step(SetupStep.Stage.THREADS, threads + "FIT_WQ_Handler pinned");
    step(SetupStep.Stage.RINGS, (shape.nodes() - 1) + " of " + shape.ringBytes() + " bytes");
  }

  /** Takes a peer's queue pairs to RTR and RTS, and posts receives on each. */
  private void connect(int peer) {
    answersPs[peer] = nowPs + params.modifyQueuePair().value();
    for (int pair = 0; pair < shape.queuePairs(); pair++) {
      // conn 0 has one more, which takes the ring's address
      int receives = params.receives() + (pair == 0 ? 1 : 0);
      nowPs += 2 * params.modifyQueuePair().value() + receives * shape.postReceivePs();
      if (pair == 0) {
        receivesPs[peer] = nowPs;
      }
    }
    step(
        SetupStep.Stage.CONNECT,
        shape.names().get(peer) + ": " + shape.queuePairs() + " to RTR and RTS, "
            + params.receives() + " receives each, remote numbers from "
            + remoteQueuePair(params, shape, node, peer, 0));
  }

  /** Number of the queue pair at {@code remote} that connection {@code connection} of {@code node} leads to. */
  static int remoteQueuePair(
      ConnectParams params, SetupShape shape, int node, int remote, int connection) {
    int before = remote > node ? node : node - 1;
    return params.firstQueuePair() + before * shape.queuePairs() + connection;
  }

  /** Sends the rings' addresses, one peer after the other; each send is waited for. */
  void sendAddresses(List<NodeSetup> all) {
    for (NodeSetup peer : all) {
      if (peer == this || isStopped()) {
        continue;
      }
      if (!sendAddress(peer)) {
        stop = "its connection to " + peer.name + " has failed";
      }
    }
  }

  private boolean sendAddress(NodeSetup peer) {
    long firstPs = nowPs;
    int again = 0;
    long notReady = 0;
    while (nowPs < peer.receivesPs[node]) {
      if (nowPs >= peer.answersPs[node]) {
        nowPs += ConnectParams.RECEIVER_NOT_READY_PS; // rnr_retry 7: for ever
        notReady++;
        continue;
      }
      nowPs += params.ackTimeoutPs();
      if (again == params.retries()) {
        step(
            SetupStep.Stage.ADDRESSES,
            "to " + peer.name + ": no answer in " + (again + 1) + " attempts, "
                + (nowPs - firstPs) / Units.PS_PER_MS + " ms");
        return false;
      }
      again++;
    }
    nowPs += shape.sendPs();
    step(
        SetupStep.Stage.ADDRESSES,
        "to " + peer.name
            + (again == 0 ? "" : ", sent again " + again + " times for want of an answer")
            + (notReady == 0 ? "" : ", " + notReady + " times for want of a receive"));
    peer.joined(this, nowPs);
    return true;
  }

  private final List<String> joined = new ArrayList<>();
  private long lastJoinPs;

  private void joined(NodeSetup sender, long timePs) {
    joined.add(sender.name);
    lastJoinPs = Math.max(lastJoinPs, timePs);
  }

  /** All have sent what they will ever send. */
  void finish() {
    if (isStopped()) {
      return;
    }
    if (joined.size() < shape.nodes() - 1) {
      List<String> missing = new ArrayList<>(shape.names());
      missing.removeAll(joined);
      missing.remove(name);
      stop = "waits for ever for the rings' addresses of " + String.join(", ", missing);
      step(SetupStep.Stage.JOIN, stop);
      return;
    }
    nowPs = Math.max(nowPs, lastJoinPs);
    step(SetupStep.Stage.JOIN, "FIT layer ready to go");
  }

  private void step(SetupStep.Stage stage, String text) {
    steps.add(new SetupStep(node, nowPs, stage, text));
  }

  List<SetupStep> steps() {
    return steps;
  }

  String name() {
    return name;
  }

  /** When the node has done all that it does. */
  long endPs() {
    return nowPs;
  }

  boolean isStopped() {
    return !stop.isEmpty();
  }

  /** Why it is not connected; empty when it is. */
  String stop() {
    return stop;
  }

  boolean lacksContext() {
    return lacksContext;
  }
}
