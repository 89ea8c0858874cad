package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/** Packets on their way, in columns; slots are reused, so a steady load allocates nothing. */
@HotPath
final class Packets {
  static final byte DATA = 0;
  static final byte READ_REQUEST = 1;
  static final byte RESPONSE = 2;
  static final byte ACK = 3;
  static final byte NAK = 4;
  static final byte NOT_READY = 5;

  static final int NONE = -1;
  private static final int INITIAL_SLOTS = 256;

  byte[] kind = new byte[INITIAL_SLOTS];
  int[] message = new int[INITIAL_SLOTS];
  /** The message slot's use that the packet belongs to: a late duplicate finds another one. */
  int[] generation = new int[INITIAL_SLOTS];
  /** Position in its message. */
  int[] index = new int[INITIAL_SLOTS];

  int[] queuePair = new int[INITIAL_SLOTS];
  /** Sequence number of the packet, or the one that an answer is about. */
  long[] sequence = new long[INITIAL_SLOTS];

  int[] target = new int[INITIAL_SLOTS];
  int[] payloadBytes = new int[INITIAL_SLOTS];
  int[] wireBytes = new int[INITIAL_SLOTS];
  int[] blocks = new int[INITIAL_SLOTS];
  byte[] lane = new byte[INITIAL_SLOTS];
  /** The channel in whose receive buffer it lies. */
  int[] heldBy = new int[INITIAL_SLOTS];

  long[] queuedPs = new long[INITIAL_SLOTS];
  boolean[] isBad = new boolean[INITIAL_SLOTS];
  /** The packet behind it in a queue, or in the list of free slots. */
  int[] next = new int[INITIAL_SLOTS];

  private int free = NONE;
  private int used;
  private int inFlight;

  int take() {
    inFlight++;
    if (free != NONE) {
      int slot = free;
      free = next[slot];
      return slot;
    }
    if (used == kind.length) {
      grow(used * 2);
    }
    return used++;
  }

  void release(int packet) {
    inFlight--;
    next[packet] = free;
    free = packet;
  }

  int inFlight() {
    return inFlight;
  }

  private void grow(int slots) {
    kind = Arrays.copyOf(kind, slots);
    message = Arrays.copyOf(message, slots);
    generation = Arrays.copyOf(generation, slots);
    index = Arrays.copyOf(index, slots);
    queuePair = Arrays.copyOf(queuePair, slots);
    sequence = Arrays.copyOf(sequence, slots);
    target = Arrays.copyOf(target, slots);
    payloadBytes = Arrays.copyOf(payloadBytes, slots);
    wireBytes = Arrays.copyOf(wireBytes, slots);
    blocks = Arrays.copyOf(blocks, slots);
    lane = Arrays.copyOf(lane, slots);
    heldBy = Arrays.copyOf(heldBy, slots);
    queuedPs = Arrays.copyOf(queuedPs, slots);
    isBad = Arrays.copyOf(isBad, slots);
    next = Arrays.copyOf(next, slots);
  }
}
