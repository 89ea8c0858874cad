package org.legosim.kernel.connect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.legosim.kernel.failure.FailurePlan;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;

/**
 * The connections of all nodes, as their boot leaves them: when each step is done, and who is connected.
 *
 * <p>Nodes act alone until they send each other where their rings are. That send reaches a node that has
 * made its end of the connection; before, the adapter sends again until its retries are used up.
 */
public final class Connections {
  private final ConnectParams params;
  private final SetupShape shape;
  private final List<NodeSetup> nodes = new ArrayList<>();
  private final boolean goesOnWithoutContext;

  /**
   * Boots all nodes.
   *
   * @throws ConfigException when the table of ports does not fit the nodes
   */
  public Connections(
      ConnectParams params, SetupShape shape, FailurePlan plan, ConnectDefects defects) {
    if (!params.lids().isEmpty() && params.lids().size() != shape.nodes()) {
      throw new ConfigException("fit.connect.lids: " + params.lids().size() + " numbers for "
          + shape.nodes() + " nodes (" + String.join(", ", shape.names())
          + "): give one for each, in that order, or []");
    }
    this.params = params;
    this.shape = shape;
    // LEGOOS-BUG: F-16, whoever fails to make its context boots on.
    this.goesOnWithoutContext = defects.goesOnWithoutContext();
    for (int node = 0; node < shape.nodes(); node++) {
      nodes.add(new NodeSetup(node, params, shape, plan));
    }
    nodes.forEach(NodeSetup::run);
    nodes.forEach(node -> node.sendAddresses(nodes));
    nodes.forEach(NodeSetup::finish);
  }

  /** When programs can start: the last node is ready. 0 when nodes have booted before time begins. */
  public long startPs() {
    return params.when() == ConnectParams.When.SIMULATED ? endPs() : 0;
  }

  private long endPs() {
    return nodes.stream().mapToLong(NodeSetup::endPs).max().orElse(0);
  }

  /** False for a node whose context is a NULL pointer, and which has booted on. */
  public boolean hasContext(int node) {
    return !(goesOnWithoutContext && nodes.get(node).lacksContext());
  }

  /**
   * A node is to start programs.
   *
   * @throws InvariantViolation when it is not connected, and its kernel knows
   */
  public void verifyStarts(int number) {
    NodeSetup node = nodes.get(number);
    if (node.isStopped() && hasContext(number)) {
      String others = nodes.stream()
          .filter(other -> other != node && other.isStopped())
          .map(other -> "\n  " + other.name() + ": " + other.stop())
          .collect(Collectors.joining());
      throw new InvariantViolation(
          "boot: " + node.name() + ": " + node.stop() + "; no program starts" + others);
    }
  }

  /** Number of the queue pair at the other end of a connection. */
  public int remoteQueuePair(int node, int remote, int connection) {
    return NodeSetup.remoteQueuePair(params, shape, node, remote, connection);
  }

  /** Number of a node's own queue pair of a connection. */
  public int localQueuePair(int node, int remote, int connection) {
    int before = remote > node ? remote - 1 : remote;
    return params.firstQueuePair() + before * shape.queuePairs() + connection;
  }

  /** All steps of all nodes in the order of time. */
  public List<SetupStep> steps() {
    return nodes.stream()
        .flatMap(node -> node.steps().stream())
        .sorted(Comparator.comparingLong(SetupStep::timePs))
        .toList();
  }

  /** The table that the kernel prints, and each step of each node. */
  public String text() {
    StringBuilder out = new StringBuilder("NodeID  node   LID    QPN\n");
    for (int node = 0; node < shape.nodes(); node++) {
      out.append(String.format(
          Locale.ROOT,
          "%6d  %-5s %4d %6d\n",
          node,
          shape.names().get(node),
          params.lidOf(node),
          params.firstQueuePair()));
    }
    for (SetupStep step : steps()) {
      out.append(step.line(shape.names().get(step.node())));
    }
    return out.toString();
  }

  /** The same as Markdown, without the table of nodes. */
  public String markdown() {
    StringBuilder out = new StringBuilder("| time | node | step | |\n|---|---|---|---|\n");
    for (SetupStep step : steps()) {
      out.append("| ")
          .append(SetupStep.seconds(step.timePs()).strip())
          .append(" s | ")
          .append(shape.names().get(step.node()))
          .append(" | ")
          .append(step.stage().title())
          .append(" | ")
          .append(step.text())
          .append(" |\n");
    }
    return out.toString();
  }
}
