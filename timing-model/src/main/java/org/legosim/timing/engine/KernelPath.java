package org.legosim.timing.engine;

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

  /** Name of a step for dumps; paths override it where a number says too little. */
  public String stepName(int step) {
    return "step " + step;
  }
}
