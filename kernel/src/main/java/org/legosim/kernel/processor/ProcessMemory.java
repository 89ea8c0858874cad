package org.legosim.kernel.processor;

/** The translations of one address space, as the page walker of a CPU sees them. */
public interface ProcessMemory {
  /** The page is not there, or a store is not allowed: the kernel must be entered. */
  long NOT_PRESENT = -1;

  /** Bit 0 of a walk's result: the page is writable and dirty, so stores need no further walk. */
  long MAY_STORE = 1;

  /** Number of the address space, unique on its node. */
  int index();

  /**
   * Looks a page up, sets its accessed bit and, for a store that is allowed, its dirty bit.
   *
   * @return {@link #NOT_PRESENT}, or the page's frame number shifted left by one with {@link
   *     #MAY_STORE}
   */
  long walk(long address, boolean store);
}
