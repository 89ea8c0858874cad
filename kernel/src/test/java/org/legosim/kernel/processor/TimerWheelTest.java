package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timers by hand. */
class TimerWheelTest {
  private static final long TICK = 10_000_000_000L;

  /** Below 63 ticks every tick, below 504 every eighth, below 4032 every 64th; always one unit late. */
  @ParameterizedTest
  @CsvSource({"0, 1, 2", "5, 62, 68", "5, 63, 72", "1, 503, 512", "0, 504, 512", "10, 504, 576"})
  void ticks(long now, long ticks, long expires) {
    assertEquals(expires, TimerWheel.expiryTick(now, ticks));
  }

  @Test
  void aSleep_endsAtATickAfterItsTime() {
    // 25 ms from 12 ms on: three ticks after tick 1, and the one that has begun
    assertEquals(5 * TICK, TimerWheel.endPs(12_000_000_000L, 25_000_000_000L, TICK));
    assertEquals(2 * TICK, TimerWheel.endPs(0, 1, TICK));
  }

  @Test
  void timeouts_areSecondsAndNineDigits() {
    assertEquals(1_050_000_000_000L, TimerWheel.parsePs("1.050000000"));
    for (String bad : new String[] {"", "1.5", "x.050000000", "1.05000000x", "9999999.000000000"}) {
      assertEquals(TimerWheel.UNKNOWN, TimerWheel.parsePs(bad), bad);
    }
  }
}
