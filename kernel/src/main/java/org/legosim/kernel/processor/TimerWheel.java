package org.legosim.kernel.processor;

/**
 * When timers go off: in ticks, on a wheel of eight levels each eight times as coarse as the one below,
 * always after their time and never before it. There are no high-resolution timers.
 *
 * <p>Source: LegoOS {@code kernel/time/timer.c}, as Linux 4.8.
 */
final class TimerWheel {
  private static final int LEVELS = 8;
  private static final int LEVEL_SHIFT = 3;
  private static final long LEVEL_SLOTS = 64;
  private static final long PS_PER_NS = 1_000;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int SECONDS_DIGITS = 9;

  /** No timeout is known. */
  static final long UNKNOWN = -1;

  private TimerWheel() {}

  /** Tick at which a timer goes off that is set in tick {@code now} for {@code ticks} later. */
  static long expiryTick(long now, long ticks) {
    long expires = now + ticks;
    int level = 0;
    while (level < LEVELS - 1 && ticks >= (LEVEL_SLOTS - 1) << (LEVEL_SHIFT * level)) {
      level++;
    }
    int shift = LEVEL_SHIFT * level;
    return ((expires + (1L << shift)) >> shift) << shift;
  }

  /** The time at which a sleep of {@code timeoutPs} that begins at {@code nowPs} ends. */
  static long endPs(long nowPs, long timeoutPs, long tickPs) {
    long ticks = timeoutPs / tickPs + (timeoutPs % tickPs == 0 ? 0 : 1);
    return expiryTick(nowPs / tickPs, ticks) * tickPs;
  }

  /** A time as {@code seconds.nanoseconds} (nine digits) in picoseconds, or {@link #UNKNOWN}. */
  static long parsePs(String text) {
    int point = text.indexOf('.');
    boolean isTime = point > 0 && point <= 6 && text.length() == point + 1 + SECONDS_DIGITS;
    for (int i = 0; isTime && i < text.length(); i++) {
      isTime = i == point || (text.charAt(i) >= '0' && text.charAt(i) <= '9');
    }
    if (!isTime) {
      return UNKNOWN;
    }
    long seconds = Long.parseLong(text.substring(0, point));
    long nanoseconds = Long.parseLong(text.substring(point + 1));
    return (seconds * NS_PER_SECOND + nanoseconds) * PS_PER_NS;
  }
}
