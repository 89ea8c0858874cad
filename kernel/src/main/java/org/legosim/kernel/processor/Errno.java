package org.legosim.kernel.processor;

/** Results of system calls as Linux numbers them. */
final class Errno {
  static final long EPERM = -1;
  static final long ESRCH = -3;
  static final long EINTR = -4;
  static final long ECHILD = -10;
  static final long EAGAIN = -11;
  static final long ENOMEM = -12;
  static final long EFAULT = -14;
  static final long EINVAL = -22;
  static final long EPIPE = -32;
  static final long ENOSYS = -38;
  static final long ETIMEDOUT = -110;

  /** A call that a signal ended and that begins again; a program never sees it. */
  static final long ERESTARTSYS = -512;

  private static final long LAST_RESTART = -516;

  private static final long LOWEST = -4095;

  private Errno() {}

  /** True for a call that a signal ended. */
  static boolean isInterrupted(long result) {
    return result == EINTR || (result <= ERESTARTSYS && result >= LAST_RESTART);
  }

  static boolean isError(long result) {
    return result < 0 && result >= LOWEST;
  }

  /** A result as people read it. */
  static String text(long result) {
    if (!isError(result)) {
      boolean isSmall = result >= 0 && result < 1 << 20;
      return isSmall ? Long.toString(result) : "0x" + Long.toHexString(result);
    }
    return switch ((int) result) {
      case (int) EPERM -> "EPERM";
      case (int) EPIPE -> "EPIPE";
      case (int) ERESTARTSYS -> "ERESTARTSYS";
      case (int) ESRCH -> "ESRCH";
      case (int) EINTR -> "EINTR";
      case (int) ECHILD -> "ECHILD";
      case (int) EAGAIN -> "EAGAIN";
      case (int) ENOMEM -> "ENOMEM";
      case (int) EFAULT -> "EFAULT";
      case (int) EINVAL -> "EINVAL";
      case (int) ENOSYS -> "ENOSYS";
      case (int) ETIMEDOUT -> "ETIMEDOUT";
      default -> "errno " + -result;
    };
  }
}
