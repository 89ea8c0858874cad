package org.legosim.kernel.sched;

import org.legosim.timing.Units;

/**
 * The periodic tick of one CPU: what its handler takes from whatever it interrupts, and what the scheduler
 * sees of it. Worked out when someone asks, so that a tick costs no event. All CPUs tick at the same
 * instants, and idle ones too; there is no tickless mode. Times are picoseconds.
 *
 * <p>Source: LegoOS: periodic APIC timer on every CPU, {@code CONFIG_HZ}.
 */
public final class TickClock {
  private static final long PS_PER_NS = 1_000;

  private final long periodPs;
  private final long handlerPs;
  private long nextPs;
  private long nextSeenPs;
  private long interruptions;

  /**
   * @param hertz ticks per second
   * @param handlerPs time of the interrupt and its handler
   */
  public TickClock(int hertz, long handlerPs) {
    this.periodPs = Units.PS_PER_SECOND / hertz;
    this.handlerPs = handlerPs;
    this.nextPs = periodPs;
    this.nextSeenPs = periodPs;
  }

  public long periodPs() {
    return periodPs;
  }

  /** The first tick whose handler is not accounted for yet. */
  public long nextPs() {
    return nextPs;
  }

  /** The first tick that is not accounted for, or that the scheduler has not seen. */
  public long attentionPs() {
    return Math.min(nextPs, nextSeenPs);
  }

  /** Ticks that took time from a task. */
  public long interruptions() {
    return interruptions;
  }

  /** The CPU executes from {@code nowPs} to {@code endPs}: the end with the ticks in between. */
  public long executed(long nowPs, long endPs) {
    long withTicksPs = endPs + waited(nowPs) - nowPs;
    while (nextPs < withTicksPs) {
      nextPs += periodPs;
      withTicksPs += handlerPs;
      interruptions++;
    }
    return withTicksPs;
  }

  /** The CPU has executed a program up to {@code nowPs}: when the ticks that came meanwhile are over. */
  public long interrupted(long nowPs) {
    if (nextPs > nowPs) {
      return nowPs;
    }
    long ticks = (nowPs - nextPs) / periodPs + 1;
    nextPs += ticks * periodPs;
    interruptions += ticks;
    return nowPs + ticks * handlerPs;
  }

  /** The CPU has idled, or polled for something, up to {@code nowPs}: when it can go on. */
  public long waited(long nowPs) {
    if (nextPs > nowPs) {
      return nowPs;
    }
    long lastPs = nowPs / periodPs * periodPs;
    nextPs = lastPs + periodPs;
    if (lastPs + handlerPs <= nowPs) {
      return nowPs;
    }
    interruptions++;
    return lastPs + handlerPs;
  }

  /** Shows the CPU's queue every tick up to the present. */
  public void show(RunQueue queue, long nowPs) {
    while (nextSeenPs <= nowPs) {
      if (queue.current() == null) {
        nextSeenPs = (nowPs / periodPs + 1) * periodPs;
      } else {
        queue.tick(nextSeenPs / PS_PER_NS);
        nextSeenPs += periodPs;
      }
    }
  }
}
