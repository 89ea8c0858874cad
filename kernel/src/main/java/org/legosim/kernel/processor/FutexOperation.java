package org.legosim.kernel.processor;

/** Futex commands that wake others. */
final class FutexOperation {
  private static final int WAIT = 0;
  private static final int WAKE = 1;
  private static final int REQUEUE = 3;
  private static final int CMP_REQUEUE = 4;
  private static final int WAKE_OP = 5;
  private static final int WAIT_BITSET = 9;
  private static final int WAKE_BITSET = 10;

  private FutexOperation() {}

  static boolean wakes(int command) {
    return switch (command) {
      case WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, WAKE_BITSET -> true;
      default -> false;
    };
  }

  static boolean waits(int command) {
    return command == WAIT || command == WAIT_BITSET;
  }
}
