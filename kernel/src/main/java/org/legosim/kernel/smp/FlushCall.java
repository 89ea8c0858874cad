package org.legosim.kernel.smp;

/** What a call descriptor has its target do: flush translations; and who waits for it. */
public interface FlushCall {
  /** Index of the address space; a target that runs another one skips the flush. */
  int space();

  /** First address. */
  long address();

  /** Pages to flush one by one; 0 for all of the space. */
  long pages();

  /**
   * A target has done it.
   *
   * @param actor the target, as an actor of the simulation
   * @param timePs when it unlocks the descriptor
   */
  void unlocked(int actor, int target, long timePs);
}
