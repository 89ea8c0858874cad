package org.legosim.kernel.smp;

import org.legosim.timing.InvariantViolation;

/**
 * How deep in interrupt handlers one CPU is, as its {@code preempt_count} has it, and what the kernel makes of it.
 *
 * <p>Source: LegoOS {@code include/lego/preempt.h}; on 2018-02-21 {@code in_interrupt()} was empty.
 */
public final class HandlerNesting {
  private final int cpu;
  private final SmpDefects defects;
  private final boolean isChecked;
  private int depth;

  /**
   * @param isChecked whether a wrong answer stops the run
   */
  public HandlerNesting(int cpu, SmpDefects defects, boolean isChecked) {
    this.cpu = cpu;
    this.defects = defects;
    this.isChecked = isChecked;
  }

  /** {@code irq_enter}. */
  public void enter() {
    depth++;
  }

  /** {@code irq_exit}. */
  public void exit() {
    depth--;
  }

  /** {@code in_interrupt()}. */
  public boolean inInterrupt() {
    // LEGOOS-BUG: F-9, in_interrupt() is empty.
    return depth > 0 && !defects.inInterruptIsEmpty();
  }

  /**
   * A handler runs, or a task does.
   *
   * @param isHandler which of the two it is
   * @throws InvariantViolation when in_interrupt() says the other
   */
  public void judge(boolean isHandler, String what, long timePs) {
    if (isChecked && inInterrupt() != isHandler) {
      throw new InvariantViolation("interrupts: " + what + " on CPU " + cpu + " at " + timePs
          + " ps, and in_interrupt() says " + (isHandler ? "no" : "yes"));
    }
  }
}
