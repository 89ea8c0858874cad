package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * Work requests under way, in columns; slots are reused, so a steady load allocates nothing. A request
 * moves data from one side or the other: columns of two belong to {@link #REQUESTER} and
 * {@link #RESPONDER}.
 */
@HotPath
final class FabricMessages {
  static final int NONE = -1;
  static final int REQUESTER = 0;
  static final int RESPONDER = 1;

  /** An event of it is pending. */
  static final byte WAITING = 0;
  /** Ready to move its data when those before it on its queue pair have. */
  static final byte PARKED = 1;
  /** All its packets were handed to the link. */
  static final byte SENT = 2;
  /** Complete; its slot is free once the pending event has come. */
  static final byte ENDED = 3;

  private static final int INITIAL_SLOTS = 64;

  Operation[] operation = new Operation[INITIAL_SLOTS];
  int[] source = new int[INITIAL_SLOTS];
  int[] target = new int[INITIAL_SLOTS];
  int[] queuePair = new int[INITIAL_SLOTS];
  int[] translation = new int[INITIAL_SLOTS];
  long[] bytes = new long[INITIAL_SLOTS];
  int[] packets = new int[INITIAL_SLOTS];
  long[] firstSequence = new long[INITIAL_SLOTS];
  boolean[] isInline = new boolean[INITIAL_SLOTS];
  byte[][] state = new byte[2][INITIAL_SLOTS];
  int[][] nextPacket = new int[2][INITIAL_SLOTS];
  /** The next request of the same queue pair, for each side. */
  int[][] next = new int[2][INITIAL_SLOTS];

  int[] landedPackets = new int[INITIAL_SLOTS];
  int[] arrivedPackets = new int[INITIAL_SLOTS];
  /** When its last landed packet was in memory. */
  long[] landedPs = new long[INITIAL_SLOTS];

  boolean[] isAcknowledged = new boolean[INITIAL_SLOTS];
  /** In its queue pair's list of requests that are not complete. */
  boolean[] isListed = new boolean[INITIAL_SLOTS];
  /** Its data are where they belong, or will never be. */
  boolean[] isLanded = new boolean[INITIAL_SLOTS];

  boolean[] isReleased = new boolean[INITIAL_SLOTS];
  boolean[] isOver = new boolean[INITIAL_SLOTS];
  long[] postedPs = new long[INITIAL_SLOTS];
  /** Negative until it is known. */
  long[] deliveredPs = new long[INITIAL_SLOTS];

  long[] completedPs = new long[INITIAL_SLOTS];
  /** Whom delivery and completion are told, or {@link #NONE}, and what. */
  int[] deliveryActor = new int[INITIAL_SLOTS];

  long[] deliveryPayload = new long[INITIAL_SLOTS];
  int[] completionActor = new int[INITIAL_SLOTS];
  long[] completionPayload = new long[INITIAL_SLOTS];
  int[] generation = new int[INITIAL_SLOTS];

  private int[] free = new int[INITIAL_SLOTS];
  private int freeCount;
  private int used;

  int take() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (used == source.length) {
      grow(used * 2);
    }
    return used++;
  }

  /** Frees the slot once both its user and the transport have done with it. */
  void releaseIfDone(int message) {
    if (isReleased[message] && isOver[message]) {
      generation[message]++;
      free[freeCount++] = message;
    }
  }

  int inFlight() {
    return used - freeCount;
  }

  private void grow(int slots) {
    operation = Arrays.copyOf(operation, slots);
    source = Arrays.copyOf(source, slots);
    target = Arrays.copyOf(target, slots);
    queuePair = Arrays.copyOf(queuePair, slots);
    translation = Arrays.copyOf(translation, slots);
    bytes = Arrays.copyOf(bytes, slots);
    packets = Arrays.copyOf(packets, slots);
    firstSequence = Arrays.copyOf(firstSequence, slots);
    isInline = Arrays.copyOf(isInline, slots);
    for (int side = 0; side < 2; side++) {
      state[side] = Arrays.copyOf(state[side], slots);
      nextPacket[side] = Arrays.copyOf(nextPacket[side], slots);
      next[side] = Arrays.copyOf(next[side], slots);
    }
    landedPackets = Arrays.copyOf(landedPackets, slots);
    arrivedPackets = Arrays.copyOf(arrivedPackets, slots);
    landedPs = Arrays.copyOf(landedPs, slots);
    isAcknowledged = Arrays.copyOf(isAcknowledged, slots);
    isListed = Arrays.copyOf(isListed, slots);
    isLanded = Arrays.copyOf(isLanded, slots);
    isReleased = Arrays.copyOf(isReleased, slots);
    isOver = Arrays.copyOf(isOver, slots);
    postedPs = Arrays.copyOf(postedPs, slots);
    deliveredPs = Arrays.copyOf(deliveredPs, slots);
    completedPs = Arrays.copyOf(completedPs, slots);
    deliveryActor = Arrays.copyOf(deliveryActor, slots);
    deliveryPayload = Arrays.copyOf(deliveryPayload, slots);
    completionActor = Arrays.copyOf(completionActor, slots);
    completionPayload = Arrays.copyOf(completionPayload, slots);
    generation = Arrays.copyOf(generation, slots);
    free = Arrays.copyOf(free, slots);
  }
}
