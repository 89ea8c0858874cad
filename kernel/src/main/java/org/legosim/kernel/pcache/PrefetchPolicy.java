package org.legosim.kernel.pcache;

/** Which pages a miss fetches besides its own; the values of {@code pcache.prefetch}. */
public enum PrefetchPolicy {
  OFF,
  NEXT_LINE,
  STRIDE,
  MAJORITY
}
