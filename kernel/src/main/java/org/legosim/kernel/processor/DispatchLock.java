package org.legosim.kernel.processor;

import org.legosim.timing.engine.KernelLock;

/**
 * The developers' big lock around the dispatch of system calls, or no lock. A call that sleeps gives it up, as it
 * must: the call that wakes it needs the lock too.
 */
final class DispatchLock {
  private final boolean isOn;
  private final KernelLock lock = new KernelLock("big system-call lock");

  DispatchLock(boolean isOn) {
    this.isOn = isOn;
  }

  boolean isOn() {
    return isOn;
  }

  /** As {@link KernelLock#acquire}; true at once when there is no lock. */
  boolean enter(Cpu cpu) {
    return !isOn || lock.acquire(cpu);
  }

  void leave(Cpu cpu) {
    if (isOn) {
      lock.release(cpu, 0);
    }
  }
}
