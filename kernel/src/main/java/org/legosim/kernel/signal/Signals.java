package org.legosim.kernel.signal;

/**
 * Numbers of x86-64 signals, sets of them (bit n - 1 is signal n) and what each does by default. Stopping
 * and continuing a process is job control, which LegoOS has not: those signals are ignored.
 */
public final class Signals {
  public static final int QUIT = 3;
  public static final int ILL = 4;
  public static final int TRAP = 5;
  public static final int BUS = 7;
  public static final int FPE = 8;
  public static final int KILL = 9;
  public static final int SEGV = 11;
  public static final int PIPE = 13;
  public static final int ALRM = 14;
  public static final int CHLD = 17;
  public static final int CONT = 18;
  public static final int STOP = 19;
  public static final int TTOU = 22;
  public static final int URG = 23;
  public static final int VTALRM = 26;
  public static final int PROF = 27;
  public static final int WINCH = 28;
  public static final int SYS = 31;
  /** The first real-time signal: from here on every one that is sent is kept. */
  public static final int FIRST_REAL_TIME = 32;

  public static final int LAST = 64;

  /** Raised by an instruction, and taken before all others. */
  static final long SYNCHRONOUS = bit(SEGV) | bit(BUS) | bit(ILL) | bit(TRAP) | bit(FPE) | bit(SYS);

  /** Nobody can block, handle or ignore these. */
  static final long UNBLOCKABLE = bit(KILL) | bit(STOP);

  private static final long IGNORED_BY_DEFAULT = bit(CHLD)
      | bit(CONT)
      | bit(URG)
      | bit(WINCH)
      // job control, which there is not
      | bit(STOP)
      | bit(STOP + 1)
      | bit(STOP + 2)
      | bit(TTOU);

  private Signals() {}

  /** True for a number that a signal can have. */
  public static boolean isValid(long number) {
    return number >= 1 && number <= LAST;
  }

  /** The set of one signal. */
  public static long bit(int number) {
    return 1L << (number - 1);
  }

  static boolean isRealTime(int number) {
    return number >= FIRST_REAL_TIME;
  }

  /** True when an instruction raises it: nobody need have sent it. */
  public static boolean isSynchronous(int number) {
    return (SYNCHRONOUS & bit(number)) != 0;
  }

  /** True when nothing happens without a handler; otherwise the process ends. */
  static boolean isIgnoredByDefault(int number) {
    return (IGNORED_BY_DEFAULT & bit(number)) != 0;
  }

  /** The signal of a set that a kernel takes first: what an instruction raised, then the lowest number. */
  static int first(long set) {
    long synchronous = set & SYNCHRONOUS;
    return Long.numberOfTrailingZeros(synchronous != 0 ? synchronous : set) + 1;
  }
}
