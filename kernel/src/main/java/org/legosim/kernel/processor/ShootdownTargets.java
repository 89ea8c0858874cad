package org.legosim.kernel.processor;

/** What a shootdown needs to know of the CPUs of its node. */
public interface ShootdownTargets {
  /** The next CPU after {@code previous} that may hold translations of the space, or -1. */
  int next(int previous, int initiator, int space);

  boolean isSameSocket(int cpu, int other);

  void flushLocal(int cpu, int space, long address, long pages);

  /** Interrupts {@code target} at {@code arrivalPs}; it then serves {@code path} and acknowledges. */
  void interrupt(int sender, int target, long arrivalPs, ShootdownPath path);
}
