package org.legosim.hardware.cache;

/** Which line of a full set makes room. */
public enum Replacement {
  /** The least recently used one. */
  LRU,
  /** The one filled first; hits change nothing. */
  FIFO,
  /** Any, with equal chances, from the cache's own random stream. */
  RANDOM
}
