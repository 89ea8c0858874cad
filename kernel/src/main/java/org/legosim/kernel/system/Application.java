package org.legosim.kernel.system;

import org.legosim.timing.trace.TraceImage;

/**
 * A trace as an application of the system.
 *
 * @param trace its records
 * @param startPs when its first threads become runnable
 * @param node the processor node that it runs on, or {@link #ANY_NODE}
 */
public record Application(TraceImage trace, long startPs, int node) {
  /** The monitor of the processor nodes says where it runs. */
  public static final int ANY_NODE = -1;

  /** An application that runs where the monitor says. */
  public Application(TraceImage trace, long startPs) {
    this(trace, startPs, ANY_NODE);
  }
}
