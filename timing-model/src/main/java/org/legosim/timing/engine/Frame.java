package org.legosim.timing.engine;

/** One pooled frame of a kernel stack: the path, its next step and its locals. */
public final class Frame {
  /** Locals that a path may keep across a wait. */
  public static final int SLOTS = 16;

  /** Step at which the path resumes; 0 when it is called. */
  public int step;

  /** Locals, named by the path's own constants; undefined when it is called, except arguments. */
  public final long[] slot = new long[SLOTS];

  /** A timeline shows the path's slice. */
  boolean isShown;

  KernelPath path = KernelPath.NONE;
}
