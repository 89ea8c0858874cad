package org.legosim.kernel.processor;

import org.legosim.timing.engine.HotPath;

/** One CPU's reports to an {@link AccessAudit}; costs a test when nobody listens. */
@HotPath
final class AuditPoint {
  private final AccessAudit audit;
  private final boolean isOn;
  private final AccessAudit.Access access = new AccessAudit.Access();

  AuditPoint(AccessAudit audit, int cpu) {
    this.audit = audit;
    this.isOn = audit != AccessAudit.NONE;
    access.cpu = cpu;
  }

  boolean isOn() {
    return isOn;
  }

  /** The CPU runs in another address space from now on. */
  void load(int space) {
    access.space = space;
  }

  void access(int tid, long address, long frame, boolean isStore, long timePs) {
    if (isOn) {
      access.tid = tid;
      access.address = address;
      access.frame = frame;
      access.isStore = isStore;
      access.timePs = timePs;
      audit.access(access);
    }
  }
}
