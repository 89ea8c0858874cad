package org.legosim.kernel.signal;

/**
 * What a delivery puts on the user's stack: return address, context, information and, aligned to 64 bytes,
 * the registers as XSAVE writes them.
 *
 * <p>Source: the x86-64 layout of {@code struct rt_sigframe}; Linux {@code arch/x86/kernel/signal.c}.
 */
public final class SignalFrame {
  /** Where a frame lies is not known. */
  public static final long UNKNOWN_PLACE = 0;

  /** Return address 8, ucontext 304, siginfo 128. */
  static final int FIXED_BYTES = 440;

  private static final int STATE_ALIGNMENT = 64;
  private static final int FRAME_ALIGNMENT = 16;
  /** The second magic number, behind the saved registers. */
  private static final int MAGIC_BYTES = 4;

  final int number;
  final long oldMask;
  final boolean isOnAlternate;

  private long address = UNKNOWN_PLACE;
  private long registers;
  private boolean isRunning;

  SignalFrame(int number, long oldMask, boolean isOnAlternate) {
    this.number = number;
    this.oldMask = oldMask;
    this.isOnAlternate = isOnAlternate;
  }

  public int number() {
    return number;
  }

  /** True when it is, or is to be, on the alternate stack. */
  public boolean isOnAlternate() {
    return isOnAlternate;
  }

  /** Lowest address, or {@link #UNKNOWN_PLACE}. */
  public long address() {
    return address;
  }

  /**
   * The frame is made.
   *
   * @param content what the registers held, as {@code fpu.Registers} numbers it
   */
  public void made(long lowest, long content) {
    address = lowest;
    registers = content;
  }

  /** Content of the registers that it holds. */
  public long registers() {
    return registers;
  }

  boolean isRunning() {
    return isRunning;
  }

  void run() {
    isRunning = true;
  }

  /** Where the registers go in a frame that begins at {@code address}. */
  public static long stateAddress(long address) {
    return (address + FIXED_BYTES + STATE_ALIGNMENT - 1) & -STATE_ALIGNMENT;
  }

  /** Bytes of a frame that begins at {@code address}. */
  public static long bytes(long address, long stateBytes) {
    return stateAddress(address) + stateBytes + MAGIC_BYTES - address;
  }

  /** Where the kernel puts a frame below a stack pointer: aligned as at a function's entry. */
  public static long below(long stackPointer, long stateBytes) {
    long state = (stackPointer - stateBytes - MAGIC_BYTES) & -STATE_ALIGNMENT;
    return ((state - FIXED_BYTES) & -FRAME_ALIGNMENT) - Long.BYTES;
  }
}
