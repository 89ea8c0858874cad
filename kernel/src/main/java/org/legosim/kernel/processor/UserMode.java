package org.legosim.kernel.processor;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.ThreadClock;

/**
 * Executes a task's accesses on one CPU as far as they are private to it. The CPU calls {@link #run}
 * with the task at the simulation's present and continues by its outcome.
 */
@HotPath
interface UserMode {
  /** The horizon was reached: continue at {@link #timePs}. */
  int HORIZON = 0;

  /** The next access needs the page table at {@link #timePs}; see {@link #address}. */
  int WALK = 1;

  /** Everything before the stop is done at {@link #timePs}. */
  int STOP = 2;

  /** The next access needs a shared level at {@link #timePs}; {@link #shared} performs it. */
  int SHARED = 3;

  /**
   * Runs accesses of the task's batch from its position up to, not including, batch index {@code
   * stop}.
   *
   * @param startPs the present, at which the first access may begin
   * @param horizonPs accesses that begin before this time may be performed; the first one always may
   * @return {@link #HORIZON}, {@link #WALK}, {@link #STOP} or {@link #SHARED}
   */
  int run(Task task, int stop, long startPs, long horizonPs);

  /** Executes instructions without an access; returns when they are done. */
  long elapse(long startPs, long instructions);

  /** A run that ended in {@link #WALK} was too early: the same access is looked up again later. */
  default void walkPutOff() {}

  /** Where the run ended, in picoseconds. */
  long timePs();

  /** The address whose page the next access needs. */
  long address();

  /** True when that access is a write. */
  boolean isStore();

  /** Performs the shared part of the pending access at the present; returns when it is complete. */
  long shared(Task task, long nowPs);

  /**
   * A translation was found by a walk.
   *
   * @param mayStore the page is writable and already dirty
   * @return time that the walk itself takes
   */
  long translated(long address, long frame, boolean mayStore, long nowPs);

  void invalidate(long address, long pages);

  void invalidateAll();

  /** True between {@link #SHARED} and {@link #shared}: the task must not leave the CPU. */
  boolean isPending();

  /**
   * The kernel reads and writes its records of a page just filled, through this CPU's caches.
   *
   * @return the time that takes beyond the kernel's own costs
   */
  long touchRecords(long address, long frame, long nowPs);

  /** Loads another address space, whose translations are not known. */
  void load(int space);

  long dtlbMisses();

  long l1dMisses();

  long l2Misses();

  /** Gives the user time since the clock's last stamp to its categories. */
  void settle(ThreadClock clock, long nowPs);
}
