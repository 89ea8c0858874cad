package org.legosim.trace.pack;

import java.util.Arrays;

/** The few words on which a thread did its latest atomic accesses. */
final class RecentWords {
  private static final int WORDS = 8;
  private static final long NONE = -1;

  private final long[] addresses = new long[WORDS];
  private int next;

  RecentWords() {
    Arrays.fill(addresses, NONE);
  }

  boolean isEmpty() {
    return addresses[0] == NONE;
  }

  boolean contains(long address) {
    for (long known : addresses) {
      if (known == address) {
        return true;
      }
    }
    return false;
  }

  /** The oldest one makes room. */
  void add(long address) {
    if (!contains(address)) {
      addresses[next] = address;
      next = (next + 1) % WORDS;
    }
  }
}
