package org.legosim.timing.engine;

import org.legosim.timing.timeline.SliceDetails;

/**
 * A piece of kernel code that may wait. {@link #resume} is a switch over the path's named steps that
 * falls through while nothing blocks. Before anything that may block, the path stores the step to
 * continue with in {@link Frame#step}.
 */
public abstract class KernelPath {
  /** The path is finished; its caller continues. */
  public static final int DONE = 0;

  /** Another path was pushed by {@link KernelStack#call}; this one continues when that is done. */
  public static final int CALL = 1;

  /** The context waits for time to pass or to be woken; this path continues then. */
  public static final int WAIT = 2;

  static final KernelPath NONE = new KernelPath("none") {
    @Override
    public int resume(Frame frame) {
      return DONE;
    }
  };

  private final String name;

  protected KernelPath(String name) {
    this.name = name;
  }

  public final String name() {
    return name;
  }

  /**
   * Runs from {@link Frame#step} on.
   *
   * @return {@link #DONE}, {@link #CALL} or {@link #WAIT}
   */
  public abstract int resume(Frame frame);

  /** False for an endless loop, which a timeline leaves out; so are the waits of its own. */
  public boolean isShown() {
    return true;
  }

  /**
   * Gives a timeline the values of the slice that begins, and another name than the path's where that
   * says too little. Changes nothing of the run.
   */
  public void showBegin(Frame frame, SliceDetails details) {}

  /** As {@link #showBegin}, for what is known when the path ends. */
  public void showEnd(Frame frame, SliceDetails details) {}

  /** Name of a step for dumps; paths override it where a number says too little. */
  public String stepName(int step) {
    return "step " + step;
  }
}
