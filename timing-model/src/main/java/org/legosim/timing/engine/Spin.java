package org.legosim.timing.engine;

/** Busy polling as arithmetic: the waiter sleeps in the simulator, its polls are computed. */
public final class Spin {
  private Spin() {}

  /** The first poll at or after {@code eventPs} of a loop that began at {@code startPs}. */
  public static long noticePs(long startPs, long eventPs, long periodPs) {
    if (periodPs == 0 || eventPs <= startPs) {
      return Math.max(startPs, eventPs);
    }
    return startPs + (eventPs - startPs + periodPs - 1) / periodPs * periodPs;
  }

  /** Polls made until then, the successful one included. */
  public static long polls(long startPs, long noticePs, long periodPs) {
    return periodPs == 0 ? 1 : (noticePs - startPs) / periodPs + 1;
  }
}
