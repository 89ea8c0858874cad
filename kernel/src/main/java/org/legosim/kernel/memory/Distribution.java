package org.legosim.kernel.memory;

import java.util.List;

/**
 * The memory nodes that share address spaces, and the monitor that they ask.
 *
 * @param nodes all of them, in the order of their numbers
 */
record Distribution(List<MemoryNode> nodes, MemoryMonitor monitor) {
  /** A node by its number in the RPC layer. */
  MemoryNode node(int number) {
    for (MemoryNode node : nodes) {
      if (node.number() == number) {
        return node;
      }
    }
    throw new org.legosim.timing.ModelException("node " + number + " is no memory node");
  }
}
