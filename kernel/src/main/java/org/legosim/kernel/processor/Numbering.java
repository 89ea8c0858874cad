package org.legosim.kernel.processor;

/** How the firmware numbers logical CPUs. */
public enum Numbering {
  /** Consecutive numbers alternate between sockets; second hyperthreads follow all first ones. */
  ALTERNATING,
  /** All first hyperthreads of socket 0, then of socket 1; second hyperthreads follow. */
  BLOCKS
}
