package org.legosim.kernel.pcache;

/** How the line of a full set that must go is chosen; the values of {@code pcache.policy}. */
public enum ReplacementPolicy {
  /**
   * The kernel's LRU list: new lines at the head, victims from the tail, nothing moves on a hit, so
   * it is allocation order unless the sweep thread runs.
   */
  LRU,
  /** Allocation order; no sweep thread. */
  FIFO,
  /** A way drawn uniformly from the pcache's own random stream. */
  RANDOM,
  /** The textbook's: every hit moves its line to the head. No kernel could do this with page tables. */
  TRUE_LRU
}
