package org.legosim.kernel.memory;

/** How the monitor of the memory nodes chooses the node of a new mapping. */
public enum Placement {
  /** Nobody is asked: everything of a process is at its home node. */
  HOME,
  /** In turn, several requests each. */
  ROUND_ROBIN,
  /** The node with the fewest misses and flushes so far, looked up again after several requests. */
  TRAFFIC,
  /** The node that reported the most free memory. */
  FREE_MEMORY
}
