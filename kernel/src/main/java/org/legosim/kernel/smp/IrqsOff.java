package org.legosim.kernel.smp;

import java.util.Locale;

/** What a CPU does while it takes no interrupts: one that comes then waits, and so does its sender. */
public enum IrqsOff {
  /** Nothing: interrupts are taken. */
  NONE,
  /** {@code schedule} to the end of the switch, with its run queue's lock. */
  CONTEXT_SWITCH,
  /** {@code try_to_wake_up}, with the lock of the woken task's run queue; once per task. */
  RUN_QUEUE_LOCK,
  /** A lock that interrupt handlers take too: the adapter's send queue while a work request is posted. */
  IRQ_SAFE_LOCK,
  /** From a fault to where the kernel allows interrupts, and from the exit loop to IRET. */
  TRAP,
  /** The same of a system call, to SYSRET. */
  SYSTEM_CALL,
  /** The handler of an earlier interrupt. */
  HANDLER;

  /** As on a timeline. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
