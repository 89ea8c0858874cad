package org.legosim.hardware.dram;

import java.util.Arrays;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;

/**
 * DRAM at the level of transactions: every line finds its row open, its bank closed or another row
 * open, and its commands keep the distances of {@link DramTiming} from those before. A request that
 * arrives in cycle n has its first command at n + 1 at the earliest. Without contention and refresh a
 * read therefore takes 1 + CL + burst cycles on an open row, tRCD more on a closed bank, and tRP more
 * again on a conflict.
 *
 * <p>Refresh: every tREFI a rank closes its rows and is busy for tRP + tRFC; the ranks of a channel
 * take turns within the interval. An access whose first command would fall into a refresh waits for
 * its end; one that has begun is finished.
 *
 * <p>Left out: reordering for row hits (accesses take their banks in order of arrival, writes are not
 * buffered), conflicts
 * on the command bus, power-down. The level {@code cycle} is for these.
 */
@HotPath
final class BankDram implements Dram {
  private static final int NONE = -1;
  private static final int FAW_ACTIVATES = 4;
  /** Before any time, yet far from overflow. */
  private static final long LONG_AGO = -1L << 40;

  private final DramStatistics statistics = new DramStatistics();
  private final AddressMap map;
  private final DramTiming timing;
  private final Cost path;
  private final long lineShift;
  private final boolean closesRows;
  private final int ranks;
  private final int groups;
  private final int banksPerGroup;

  private final int cl;
  private final int cwl;
  private final int rcd;
  private final int rp;
  private final int ras;
  private final int burst;

  // Refresh of each rank; 0 interval when off.
  private final long refreshInterval;
  private final long refreshCycles;

  // Per bank.
  private final int[] openRow;
  private final long[] activateReady;
  private final long[] columnReady;
  private final long[] prechargeReady;
  private final long[] refreshSeen;

  // Per bank group: next command of a kind within it.
  private final long[] groupActivate;
  private final long[] groupColumn;
  private final long[] groupRead;

  // Per rank.
  private final long[] rankActivate;
  private final long[] rankColumn;
  private final long[] rankRead;
  private final long[] recentActivates;
  private final int[] oldestActivate;

  // Per channel.
  private final DataBus[] buses;

  // The line at hand.
  private int bankIndex;
  private int groupIndex;
  private int rankIndex;
  private int rankInChannel;

  BankDram(DramConfig config, Ledger ledger) {
    timing = config.timing();
    map = config.map();
    path = ledger.cost(config.pathPs());
    closesRows = config.rowPolicy() == RowPolicy.CLOSED;
    lineShift = Long.numberOfTrailingZeros(timing.organisation().lineBytes());
    ranks = config.ranks();
    groups = timing.organisation().bankGroups();
    banksPerGroup = timing.organisation().banksPerGroup();
    DramTiming.Latencies core = timing.latencies();
    cl = core.cl();
    cwl = core.cwl();
    rcd = core.rcd();
    rp = core.rp();
    ras = core.ras();
    burst = core.burst();
    refreshInterval = config.refresh() ? timing.cyclesOf(timing.refreshIntervalPs()) : 0;
    refreshCycles = timing.cyclesOf(timing.refreshPs()) + rp;

    int rankCount = config.channels() * ranks;
    int groupCount = rankCount * groups;
    int bankCount = groupCount * banksPerGroup;
    openRow = new int[bankCount];
    Arrays.fill(openRow, NONE);
    activateReady = longAgo(bankCount);
    columnReady = longAgo(bankCount);
    prechargeReady = longAgo(bankCount);
    refreshSeen = new long[bankCount];
    groupActivate = longAgo(groupCount);
    groupColumn = longAgo(groupCount);
    groupRead = longAgo(groupCount);
    rankActivate = longAgo(rankCount);
    rankColumn = longAgo(rankCount);
    rankRead = longAgo(rankCount);
    recentActivates = longAgo(rankCount * FAW_ACTIVATES);
    oldestActivate = new int[rankCount];
    buses = new DataBus[config.channels()];
    for (int channel = 0; channel < buses.length; channel++) {
      buses[channel] = new DataBus(burst, timing.spacing().rankSwitch());
    }
  }

  private static long[] longAgo(int count) {
    long[] cycles = new long[count];
    Arrays.fill(cycles, LONG_AGO);
    return cycles;
  }

  @Override
  public long access(long timePs, long physicalAddress, int bytes, boolean isWrite) {
    long arrivalCycle = timing.cycleAt(timePs);
    long last = (physicalAddress + bytes - 1) >>> lineShift;
    long endCycle = 0;
    for (long line = physicalAddress >>> lineShift; line <= last; line++) {
      endCycle = Math.max(endCycle, serve(line, arrivalCycle + 1, isWrite));
    }
    return timing.edgePs(endCycle) + path.charge();
  }

  /** Cycle in which the line's last data is on the bus. */
  private long serve(long line, long earliest, boolean isWrite) {
    map.decode(line);
    int channel = map.channel();
    rankInChannel = map.rank();
    rankIndex = channel * ranks + rankInChannel;
    groupIndex = rankIndex * groups + map.bankGroup();
    bankIndex = groupIndex * banksPerGroup + map.bank();
    int row = map.row();

    long start = refreshed(earliest);
    long column = columnCycle(row, start, channel, isWrite);
    while (refreshInterval != 0 && refreshNumber(column - lead(row)) > refreshSeen[bankIndex]) {
      start = refreshed(column - lead(row));
      column = columnCycle(row, start, channel, isWrite);
    }
    count(row, isWrite);
    return issue(row, start, column, channel, isWrite);
  }

  /** Cycles from the first command of an access to its read or write command. */
  private int lead(int row) {
    if (openRow[bankIndex] == row) {
      return 0;
    }
    return openRow[bankIndex] == NONE ? rcd : rp + rcd;
  }

  /** Refreshes of this rank begun by {@code cycle}. */
  private long refreshNumber(long cycle) {
    long offset = refreshInterval * rankInChannel / ranks;
    return cycle < offset ? 0 : (cycle - offset) / refreshInterval;
  }

  /** {@code cycle}, or the end of the refresh it falls into; notes closed rows. */
  private long refreshed(long cycle) {
    if (refreshInterval == 0) {
      return cycle;
    }
    long number = refreshNumber(cycle);
    if (number == 0) {
      return cycle;
    }
    long begin = refreshInterval * rankInChannel / ranks + number * refreshInterval;
    if (number > refreshSeen[bankIndex]) {
      refreshSeen[bankIndex] = number;
      openRow[bankIndex] = NONE;
      activateReady[bankIndex] = Math.max(activateReady[bankIndex], begin + refreshCycles);
    }
    return Math.max(cycle, begin + refreshCycles);
  }

  /** Earliest cycle of the read or write command, given that nothing is sent before {@code start}. */
  private long columnCycle(int row, long start, int channel, boolean isWrite) {
    long column;
    if (openRow[bankIndex] == row) {
      column = Math.max(start, columnReady[bankIndex]);
    } else {
      column = activateCycle(start) + rcd;
    }
    column = Math.max(column, Math.max(groupColumn[groupIndex], rankColumn[rankIndex]));
    if (!isWrite) {
      column = Math.max(column, Math.max(groupRead[groupIndex], rankRead[rankIndex]));
    }
    int latency = isWrite ? cwl : cl;
    return buses[channel].earliest(column + latency, DataBus.userOf(rankInChannel, isWrite))
        - latency;
  }

  /** Earliest activate of a bank whose row is not the wanted one. */
  private long activateCycle(long start) {
    long activate = Math.max(start, activateReady[bankIndex]);
    if (openRow[bankIndex] != NONE) {
      long precharge = Math.max(start, prechargeReady[bankIndex]);
      activate = Math.max(activate, precharge + rp);
    }
    activate = Math.max(activate, Math.max(groupActivate[groupIndex], rankActivate[rankIndex]));
    int oldest = rankIndex * FAW_ACTIVATES + oldestActivate[rankIndex];
    return Math.max(activate, recentActivates[oldest] + timing.spacing().faw());
  }

  private void count(int row, boolean isWrite) {
    if (isWrite) {
      statistics.writes++;
    } else {
      statistics.reads++;
    }
    if (openRow[bankIndex] == row) {
      statistics.rowHits++;
    } else if (openRow[bankIndex] == NONE) {
      statistics.rowClosed++;
    } else {
      statistics.rowConflicts++;
    }
    statistics.busBusyCycles += burst;
  }

  /** Enters the commands of the access into the state; returns the end of its data. */
  private long issue(int row, long start, long column, int channel, boolean isWrite) {
    DramTiming.Spacing spacing = timing.spacing();
    if (openRow[bankIndex] != row) {
      activate(row, activateCycle(start), spacing);
    }
    long dataEnd = column + (isWrite ? cwl : cl) + burst;
    buses[channel].reserve(dataEnd - burst, DataBus.userOf(rankInChannel, isWrite));
    groupColumn[groupIndex] = column + spacing.ccdL();
    rankColumn[rankIndex] = column + spacing.ccdS();
    long precharge = column + timing.latencies().rtp();
    if (isWrite) {
      groupRead[groupIndex] = dataEnd + spacing.wtrL();
      rankRead[rankIndex] = dataEnd + spacing.wtrS();
      precharge = dataEnd + timing.latencies().wr();
    }
    prechargeReady[bankIndex] = Math.max(prechargeReady[bankIndex], precharge);
    if (closesRows) {
      openRow[bankIndex] = NONE;
      activateReady[bankIndex] = prechargeReady[bankIndex] + rp;
    }
    return dataEnd;
  }

  private void activate(int row, long cycle, DramTiming.Spacing spacing) {
    openRow[bankIndex] = row;
    columnReady[bankIndex] = cycle + rcd;
    prechargeReady[bankIndex] = cycle + ras;
    activateReady[bankIndex] = cycle + ras + rp;
    groupActivate[groupIndex] = cycle + spacing.rrdL();
    rankActivate[rankIndex] = cycle + spacing.rrdS();
    int oldest = oldestActivate[rankIndex];
    recentActivates[rankIndex * FAW_ACTIVATES + oldest] = cycle;
    oldestActivate[rankIndex] = (oldest + 1) % FAW_ACTIVATES;
  }

  @Override
  public DramStatistics statistics() {
    return statistics;
  }
}
