package org.legosim.hardware.cache;

/** Hardware prefetching into the CPU caches. */
public enum Prefetch {
  OFF
}
