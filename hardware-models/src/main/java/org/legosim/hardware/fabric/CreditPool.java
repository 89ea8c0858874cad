package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.HotPath;

/**
 * What the sending end of a link knows of the receiving end's buffer, for one virtual lane: free blocks
 * of 64 bytes, and those whose return is on its way. The packets that carry credits are not modelled:
 * they take 8 bytes of a link now and then.
 */
@HotPath
final class CreditPool {
  static final int BLOCK_BYTES = 64;

  private final String name;
  private final int capacity;
  private int free;

  // Returns on their way: a ring in order of time.
  private long[] timePs = new long[16];
  private int[] blocks = new int[16];
  private int first;
  private int count;

  CreditPool(String name, int capacity) {
    this.name = name;
    this.capacity = capacity;
    this.free = capacity;
  }

  static int blocksOf(int bytes) {
    return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
  }

  /** Whether {@code wanted} blocks are free at {@code nowPs}. */
  boolean has(int wanted, long nowPs) {
    while (count > 0 && timePs[first] <= nowPs) {
      free += blocks[first];
      first = (first + 1) & (timePs.length - 1);
      count--;
    }
    if (free > capacity) {
      throw new InvariantViolation(
          name + ": " + free + " credits are free of a buffer of " + capacity + " blocks");
    }
    return free >= wanted;
  }

  void take(int wanted) {
    free -= wanted;
    if (free < 0) {
      throw new InvariantViolation(name + ": a packet of " + wanted + " blocks was sent with "
          + (free + wanted) + " credits");
    }
  }

  /** Blocks that the sender may use again from {@code atPs} on. */
  void giveBack(int freed, long atPs) {
    if (count == timePs.length) {
      grow();
    }
    int at = count++;
    while (at > 0 && timePs[slot(at - 1)] > atPs) {
      timePs[slot(at)] = timePs[slot(at - 1)];
      blocks[slot(at)] = blocks[slot(at - 1)];
      at--;
    }
    timePs[slot(at)] = atPs;
    blocks[slot(at)] = freed;
  }

  /** When {@code wanted} blocks will be free by what is on its way, or {@link Long#MAX_VALUE}. */
  long freePs(int wanted) {
    int sum = free;
    for (int i = 0; i < count; i++) {
      sum += blocks[slot(i)];
      if (sum >= wanted) {
        return timePs[slot(i)];
      }
    }
    return Long.MAX_VALUE;
  }

  int free() {
    return free;
  }

  private int slot(int position) {
    return (first + position) & (timePs.length - 1);
  }

  private void grow() {
    int length = timePs.length;
    long[] longerPs = Arrays.copyOf(timePs, 2 * length);
    int[] longer = Arrays.copyOf(blocks, 2 * length);
    for (int i = 0; i < count; i++) {
      longerPs[i] = timePs[slot(i)];
      longer[i] = blocks[slot(i)];
    }
    timePs = longerPs;
    blocks = longer;
    first = 0;
  }
}
