package org.legosim.kernel.processor;

/**
 * A lock of a program that is replayed by meaning: the word of a mutex as the C library uses it, free, held, or held while others
 * may wait. Who gets it is decided by simulated time.
 */
final class TracedLock {
  private static final int FREE = -1;

  private int owner = FREE;
  private boolean mayHaveWaiters;

  /**
   * An atomic access asks for it.
   *
   * @param hasWaited the task has waited for it: others may wait still
   * @return whether the task has it
   */
  boolean take(int task, boolean hasWaited) {
    if (owner != FREE) {
      mayHaveWaiters = true;
      return false;
    }
    owner = task;
    mayHaveWaiters = hasWaited;
    return true;
  }

  /**
   * An atomic access gives it up.
   *
   * @return whether somebody may have to be woken
   */
  boolean giveUp() {
    boolean wakes = mayHaveWaiters;
    owner = FREE;
    mayHaveWaiters = false;
    return wakes;
  }

  boolean isHeldBy(int task) {
    return owner == task;
  }

  /** The word has the value that a waiter expects: held, and somebody may wait. */
  boolean isWorthWaiting() {
    return mayHaveWaiters;
  }
}
