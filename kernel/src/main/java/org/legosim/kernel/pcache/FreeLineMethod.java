package org.legosim.kernel.pcache;

/** How a set finds a free line; the values of {@code pcache.freeLines}. */
public enum FreeLineMethod {
  /** A list per set, last in, first out. */
  LIST,
  /** A bitmap per set, scanned from way 0 under the set's lock. */
  BITMAP
}
