package org.legosim.kernel.processor;

import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/** Paths that carry no state of their own. */
final class KernelPaths {
  /** Kernel work that costs nothing and ends at once. */
  static final KernelPath NOTHING = new KernelPath("nothing") {
    @Override
    public int resume(Frame frame) {
      return DONE;
    }
  };

  private KernelPaths() {}
}
