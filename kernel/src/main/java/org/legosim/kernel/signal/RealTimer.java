package org.legosim.kernel.signal;

/**
 * ITIMER_REAL of a process, which {@code setitimer} and {@code alarm} share: it sends SIGALRM at ticks. Its
 * expiries are worked out when somebody looks.
 */
public final class RealTimer {
  private static final long OFF = Long.MAX_VALUE;

  private long expiryPs = OFF;
  private long intervalPs;

  /**
   * Sets it.
   *
   * @param firstPs the tick at which it expires first
   * @param everyPs from then on, a whole number of ticks; 0: never again
   */
  public void set(long firstPs, long everyPs) {
    expiryPs = firstPs;
    intervalPs = everyPs;
  }

  /** Turns it off. */
  public void clear() {
    expiryPs = OFF;
    intervalPs = 0;
  }

  /** When it expires next; {@link Long#MAX_VALUE} when it is off. */
  public long expiryPs() {
    return expiryPs;
  }

  /** How often it has expired by {@code nowPs}, since the last look. */
  long expired(long nowPs) {
    if (nowPs < expiryPs) {
      return 0;
    }
    if (intervalPs == 0) {
      expiryPs = OFF;
      return 1;
    }
    long times = (nowPs - expiryPs) / intervalPs + 1;
    expiryPs += times * intervalPs;
    return times;
  }
}
