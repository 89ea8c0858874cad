package org.legosim.timing.trace;

/** How far the captured order between threads binds a replay. */
public enum ReplayOrder {
  /** The captured global order of all events and atomics. */
  STRICT,
  /** The gates of each word, futex, process event and mapping; the default. */
  PER_ADDRESS,
  /** Locks, barriers, condition waits and joins by their meaning. */
  SEMANTIC
}
