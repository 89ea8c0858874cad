package org.legosim.kernel.pcache;

/**
 * Which pages a fault fetches besides its own; the values of {@code pcache.prefetch}. The real kernel
 * has none: all but {@link #OFF} are extensions.
 */
public enum PrefetchPolicy {
  OFF,

  /** The pages that follow, whatever came before. */
  NEXT_LINE,

  /** Pages at the distance that a thread's last three faults had from the ones before them. */
  STRIDE,

  /** Pages at the distance that more than half of a thread's last faults had. */
  MAJORITY
}
