package org.legosim.hardware.storage;

/** Where the last commands ended: tells one that follows on another from one at a new place. */
final class Streams {
  /** Streams that a controller follows at once. */
  private static final int FOLLOWED = 16;

  private final long[] end = new long[FOLLOWED];
  private int oldest;

  Streams() {
    java.util.Arrays.fill(end, -1);
  }

  /** Notes a command; true when it begins where one of the last ones ended. */
  boolean follows(long address, long bytes) {
    for (int stream = 0; stream < FOLLOWED; stream++) {
      if (end[stream] == address) {
        end[stream] = address + bytes;
        return true;
      }
    }
    end[oldest] = address + bytes;
    oldest = (oldest + 1) % FOLLOWED;
    return false;
  }
}
