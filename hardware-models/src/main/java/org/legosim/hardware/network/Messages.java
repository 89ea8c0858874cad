package org.legosim.hardware.network;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/** Messages in flight, in columns; slots are reused, so a steady load allocates nothing. */
@HotPath
final class Messages {
  private static final int INITIAL_SLOTS = 64;

  int[] source = new int[INITIAL_SLOTS];
  int[] target = new int[INITIAL_SLOTS];
  long[] bytes = new long[INITIAL_SLOTS];
  long[] submittedPs = new long[INITIAL_SLOTS];
  /** When the adapter has the first byte to be read requested, or has the payload (inline). */
  long[] readStartPs = new long[INITIAL_SLOTS];
  /** When the uplink had sent everything before this message. */
  long[] uplinkFreePs = new long[INITIAL_SLOTS];

  long[] atSwitchPs = new long[INITIAL_SLOTS];
  /** Negative until the message is delivered. */
  long[] deliveredPs = new long[INITIAL_SLOTS];

  long[] completedPs = new long[INITIAL_SLOTS];
  long[] queueingPs = new long[INITIAL_SLOTS];

  private int[] free = new int[INITIAL_SLOTS];
  private int freeCount;
  private int used;

  /** A slot of undefined contents. */
  int take() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (used == source.length) {
      grow(used * 2);
    }
    return used++;
  }

  void release(int message) {
    free[freeCount++] = message;
  }

  int inFlight() {
    return used - freeCount;
  }

  private void grow(int slots) {
    source = Arrays.copyOf(source, slots);
    target = Arrays.copyOf(target, slots);
    bytes = Arrays.copyOf(bytes, slots);
    submittedPs = Arrays.copyOf(submittedPs, slots);
    readStartPs = Arrays.copyOf(readStartPs, slots);
    uplinkFreePs = Arrays.copyOf(uplinkFreePs, slots);
    atSwitchPs = Arrays.copyOf(atSwitchPs, slots);
    deliveredPs = Arrays.copyOf(deliveredPs, slots);
    completedPs = Arrays.copyOf(completedPs, slots);
    queueingPs = Arrays.copyOf(queueingPs, slots);
    free = Arrays.copyOf(free, slots);
  }
}
