package org.legosim.kernel.processor;

/**
 * Calls of Linux that this kernel's table has no entry for, and so answers by ENOSYS: what is about sessions and process
 * groups, of which it has none, and signals as files.
 *
 * <p>Source: read from what LegoOS is known to have (no sessions and groups; a table without signalfd); the numbers
 * were not looked up one by one in its table.
 */
final class MissingCalls {
  private static final int SETPGID = 109;
  private static final int GETPGRP = 111;
  private static final int SETSID = 112;
  private static final int GETPGID = 121;
  private static final int GETSID = 124;
  private static final int SIGNALFD = 282;
  private static final int SIGNALFD4 = 289;

  private MissingCalls() {}

  static boolean has(int number) {
    return switch (number) {
      case SETPGID, GETPGRP, SETSID, GETPGID, GETSID, SIGNALFD, SIGNALFD4 -> true;
      default -> false;
    };
  }
}
