package org.legosim.kernel.futex;

/** The command of a futex call: its second argument without the flags. */
public enum FutexCommand {
  WAIT,
  WAKE,
  REQUEUE,
  CMP_REQUEUE,
  WAKE_OP,
  WAIT_BITSET,
  WAKE_BITSET,
  /** A priority-inheritance command, or none at all: ENOSYS. */
  UNKNOWN;

  private static final int PRIVATE_FLAG = 128;
  private static final int COMMAND_MASK = 0x7f;

  /** Bit set of a wait or wake that names none. */
  public static final int MATCH_ANY = -1;

  /** The command of a call's second argument. */
  public static FutexCommand of(long operation) {
    return switch ((int) operation & COMMAND_MASK) {
      case 0 -> WAIT;
      case 1 -> WAKE;
      case 3 -> REQUEUE;
      case 4 -> CMP_REQUEUE;
      case 5 -> WAKE_OP;
      case 9 -> WAIT_BITSET;
      case 10 -> WAKE_BITSET;
      default -> UNKNOWN;
    };
  }

  /** True when the caller says that no other process uses the word. */
  public static boolean isPrivate(long operation) {
    return (operation & PRIVATE_FLAG) != 0;
  }

  public boolean waits() {
    return this == WAIT || this == WAIT_BITSET;
  }

  /** True for a command that names a second word. */
  public boolean hasSecond() {
    return this == REQUEUE || this == CMP_REQUEUE || this == WAKE_OP;
  }

  /** True when the call compares or changes a word while it holds a bucket's lock. */
  public boolean readsWord() {
    return waits() || this == CMP_REQUEUE || this == WAKE_OP;
  }
}
