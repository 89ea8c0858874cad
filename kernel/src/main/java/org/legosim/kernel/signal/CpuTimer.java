package org.legosim.kernel.signal;

/**
 * ITIMER_VIRTUAL or ITIMER_PROF of a process: it runs down by the ticks that find one of the process's threads on a
 * CPU, each of them a whole tick long, whatever the thread had of it.
 *
 * <p>Source: Linux 4.x {@code kernel/time/itimer.c}, {@code posix-cpu-timers.c}: a value is a tick longer than it was
 * asked for, as the present tick is partly over.
 */
public final class CpuTimer {
  private static final long OFF = Long.MAX_VALUE;

  private long chargedPs;
  private long expiresPs = OFF;
  private long everyPs;

  /**
   * Sets it.
   *
   * @param valuePs time of a CPU up to its first signal; 0 turns it off
   * @param intervalPs from one to the next; 0: there is no other one
   */
  public void set(long valuePs, long intervalPs, long tickPs) {
    expiresPs = valuePs == 0 ? OFF : chargedPs + valuePs + tickPs;
    everyPs = intervalPs;
  }

  boolean isOn() {
    return expiresPs != OFF;
  }

  /** A tick finds the process running; true when the timer's signal is sent. */
  boolean charge(long tickPs) {
    chargedPs += tickPs;
    if (chargedPs < expiresPs) {
      return false;
    }
    expiresPs = everyPs == 0 ? OFF : expiresPs + everyPs;
    return true;
  }
}
