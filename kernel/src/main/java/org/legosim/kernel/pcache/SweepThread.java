package org.legosim.kernel.pcache;

import org.legosim.timing.engine.ExecutionContext;

/** The thread that sweeps the replacement lists, pinned; it runs from the first access to the last. */
public final class SweepThread {
  private final PinnedThread thread;
  private final SweepPath path;

  public SweepThread(Pcache pcache, PinnedThread thread) {
    this.thread = thread;
    this.path = new SweepPath(pcache, thread);
    thread.onWork(path, () -> {});
  }

  /** Begins the first pass; {@code by} is the actor that acts now. */
  public void start(ExecutionContext by) {
    thread.wake(by.id(), by.nowPs());
  }

  /** Ends the thread; the pass that is under way stops at its next set. */
  public void stop(ExecutionContext by) {
    if (path.stop() && !thread.stack().isEmpty()) {
      thread.wake(by.id(), by.nowPs());
    }
  }
}
