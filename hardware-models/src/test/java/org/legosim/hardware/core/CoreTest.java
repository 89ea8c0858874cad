package org.legosim.hardware.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.Defaults;
import org.legosim.timing.ConfigException;
import org.legosim.timing.Frequency;
import org.legosim.timing.Units;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.trace.AccessKind;

class CoreTest {
  private static Core core(String... settings) {
    return new Core(Defaults.of(CoreParams.class, settings), new Ledger());
  }

  /** 10^7 calls of 7 instructions at 0.5 cycles of 2.4 GHz: 35 x 10^6 cycles, 14,583,333,333 ps. */
  @Test
  void instructions_doNotDrift() {
    Core core = core();
    long ps = 0;
    for (int i = 0; i < 10_000_000; i++) {
      ps += core.instructions(7);
    }
    assertEquals(35_000_000L * 1250 / 3, ps);
  }

  @ParameterizedTest
  @CsvSource({"2400000000", "2100000001", "999999937", "3000000000"})
  void clock_equalsOneDivision(long hertz) {
    CycleClock clock = new CycleClock(new Frequency(hertz));
    long ps = 0;
    long milliCycles = 0;
    for (int i = 1; i < 100_000; i++) {
      ps += clock.milliCycles(i % 977);
      milliCycles += i % 977;
      assertEquals(Units.mulDivFloor(milliCycles, 1_000_000_000L, hertz), ps);
    }
    assertThrows(ArithmeticException.class, () -> clock.milliCycles(Long.MAX_VALUE));
  }

  /** Small numbers are multiplied by a reciprocal, large ones divided: all sizes, around the border. */
  @ParameterizedTest
  @CsvSource({
    "1",
    "1000000000",
    "2000000000",
    "2400000000",
    "2100000001",
    "999999937",
    "100000000000"
  })
  void clock_dividesExactlyAtAnySize(long hertz) {
    CycleClock clock = new CycleClock(new Frequency(hertz));
    BigInteger scaled = BigInteger.ZERO;
    long ps = 0;
    for (long milliCycles = 1; milliCycles <= clock.mostMilliCycles() / 4; milliCycles *= 2) {
      for (long step = -1; step <= 1; step++) {
        ps += clock.milliCycles(milliCycles + step);
        scaled = scaled.add(BigInteger.valueOf(milliCycles + step));
        BigInteger exact =
            scaled.multiply(BigInteger.valueOf(1_000_000_000L)).divide(BigInteger.valueOf(hertz));
        assertEquals(exact.longValue(), ps);
      }
    }
  }

  @Test
  void hugeInstructionCounts_areTakenInParts() {
    Core core = core("core.frequency=999999937 Hz", "core.cyclesPerInstruction=1000 cycles");
    // 10^10 x 1000 cycles at 999,999,937 Hz: 10^13 x 10^12 / 999,999,937 ps
    assertEquals(
        Units.mulDivFloor(10_000_000_000_000L, 1_000_000_000_000L, 999_999_937L),
        core.instructions(10_000_000_000L));
  }

  /** 12 cycles less 4 hidden ones are 8 cycles, 3,333 1/3 ps; three of them are 10 ns. */
  @Test
  void loads_stallBeyondThePipeline() {
    Core core = core();
    assertEquals(0, core.hit(0, AccessKind.LOAD, 4));
    assertEquals(3_333, core.hit(0, AccessKind.LOAD, 12));
    assertEquals(3_333, core.hit(0, AccessKind.FETCH, 12));
    assertEquals(3_334, core.hit(0, AccessKind.LOAD, 12));
    // 4 cycles are 1,666.7 ps, a duration rounded up.
    assertEquals(100_000 - 1_667, core.completed(50_000, AccessKind.LOAD, 150_000));
    assertEquals(0, core.completed(50_000, AccessKind.LOAD, 50_500));
  }

  @Test
  void stores_stallOnlyWhenTheBufferIsFull() {
    Core core = core("core.storeBuffer=2");
    assertEquals(0, core.hit(0, AccessKind.STORE, 12));
    assertEquals(0, core.completed(0, AccessKind.STORE, 100_000));
    assertEquals(0, core.hit(10, AccessKind.STORE, 4)); // leaves behind the miss, at 100,000
    assertEquals(99_980, core.hit(20, AccessKind.STORE, 4)); // no entry until the miss has left
    assertEquals(0, core.drain(100_000));
  }

  /** Two misses overlap, yet the second does not leave before the first. */
  @Test
  void storesLeaveInOrder() {
    Core core = core("core.storeBuffer=2");
    core.completed(0, AccessKind.STORE, 100_000);
    core.completed(10, AccessKind.STORE, 60_000);
    assertEquals(100_000 - 20, core.drain(20));
    assertEquals(80_000, core.completed(20_000, AccessKind.STORE, 150_000));
    assertEquals(130_000, core.drain(100_000)); // it was issued 80,000 later than asked
  }

  @Test
  void atomics_waitForTheStoresBeforeThem() {
    Core core = core();
    core.completed(0, AccessKind.STORE, 100_000);
    assertEquals(70_000, core.hit(30_000, AccessKind.ATOMIC, 4));
    assertEquals(60_000 + 20_000 - 1_667, core.completed(40_000, AccessKind.ATOMIC, 60_000));
  }

  @Test
  void fixedCore_chargesEachAccessAlike() {
    Ledger ledger = new Ledger();
    Core core = new Core(
        Defaults.of(CoreParams.class, "core.model=fixed", "core.cyclesPerAccess=3 cycles"), ledger);
    assertEquals(1_250, core.hit(0, AccessKind.LOAD, 4));
    assertEquals(1_250, core.hit(0, AccessKind.STORE, 400));
    assertEquals(1_250, core.completed(0, AccessKind.ATOMIC, 1_000_000));
    assertEquals(12_500, core.instructions(60));
    assertEquals(16_250, ledger.assumedPs());
  }

  @Test
  void impossibleSettings_areRefused() {
    assertThrows(ConfigException.class, () -> core("core.storeBuffer=0"));
    assertThrows(ConfigException.class, () -> core("core.frequency=0 Hz"));
    assertThrows(ConfigException.class, () -> core("core.cyclesPerInstruction=2000000 cycles"));
  }
}
