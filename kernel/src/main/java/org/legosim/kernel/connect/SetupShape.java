package org.legosim.kernel.connect;

import java.util.List;

/**
 * What the set-up of connections depends on apart from its own parameters.
 *
 * @param names the nodes' names, in the order of their numbers
 * @param queuePairs of each two nodes
 * @param pollThreads of each node
 * @param ringBytes of the ring for each peer
 * @param postReceivePs posting one receive
 * @param sendPs from posting the send of a ring's address until the other node has it
 */
public record SetupShape(
    List<String> names,
    int queuePairs,
    int pollThreads,
    long ringBytes,
    long postReceivePs,
    long sendPs) {
  public SetupShape {
    names = List.copyOf(names);
  }

  int nodes() {
    return names.size();
  }
}
