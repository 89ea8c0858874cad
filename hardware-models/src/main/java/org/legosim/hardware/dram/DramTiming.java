package org.legosim.hardware.dram;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;

/**
 * Timing and organisation of one kind of DRAM, in clock cycles of an exact period. {@code S} means
 * between different bank groups, {@code L} within one.
 *
 * @param name by standard and rate, as in {@code memory.dram.preset}
 * @param source of the numbers
 * @param periodPs numerator of the clock period in picoseconds
 * @param periodDivisor its denominator: DDR4-2400 has 2500/3 ps, not 833
 * @param refreshPs time of one all-bank refresh
 * @param refreshIntervalPs average time between refreshes
 */
record DramTiming(
    String name,
    String source,
    long periodPs,
    long periodDivisor,
    Latencies latencies,
    Spacing spacing,
    long refreshPs,
    long refreshIntervalPs,
    Organisation organisation) {

  /**
   * Row and column timing.
   *
   * @param cl read to data
   * @param cwl write to data
   * @param rcd activate to read or write
   * @param rp precharge to activate
   * @param ras activate to precharge
   * @param wr end of written data to precharge
   * @param rtp read to precharge
   * @param burst cycles of data per access
   */
  record Latencies(int cl, int cwl, int rcd, int rp, int ras, int wr, int rtp, int burst) {}

  /**
   * Least distances between commands to different banks.
   *
   * @param ccdS column to column
   * @param rrdS activate to activate
   * @param wtrS end of written data to read
   * @param faw four activates of one rank
   * @param rankSwitch idle cycles of the data bus between ranks, or between directions
   */
  record Spacing(
      int ccdS, int ccdL, int rrdS, int rrdL, int wtrS, int wtrL, int faw, int rankSwitch) {}

  /** Sizes, all powers of two; {@code rowBytes} over all devices of a rank. */
  record Organisation(int bankGroups, int banksPerGroup, int rows, int rowBytes, int lineBytes) {}

  DramTiming {
    refuseIf(source.isEmpty(), name, "a preset names its source");
    refuseIf(periodPs <= 0 || periodDivisor <= 0, name, "the clock period is positive");
    refuseIf(latencies.ras < latencies.rcd, name, "tRAS is at least tRCD");
    refuseIf(
        latencies.cl < 1 || latencies.cwl < 1 || latencies.burst < 1,
        name,
        "CL, CWL and burst are positive");
    refuseIf(spacing.ccdL < spacing.ccdS, name, "tCCD_L is at least tCCD_S");
    refuseIf(spacing.ccdS < latencies.burst, name, "tCCD_S is at least the burst");
    refuseIf(spacing.rrdL < spacing.rrdS, name, "tRRD_L is at least tRRD_S");
    refuseIf(spacing.faw < spacing.rrdS, name, "tFAW is at least tRRD_S");
    refuseIf(refreshIntervalPs <= refreshPs, name, "tREFI exceeds tRFC");
  }

  private static void refuseIf(boolean contradicts, String name, String rule) {
    if (contradicts) {
      throw new ConfigException("DRAM timing " + name + " contradicts the rule: " + rule);
    }
  }

  /** Time of the n-th clock edge, rounded up, so that {@link #cycleAt} of it is n again. */
  long edgePs(long cycle) {
    return Units.mulDivCeil(cycle, periodPs, periodDivisor);
  }

  /** Number of the last edge at or before {@code timePs}. */
  long cycleAt(long timePs) {
    return Units.mulDivFloor(timePs, periodDivisor, periodPs);
  }

  /** Whole cycles that cover {@code ps}. */
  long cyclesOf(long ps) {
    return Units.mulDivCeil(ps, periodDivisor, periodPs);
  }
}
