package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.engine.KernelPath;

/** Waits that a script of {@link PcacheHarness} makes by itself. */
final class HarnessPaths {
  private HarnessPaths() {}

  static final class Acquire extends KernelPath {
    private final KernelContext context;
    private final KernelLock lock;

    Acquire(KernelContext context, KernelLock lock) {
      super("acquire " + lock.name());
      this.context = context;
      this.lock = lock;
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == 0) {
        frame.step = 1;
        return lock.acquire(context) ? DONE : WAIT;
      }
      return DONE;
    }
  }

  static final class Sleep extends KernelPath {
    private final KernelContext context;
    private final long timePs;

    Sleep(KernelContext context, long timePs) {
      super("sleep");
      this.context = context;
      this.timePs = timePs;
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == 0 && context.nowPs() < timePs) {
        frame.step = 1;
        context.resumeAt(timePs);
        return WAIT;
      }
      return DONE;
    }
  }
}
