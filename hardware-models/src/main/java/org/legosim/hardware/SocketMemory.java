package org.legosim.hardware;

import org.legosim.hardware.cache.Cache;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.dram.Dram;
import org.legosim.hardware.dram.DramConfig;
import org.legosim.timing.Frequency;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.Simulation;

/**
 * What the CPUs of a socket share: the last-level cache and the DRAM behind it. All calls come in the
 * global order of time.
 *
 * <p>Devices: a DMA write goes into a few ways of the cache, a DMA read is served by the cache or by
 * DRAM and changes neither. Left out: the private caches' copies during DMA (the caller invalidates
 * them), memory of another socket.
 */
@HotPath
public final class SocketMemory {
  private final Cache cache;
  private final Dram dram;
  private final int lineShift;
  private final int lineBytes;
  private final int deviceWays;
  private final long portPs;
  private final long arrivalPs;
  private final long lookupPs;
  private final Server[] ports;
  private boolean isServedByCache;

  /**
   * @param name path of the socket, for its random stream and stations
   * @param memoryBytes physical addresses are below this
   */
  public SocketMemory(
      Simulation simulation,
      String name,
      CachesParams params,
      Frequency core,
      DramConfig dramConfig,
      long memoryBytes) {
    lineBytes = params.lineBytes();
    lineShift = Integer.numberOfTrailingZeros(lineBytes);
    RandomStream random = simulation.stream(name + ".llc");
    cache = new Cache(params.llc(), memoryBytes >>> lineShift, random);
    dram = Dram.of(dramConfig, simulation.ledger());
    deviceWays = params.llcDeviceWays();
    portPs = core.durationPs(params.llcPortCycles().value());
    arrivalPs = core.durationPs(privateCycles(params));
    lookupPs = cache.isPresent() ? sharedPs(params, core) : 0;
    ports = new Server[cache.slices()];
    for (int slice = 0; slice < ports.length; slice++) {
      ports[slice] = new Server(name + ".llc." + slice);
    }
  }

  /** Cycles after which a miss in all private levels reaches this level. */
  private static long privateCycles(CachesParams params) {
    if (params.l2().isPresent()) {
      return params.l2LatencyCycles().value();
    }
    return params.l1d().isPresent() ? params.l1dLatencyCycles().value() : 0;
  }

  private static long sharedPs(CachesParams params, Frequency core) {
    long totalPs = core.durationPs(params.llcLatencyCycles().value());
    return Math.max(0, totalPs - core.durationPs(privateCycles(params)));
  }

  /**
   * A line that no private cache of the reader holds.
   *
   * @param issuePs when the core issued the access
   * @return when the line is at the core
   */
  public long read(long issuePs, long line) {
    long donePs = lookedUpPs(issuePs, line);
    isServedByCache = cache.access(line, false);
    if (isServedByCache) {
      return donePs;
    }
    long completionPs = dram.access(donePs, line << lineShift, lineBytes, false);
    evict(donePs, cache.fill(line, false));
    return completionPs;
  }

  private long lookedUpPs(long issuePs, long line) {
    long startPs = issuePs + arrivalPs;
    if (portPs != 0) {
      startPs = ports[cache.sliceOf(line)].submit(startPs, portPs);
    }
    return startPs + lookupPs;
  }

  /** Whether the last {@link #read} hit the cache; otherwise DRAM served it. */
  public boolean isServedByCache() {
    return isServedByCache;
  }

  /** A dirty line from a private cache; nobody waits for it. */
  public void writeBack(long timePs, long line) {
    if (!cache.writeBack(line)) {
      evict(timePs + arrivalPs + lookupPs, cache.fill(line, true));
    }
  }

  private void evict(long timePs, long victim) {
    if (Cache.isDirty(victim)) {
      dram.access(timePs, Cache.lineOf(victim) << lineShift, lineBytes, true);
    }
  }

  /** A device writes memory. */
  public void deviceWrite(long timePs, long address, int bytes) {
    long last = (address + bytes - 1) >>> lineShift;
    for (long line = address >>> lineShift; line <= last; line++) {
      if (deviceWays == 0) {
        cache.invalidate(line, 1);
        dram.access(timePs, line << lineShift, lineBytes, true);
      } else if (!cache.writeBack(line)) {
        evict(timePs, cache.fillFromDevice(line, deviceWays));
      }
    }
  }

  /** A device reads memory; returns when its last line has been found. */
  public long deviceRead(long timePs, long address, int bytes) {
    long last = (address + bytes - 1) >>> lineShift;
    long endPs = timePs + lookupPs;
    for (long line = address >>> lineShift; line <= last; line++) {
      if (!cache.holds(line)) {
        endPs =
            Math.max(endPs, dram.access(timePs + lookupPs, line << lineShift, lineBytes, false));
      }
    }
    return endPs;
  }

  public Cache cache() {
    return cache;
  }

  public Dram dram() {
    return dram;
  }
}
