package org.legosim.hardware.dram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.SplitMix64;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Ledger;

/** DDR4-2400 17-17-17 as two cycle-level simulators were compared on: 1 channel, 2 ranks, open page. */
class BankDramTest {
  private static final int REQUESTS = 100_000;
  private static final long SPACING_CYCLES = 200;
  private static final DramTiming TIMING = DramPresets.named("DDR4_2400", "preset");

  private static Dram dram(String... settings) {
    String[] all = new String[settings.length + 5];
    all[0] = "memory.dram.preset=DDR4_2400";
    all[1] = "memory.dram.channels=1";
    all[2] = "memory.dram.path=0 ns";
    all[3] = "memory.dram.refresh=off";
    all[4] = "memory.dram.addressMap=rochrababgco";
    System.arraycopy(settings, 0, all, 5, settings.length);
    return Dram.of(Defaults.of(MemoryDramParams.class, all).config(), new Ledger());
  }

  private static long readCycles(Dram dram, long cycle, long line) {
    return TIMING.cycleAt(dram.access(TIMING.edgePs(cycle), line * 64, 64, false)) - cycle;
  }

  /** 1 + CL 17 + burst 4; tRCD 17 more on a closed bank; tRP 17 more on a conflict. */
  @Test
  void idleReads_takeTheClosedForms() {
    Dram dram = dram();
    long nextRow = 128 * 4 * 4 * 2; // columns x bank groups x banks x ranks
    assertEquals(39, readCycles(dram, 0, 0));
    assertEquals(22, readCycles(dram, 200, 1));
    assertEquals(56, readCycles(dram, 400, nextRow));
    assertEquals(56, readCycles(dram, 600, 2));
    DramStatistics statistics = dram.statistics();
    assertEquals(1, statistics.rowHits());
    assertEquals(1, statistics.rowClosed());
    assertEquals(2, statistics.rowConflicts());
  }

  /** Both simulators average 22.2604 cycles without refresh. */
  @Test
  void streamAtRest_averagesAsTheReferences() {
    Dram dram = dram();
    long totalCycles = 0;
    for (int i = 0; i < REQUESTS; i++) {
      totalCycles += readCycles(dram, i * SPACING_CYCLES, i);
    }
    assertEquals(22.2604, (double) totalCycles / REQUESTS, 0.00005);
  }

  /** Both simulators average 55.9942 cycles without refresh. */
  @Test
  void randomReadsAtRest_averageAsTheReferences() {
    Dram dram = dram();
    SplitMix64 random = new SplitMix64(7);
    long totalCycles = 0;
    for (int i = 0; i < REQUESTS; i++) {
      totalCycles += readCycles(dram, i * SPACING_CYCLES, random.next() & ((1L << 28) - 1));
    }
    assertEquals(55.9942, (double) totalCycles / REQUESTS, 0.00005);
  }

  /** With refresh they average 34.27 and 34.34 on the stream, 58.75 and 58.70 on random reads. */
  @Test
  void refreshAtRest_costsWithinOnePercentOfTheReferences() {
    Dram stream = dram("memory.dram.refresh=on");
    Dram scattered = dram("memory.dram.refresh=on");
    SplitMix64 random = new SplitMix64(7);
    long streamCycles = 0;
    long scatteredCycles = 0;
    for (int i = 0; i < REQUESTS; i++) {
      streamCycles += readCycles(stream, i * SPACING_CYCLES, i);
      long line = random.next() & ((1L << 28) - 1);
      scatteredCycles += readCycles(scattered, i * SPACING_CYCLES, line);
    }
    assertEquals(34.305, (double) streamCycles / REQUESTS, 0.343);
    assertEquals(58.725, (double) scatteredCycles / REQUESTS, 0.587);
  }

  /** Back to back in one row, tCCD_L 6 sets the pace; over bank groups the burst of 4 does. */
  @Test
  void saturatedReads_followTheirColumnDistance() {
    Dram oneRow = dram();
    Dram overGroups = dram("memory.dram.addressMap=rochrabacobg");
    long rowEnd = 0;
    long groupEnd = 0;
    for (int line = 0; line < 100; line++) {
      rowEnd = oneRow.access(0, line * 64L, 64, false);
      groupEnd = overGroups.access(0, line * 64L, 64, false);
    }
    assertEquals(39 + 99 * 6, TIMING.cycleAt(rowEnd));
    // Activates of four groups 4 cycles apart (tRRD_S) delay no column but the first of each.
    assertEquals(39 + 99 * 4, TIMING.cycleAt(groupEnd));
    assertEquals(400, overGroups.statistics().busBusyCycles());
  }

  /** Four activates of a rank at most within tFAW 26: the fifth waits. */
  @Test
  void fifthActivate_waitsForTheWindow() {
    Dram dram = dram("memory.dram.addressMap=rochracobabg");
    long[] end = new long[5];
    for (int bank = 0; bank < 5; bank++) {
      end[bank] = TIMING.cycleAt(dram.access(0, bank * 64L, 64, false));
    }
    assertEquals(39, end[0]);
    assertEquals(39 + 3 * 4, end[3]);
    assertEquals(39 + 26, end[4]);
  }

  /** A read after a write to the same bank group waits tWTR_L 9 after the data. */
  @Test
  void readAfterWrite_waitsForTheTurnaround() {
    Dram dram = dram();
    long writeEnd = TIMING.cycleAt(dram.access(0, 0, 64, true));
    assertEquals(1 + 17 + 12 + 4, writeEnd); // tRCD, CWL, burst
    assertEquals(writeEnd + 9 + 17 + 4, TIMING.cycleAt(dram.access(0, 64, 64, false)));
  }

  /** A conflict right after an activate waits for tRAS 39; after a write for tWR 18 from its data. */
  @Test
  void prechargeWaits_forTheRowToBeRestored() {
    long nextRow = 128 * 4 * 4 * 2 * 64L;
    Dram reads = dram();
    reads.access(0, 0, 64, false);
    assertEquals(1 + 39 + 17 + 17 + 17 + 4, TIMING.cycleAt(reads.access(0, nextRow, 64, false)));
    Dram writes = dram();
    writes.access(0, 0, 64, true);
    long writeEnd = 1 + 17 + 12 + 4;
    assertEquals(
        writeEnd + 18 + 17 + 17 + 17 + 4, TIMING.cycleAt(writes.access(0, nextRow, 64, false)));
  }

  @Test
  void closedPolicy_neverHitsNorConflicts() {
    Dram dram = dram("memory.dram.rowPolicy=closed");
    assertEquals(39, readCycles(dram, 0, 0));
    assertEquals(39, readCycles(dram, 200, 1));
    assertEquals(39, readCycles(dram, 400, 128 * 32));
    assertEquals(3, dram.statistics().rowClosed());
  }

  /** An access in the middle of a refresh waits for its end and finds the bank closed. */
  @Test
  void refresh_closesRowsAndBlocksItsRank() {
    Dram dram = dram("memory.dram.refresh=on");
    assertEquals(39, readCycles(dram, 0, 0));
    long begin = 9360; // tREFI; the other rank's turn comes half an interval later
    long end = begin + 17 + 420;
    assertEquals(22, readCycles(dram, begin - 30, 1));
    assertEquals(end - (begin + 100) + 17 + 17 + 4, readCycles(dram, begin + 100, 2));
    long otherRank = 128 * 16;
    assertEquals(39, readCycles(dram, 2 * begin + 100, otherRank));
  }

  @Test
  void longAccess_takesItsLinesInTurn() {
    Dram dram = dram();
    long end = dram.access(0, 32, 4096, false); // 65 lines of one row
    assertEquals(39 + 64 * 6, TIMING.cycleAt(end));
    assertEquals(65, dram.statistics().reads());
  }

  @ParameterizedTest
  @CsvSource({"DDR4_2400, 1000000000000, 1200", "DDR4_1866, 7000000, 6533", "DDR4_3200, 625, 1"})
  void clocks_areExact(String preset, long timePs, long expected) {
    DramTiming timing = DramPresets.named(preset, "preset");
    long cycle = preset.equals("DDR4_2400") ? expected * 1_000_000 : expected;
    assertEquals(cycle, timing.cycleAt(timePs));
    for (long n : new long[] {0, 1, 2, 3, 999_999_999_999L}) {
      assertEquals(n, timing.cycleAt(timing.edgePs(n)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro", "rochrababgcoco", "rochrabarogco", "xxchrababgco", "rochrababgc"})
  void brokenAddressMaps_areRefused(String map) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> dram("memory.dram.addressMap=" + map));
    assertTrue(refused.getMessage().contains("memory.dram.addressMap"), refused.getMessage());
  }

  @Test
  void unknownPreset_isRefusedWithTheKnownOnes() {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> dram("memory.dram.preset=DDR4_9999"));
    assertTrue(refused.getMessage().contains("DDR4_2400"), refused.getMessage());
    assertThrows(ConfigException.class, () -> dram("memory.dram.ranks=3"));
    assertThrows(ConfigException.class, () -> dram("memory.dram.channels=0"));
  }

  @Test
  void contradictingTimings_areRefused() {
    DramTiming good = TIMING;
    DramTiming.Latencies impossible = new DramTiming.Latencies(17, 12, 17, 17, 16, 18, 9, 4);
    ConfigException refused = assertThrows(
        ConfigException.class,
        () -> new DramTiming(
            "X",
            good.source(),
            good.periodPs(),
            good.periodDivisor(),
            impossible,
            good.spacing(),
            good.refreshPs(),
            good.refreshIntervalPs(),
            good.organisation()));
    assertTrue(refused.getMessage().contains("tRAS is at least tRCD"), refused.getMessage());
  }
}
