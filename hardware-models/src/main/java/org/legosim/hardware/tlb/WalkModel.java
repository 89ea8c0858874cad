package org.legosim.hardware.tlb;

/** Fidelity of a page walk. */
public enum WalkModel {
  /** A constant. */
  FIXED,
  /** Page-walk caches, and a memory reference through the caches for each level they do not hold. */
  CACHES
}
