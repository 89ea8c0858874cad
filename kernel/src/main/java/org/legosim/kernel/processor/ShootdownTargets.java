package org.legosim.kernel.processor;

import org.legosim.kernel.smp.CallDescriptor;

/** What a shootdown needs to know of the CPUs of its node. */
public interface ShootdownTargets {
  /** CPUs of the node. */
  int cpuCount();

  /**
   * The CPUs that may hold translations of the space, as {@code mm_cpumask} has them.
   *
   * @param found gets their numbers, lowest first
   * @return how many there are, {@code initiator} not counted
   */
  int holders(int initiator, int space, int[] found);

  boolean isSameSocket(int cpu, int other);

  void flushLocal(int cpu, int space, long address, long pages);

  /** A CPU is about to call others; the kernel warns when it must not. */
  default void calls(int caller) {}

  /** The descriptor by which {@code caller} calls {@code target}. */
  CallDescriptor descriptor(int caller, int target);

  /** Adds to the target's list; true when it was empty. */
  boolean queue(int target, CallDescriptor descriptor);

  /** Interrupts {@code target} at {@code arrivalPs}: it then sees to its list. */
  void interrupt(int sender, int target, long arrivalPs);
}
