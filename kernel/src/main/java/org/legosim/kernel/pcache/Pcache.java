package org.legosim.kernel.pcache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;

/**
 * The page-granular, set-associative cache of remote memory in a processor node's DRAM, as the kernel
 * keeps it: lines, sets, reverse mappings, address spaces and counters. It is passive; the paths of
 * {@link PcachePaths}, one set per CPU, change it at the simulation's present.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache}. One processor node has one.
 */
public final class Pcache {
  /** Sets share counters of changes: one that moves without need costs a round, no more. */
  private static final int CHANGES_MASK = (1 << 12) - 1;

  private final int[] changes = new int[CHANGES_MASK + 1];

  final PcacheParams params;
  final PcacheGeometry geometry;
  final Charges charges;
  final PcacheCounters counters = new PcacheCounters();
  final PcacheProfile profile;
  final Sets sets;
  final Lines lines;
  final Sectors sectors;
  final Rmaps rmaps;
  final FreeLines free;
  final Replacement replacement;
  final Pins pins;
  final WriteBacks writeBacks;
  final EvictionList evictions;
  final PiggybackSlots slots = new PiggybackSlots();
  final VictimCache victims;
  final PcacheDefects defects;
  final WaitLimits limits;
  final LineReports reports = new LineReports(this);
  final Prefetcher prefetcher;

  /** True when faults are watched and pages prefetched. */
  final boolean prefetches;

  final LineContents contents;

  /** Judges every step; null unless everything is checked always. */
  final @Nullable PcacheWatch watch;

  SharedPages sharedPages = SharedPages.NONE;

  private String outOfMemory = "no allocation failed";
  private boolean isVictimCacheStarved;
  private final WaitList setWaiters = new WaitList();
  private final EventLog events;
  private final @Nullable RecentEvents recent;
  private final boolean logsEvents;
  private final LatencyCounts faultLatency = new LatencyCounts();
  private final List<AddressSpace> spaces = new ArrayList<>();

  public Pcache(
      Simulation simulation,
      PcacheParams params,
      PcacheCosts costs,
      EventLog events,
      PcacheDefects defects) {
    this(simulation, params, costs, events, "P0", defects, false);
  }

  /**
   * @param node name of the processor node
   * @param isWatched judges every step, and keeps what data each line holds
   */
  public Pcache(
      Simulation simulation,
      PcacheParams params,
      PcacheCosts costs,
      EventLog log,
      String node,
      PcacheDefects defects,
      boolean isWatched) {
    this.params = params;
    this.recent = isWatched ? new RecentEvents(log) : null;
    this.events = recent == null ? log : recent;
    this.defects = defects;
    logsEvents = events != EventLog.NONE;
    geometry = params.geometry();
    limits = new WaitLimits(simulation);
    prefetches = params.prefetch() != PrefetchPolicy.OFF;
    prefetcher = new Prefetcher(this);
    simulation.mayWait(params.allocTimeoutPs(), "pcache.allocTimeout");
    simulation.mayWait(params.victimTimeoutPs(), "pcache.victimTimeout");
    charges = new Charges(simulation.ledger(), costs);
    profile = new PcacheProfile(simulation.profile(), node);
    sets = new Sets(geometry);
    lines = new Lines(geometry, params.fetchBytes() != 0);
    sectors = new Sectors(params, lines);
    rmaps = new Rmaps(geometry, lines, counters);
    free = new FreeLines(geometry, sets, lines, params.freeLines());
    writeBacks = new WriteBacks(this);
    pins = new Pins(rmaps, spaces, setWaiters, changes);
    replacement = new Replacement(
        geometry,
        sets,
        lines,
        params.policy(),
        simulation.stream(streamOf(node)),
        pins,
        defects.searchesPastTheEnd());
    evictions = new EvictionList(geometry, sets, counters, charges.evictionPoll.ps());
    victims = new VictimCache(geometry, sets, counters, params.victimEntries(), charges);
    contents = new LineContents(isWatched, geometry.lines(), params.victimEntries());
    watch = isWatched ? new PcacheWatch(this) : null;
    rmaps.watch = watch;
    replacement.watch = watch;
    free.watch = watch;
    slots.watch = watch;
  }

  /** Each node draws from a stream of its own. */
  private static String streamOf(String node) {
    return node.equals("P0") ? "pcache.replacement" : "pcache.replacement." + node;
  }

  /** For a check outside the pcache. */
  public PcacheInspection inspection() {
    return new PcacheInspection(this);
  }

  /** Who is told of the pages that forks share. */
  public void onSharedPages(SharedPages listener) {
    sharedPages = listener;
  }

  /** What happened to a page or a line lately, for a message; empty when nothing is kept. */
  String history(int tgid, long address, int line) {
    return recent == null
        ? ""
        : recent.of(tgid, address, geometry.setOfLine(line), geometry.wayOfLine(line));
  }

  /** Heap that the records of a pcache need once every line has been used, in bytes. */
  static long plannedHeapBytes(long lineCount, long setCount) {
    return lineCount * (Lines.HEAP_BYTES + Rmaps.HEAP_BYTES) + setCount * Sets.HEAP_BYTES;
  }

  /**
   * Bound of the heap that this pcache needs when at most {@code pages} different pages are in it.
   * Records appear in chunks, so a few pages spread over all sets cost up to a chunk each.
   */
  public long plannedHeapBytes(long pages) {
    long lineCount = Math.min(geometry.lines(), pages);
    long sectorBytes = sectors.isOn ? lineCount * Lines.SECTOR_HEAP_BYTES : 0;
    return plannedHeapBytes(lineCount, Math.min(geometry.sets(), lineCount)) + sectorBytes;
  }

  /** Heap that the records need once every line has been used, in bytes. */
  public long plannedHeapBytes() {
    return plannedHeapBytes((long) geometry.lines());
  }

  public PcacheGeometry geometry() {
    return geometry;
  }

  public PcacheParams params() {
    return params;
  }

  /** A fresh, empty address space for a process that lives on memory node {@code homeNode}. */
  public AddressSpace createSpace(int tgid, int homeNode) {
    AddressSpace space =
        new AddressSpace(spaces.size(), tgid, homeNode, geometry.lineShift(), counters, sectors);
    spaces.add(space);
    return space;
  }

  public AddressSpace space(int index) {
    return spaces.get(index);
  }

  int spaceCount() {
    return spaces.size();
  }

  /** True when the policy must be told of hits by {@link #onHit}. */
  public boolean seesHits() {
    return replacement.seesHits();
  }

  /** A look-up found its page in {@code line}. */
  @HotPath
  public void onHit(int line) {
    replacement.onHit(line);
  }

  /** Records the time from an access that missed to its retry. */
  public void recordFault(long latencyPs) {
    faultLatency.record(latencyPs);
  }

  /** Times from an access that missed to its retry. */
  public LatencyCounts faultLatency() {
    return faultLatency;
  }

  /** Misses so far: every fault that ended without an error. */
  public long misses() {
    return counters.misses();
  }

  /** Lines evicted so far. */
  public long evicted() {
    return counters.evictionSucceed;
  }

  /** Messages so far that carried nothing but a dirty line away. */
  public long flushes() {
    return counters.clflush;
  }

  /** Puts the metrics {@code pcache_*} and {@code victim_*}; the CPUs count the hits. */
  public void putPageMetrics(MetricSnapshot snapshot, long hits) {
    counters.putPageMetrics(snapshot, hits);
  }

  /** Puts the metrics {@code kernel_nr_*}. */
  public void putKernelCounters(MetricSnapshot snapshot) {
    counters.putKernelCounters(snapshot);
  }

  /** Checks the identities between counters. */
  public void verifyCounters() {
    counters.verify(victims.unfinishedFlushes(), rmaps.live(), evictions.count());
  }

  // --- for the paths ---

  /** log2 of the bytes of a sector, or of a line when lines are whole. */
  public int sectorShift() {
    return sectors.shift();
  }

  /** Bytes of a flush request: its header and the data. */
  int flushBytes(long flushed) {
    return (int) (Opcode.PCACHE_FLUSH.requestBytes() - 4096 + sectors.bytes(flushed));
  }

  void log(KernelContext context, char kind, int tgid, long address, int set, int way) {
    if (logsEvents) {
      events.event(context.nowPs(), context.cpuIndex(), kind, tgid, address, set, way);
    }
  }

  void logLine(KernelContext context, char kind, int tgid, long address, int line) {
    if (logsEvents) {
      log(context, kind, tgid, address, geometry.setOfLine(line), geometry.wayOfLine(line));
    }
  }

  /** Gives a line without references to its set's free ones. */
  void giveFree(int line) {
    lines.setBits(line, 0);
    free.give(line);
    counters.usedLines--;
  }

  /** Something changed that may let a fruitless eviction in the line's set succeed. */
  @HotPath
  void changed(int line, ExecutionContext by) {
    changes[geometry.setOfLine(line) & CHANGES_MASK]++;
    if (!setWaiters.isEmpty()) {
      setWaiters.wakeAll(geometry.setOfLine(line), 0, by);
    }
  }

  /** Moves on with every change in the set, now and then without one. */
  int changes(int set) {
    return changes[set & CHANGES_MASK];
  }

  /** Resumes {@code context} at its first poll after the next change in the set, or at the limit. */
  void awaitChange(int set, ExecutionContext context, long pollPs, long untilPs) {
    setWaiters.add(context, set, 0, pollPs);
    limits.begin(context, untilPs);
    context.beginWait("a set whose lines are all in use");
  }

  void endAwait(ExecutionContext context) {
    setWaiters.remove(context);
    limits.end(context);
  }

  /** Pages of a range that ends its life must not come back from the victim cache. */
  void forgetVictims(int tgid, long start, long end) {
    if (!defects.hitsEndedPages()) {
      victims.forget(tgid, start, end);
    }
  }

  /** True when the page's newest data may not be at its memory node yet. */
  boolean isInFlight(int tgid, long address) {
    int set = geometry.setOf(address);
    return (sets.evictionEntries(set) > 0 && evictions.contains(tgid, address))
        || (sets.victims(set) > 0 && victims.find(tgid, address) != VictimCache.NONE);
  }

  /** A page-table entry goes; whoever prefetched its page did so for nothing if nobody touched it. */
  void dropped(long entry) {
    if (Pte.isPrefetched(entry)) {
      counters.prefetchesUseless++;
    }
  }

  /** The entry without its mark for a prefetched page, which is touched now. */
  long touched(long entry) {
    if (Pte.isPrefetched(entry)) {
      counters.prefetchesUseful++;
    }
    return entry & ~Pte.PREFETCHED;
  }

  /** No line of the set could be had within the limit of an allocation. */
  void failedToAllocate(int set) {
    if (!isVictimCacheStarved) {
      outOfMemory = "all " + geometry.ways() + " lines of set " + set
          + " stayed in use, being filled or shared by fork (F-25: shared lines are never evicted);"
          + " raise pcache.ways or pcache.size";
    }
  }

  /** An eviction found no victim cache entry within its limit. */
  void failedToEvict() {
    isVictimCacheStarved = true;
    outOfMemory = "F-17: every one of the " + victims.entries() + " victim cache entries is held by"
        + " a fault that waits for an entry itself, or by a flush; the real kernel needs more"
        + " entries than CPUs that fault: raise pcache.victimEntries";
  }

  String describeOutOfMemory() {
    return outOfMemory;
  }

  /** The page-table page that holds the entry of a reverse mapping. */
  PageTable tableOf(int rmap) {
    return space(rmaps.space(rmap)).existingTable(rmaps.address(rmap));
  }

  /**
   * Takes the page-table lock for unmapping a line; false when the context must wait. Nobody who
   * evicts holds a page-table lock, unless the defect is switched on.
   */
  boolean lockForUnmap(PageTable table, KernelContext context) {
    if (defects.evictsUnderPageTableLocks() && table.lock().isHeldBy(context)) {
      // LEGOOS-BUG: F-26, the kernel takes a lock again that it holds, and hangs.
      context.beginWait("a page-table lock that it holds itself");
      return false;
    }
    return table.lock().acquire(context);
  }

  /** The reverse mapping that belongs to a present entry. */
  int requireRmap(int line, int space, long address, KernelContext context) {
    int rmap = rmaps.find(line, space, address);
    if (rmap == Rmaps.NONE) {
      throw new InvariantViolation("no reverse mapping at "
          + context.nowPs()
          + " ps on "
          + context.name()
          + ": page 0x"
          + Long.toHexString(address)
          + " of "
          + space(space)
          + " maps "
          + describeLine(line)
          + ", which does not know it");
    }
    return rmap;
  }

  void removeRmap(int line, int space, long address, KernelContext context) {
    rmaps.remove(line, requireRmap(line, space, address, context));
  }

  /** F-31. */
  public boolean forksOntoItself() {
    return defects.forksOntoItself();
  }

  /** What the kernel printed of stale reverse mappings; empty when there were none. */
  public String describeStale() {
    return reports.describeStale();
  }

  String describeLine(int line) {
    return reports.describeLine(line);
  }
}
