package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.TimeCategory;

/**
 * A kernel thread with a CPU of its own that runs one path after the other and is idle in between. It
 * has no clock: its time is nobody's.
 */
public final class PinnedThread extends KernelContext {
  private final int cpuIndex;
  private KernelPath sendReply;
  private KernelPath shootdown;
  private KernelPath work;
  private Runnable onIdle = () -> {};

  public PinnedThread(Simulation simulation, String name, int cpuIndex) {
    super(simulation, name);
    this.cpuIndex = cpuIndex;
    this.sendReply = new Missing("sends requests");
    this.shootdown = new Missing("flushes translations");
    this.work = new Missing("has work");
  }

  /** Gives the thread its path for requests, which needs the thread to be built. */
  public void wire(KernelPath sendReplyPath) {
    this.sendReply = sendReplyPath;
  }

  /** Gives the thread its path for shootdowns; one that unmaps nothing needs none. */
  public void wireShootdown(KernelPath shootdownPath) {
    this.shootdown = shootdownPath;
  }

  /** What the thread runs whenever it is woken, and what follows. */
  void onWork(KernelPath path, Runnable idle) {
    work = path;
    onIdle = idle;
  }

  @Override
  public void onEvent(long payload) {
    if (!isCurrent(payload)) {
      return;
    }
    if (stack.isEmpty()) {
      stack.call(work);
    }
    if (stack.run() == KernelPath.DONE) {
      onIdle.run();
    }
  }

  @Override
  public int cpuIndex() {
    return cpuIndex;
  }

  @Override
  public KernelPath sendReply() {
    return sendReply;
  }

  @Override
  public KernelPath shootdown() {
    return shootdown;
  }

  @Override
  public void stamp(TimeCategory category) {}

  @Override
  public void stampRequest() {}

  private static final class Missing extends KernelPath {
    Missing(String what) {
      super("a thread that was not wired " + what);
    }

    @Override
    public int resume(org.legosim.timing.engine.Frame frame) {
      throw new ModelException(name());
    }
  }
}
