package org.legosim.kernel.pcache;

import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * The small, fully associative cache between the pcache and the memory nodes: entries that hold the
 * data of an evicted line until it is flushed, and give it back to a fault on its page. An entry that
 * filled the pcache is dropped, so a page is in one of the two.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache/victim.c}, {@code victim_flush.c}.
 */
@HotPath
final class VictimCache {
  static final int NONE = -1;

  static final int ALLOCATED = 1;

  /** On the list that searches and evictions walk, oldest first. */
  static final int USABLE = 1 << 1;

  static final int HAS_DATA = 1 << 2;
  static final int WRITEBACK = 1 << 3;
  static final int WAIT_FLUSH = 1 << 4;
  static final int FLUSHED = 1 << 5;
  static final int RECLAIM = 1 << 6;

  /** A fault found it; it goes when the last such fault is done. */
  static final int FILL_FREE = 1 << 7;

  static final int NO_HIT = 1 << 8;

  private static final int REFERENCES_MAX = 2;

  private final PcacheGeometry geometry;
  private final Sets sets;
  private final PcacheCounters counters;
  private final int entries;
  private final long pollPs;
  private final int[] flags;
  private final int[] references;
  private final int[] fills;
  private final int[] set;
  private final int[] hitCount;
  private final int[][] hitTgid;
  private final int[][] hitNode;
  private final long[][] hitAddress;
  private final boolean[][] hitForgotten;
  private final long[] presentSectors;
  private final long[] flushedSectors;
  private final int[] usable;
  private int usableCount;
  private final int[] queue;
  private int queueFirst;
  private int queueCount;
  private boolean isFlushing;
  private int lastVisited;
  private final WaitList dataWaiters = new WaitList();
  private final WaitList roomWaiters = new WaitList();
  private FlushListener flushListener = by -> {};

  /** Told when a flush was queued. */
  @FunctionalInterface
  interface FlushListener {
    void onFlushQueued(ExecutionContext by);
  }

  VictimCache(
      PcacheGeometry geometry, Sets sets, PcacheCounters counters, int entries, Charges charges) {
    this.geometry = geometry;
    this.sets = sets;
    this.counters = counters;
    this.entries = entries;
    this.pollPs = charges.victimPoll.ps();
    flags = new int[entries];
    references = new int[entries];
    fills = new int[entries];
    set = new int[entries];
    hitCount = new int[entries];
    hitTgid = new int[entries][1];
    hitNode = new int[entries][1];
    hitAddress = new long[entries][1];
    hitForgotten = new boolean[entries][1];
    presentSectors = new long[entries];
    flushedSectors = new long[entries];
    usable = new int[entries];
    queue = new int[entries];
  }

  void onFlushQueued(FlushListener listener) {
    flushListener = listener;
  }

  int entries() {
    return entries;
  }

  boolean has(int entry, int flag) {
    return (flags[entry] & flag) != 0;
  }

  int references(int entry) {
    return references[entry];
  }

  int hitCount(int entry) {
    return hitCount[entry];
  }

  int hitTgid(int entry, int hit) {
    return hitTgid[entry][hit];
  }

  long hitAddress(int entry, int hit) {
    return hitAddress[entry][hit];
  }

  int hitNode(int entry, int hit) {
    return hitNode[entry][hit];
  }

  /** True when the page's range has ended: the hit answers no search. */
  boolean isForgotten(int entry, int hit) {
    return hitForgotten[entry][hit];
  }

  /** Keeps which sectors an entry got and which of them are to be flushed. */
  void setSectors(int entry, long present, long flushed) {
    presentSectors[entry] = present;
    flushedSectors[entry] = flushed;
  }

  long presentSectors(int entry) {
    return presentSectors[entry];
  }

  long flushedSectors(int entry) {
    return flushedSectors[entry];
  }

  int setOf(int entry) {
    return set[entry];
  }

  int usableCount() {
    return usableCount;
  }

  /** Entries that the last search or eviction looked at. */
  int lastVisited() {
    return lastVisited;
  }

  /** Takes the free entry of the lowest index, or {@link #NONE}. */
  int take() {
    for (int entry = 0; entry < entries; entry++) {
      if (flags[entry] == 0) {
        flags[entry] = ALLOCATED;
        hitCount[entry] = 0;
        return entry;
      }
    }
    return NONE;
  }

  /** Makes an entry visible, before the pages of {@link #addHit} are unmapped. */
  void publish(int entry, int lineSet, ExecutionContext by) {
    flags[entry] |= USABLE;
    references[entry] = 1;
    fills[entry] = 0;
    set[entry] = lineSet;
    usable[usableCount++] = entry;
    sets.addVictims(lineSet, 1);
    roomChanged(by);
  }

  void addHit(int entry, int tgid, long address, int node) {
    int at = hitCount[entry]++;
    if (at == hitTgid[entry].length) {
      hitTgid[entry] = java.util.Arrays.copyOf(hitTgid[entry], 2 * at);
      hitNode[entry] = java.util.Arrays.copyOf(hitNode[entry], 2 * at);
      hitAddress[entry] = java.util.Arrays.copyOf(hitAddress[entry], 2 * at);
      hitForgotten[entry] = java.util.Arrays.copyOf(hitForgotten[entry], 2 * at);
    }
    hitTgid[entry][at] = tgid;
    hitAddress[entry][at] = address;
    hitNode[entry][at] = node;
    hitForgotten[entry][at] = false;
  }

  /** The oldest entry that holds the page and may be hit, or {@link #NONE}. */
  int find(int tgid, long address) {
    lastVisited = 0;
    for (int i = 0; i < usableCount; i++) {
      lastVisited++;
      int entry = usable[i];
      if (!has(entry, NO_HIT | RECLAIM) && holds(entry, tgid, address)) {
        return entry;
      }
    }
    return NONE;
  }

  private boolean holds(int entry, int tgid, long address) {
    for (int hit = 0; hit < hitCount[entry]; hit++) {
      if (!hitForgotten[entry][hit] && isPageIn(entry, hit, tgid, address, address + 1)) {
        return true;
      }
    }
    return false;
  }

  /** True when data of a page of the range has not reached its memory node. */
  boolean isInFlight(int tgid, long start, long end) {
    for (int i = 0; i < usableCount; i++) {
      int entry = usable[i];
      if (has(entry, FLUSHED)) {
        continue;
      }
      for (int hit = 0; hit < hitCount[entry]; hit++) {
        if (isPageIn(entry, hit, tgid, start, end)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Pages of a range are not hit any more. Their entries stay until they are flushed and thrown out in
   * their turn, as in the real kernel, which forgets nothing.
   */
  void forget(int tgid, long start, long end) {
    for (int i = 0; i < usableCount; i++) {
      int entry = usable[i];
      for (int hit = 0; hit < hitCount[entry]; hit++) {
        if (isPageIn(entry, hit, tgid, start, end)) {
          hitForgotten[entry][hit] = true;
        }
      }
    }
  }

  private boolean isPageIn(int entry, int hit, int tgid, long start, long end) {
    long address = hitAddress[entry][hit];
    return hitTgid[entry][hit] == tgid && address >= start && address < end;
  }

  /** A fault will fill its page from the entry. */
  void beginFill(int entry) {
    references[entry]++;
    fills[entry]++;
    flags[entry] |= FILL_FREE;
  }

  /** That fault is done; the last one drops the entry. */
  void endFill(int entry, ExecutionContext by) {
    fills[entry]--;
    if (fills[entry] == 0) {
      flags[entry] |= NO_HIT;
      put(entry, by);
    }
    put(entry, by);
  }

  /** Queues the context until the entry has its data. */
  void awaitData(int entry, ExecutionContext context) {
    dataWaiters.add(context, entry, 0, pollPs);
    context.beginWait("the data of a victim cache entry");
  }

  /** Resumes the context at its first poll after something changed that may make room. */
  void awaitRoom(ExecutionContext context, long roundPs) {
    roomWaiters.add(context, 0, 0, roundPs);
    context.beginWait("room in the victim cache");
  }

  void endAwait(ExecutionContext context) {
    roomWaiters.remove(context);
  }

  /** The entry received its line's data; a clean one counts as flushed, a dirty one is queued. */
  void finish(int entry, boolean dirty, ExecutionContext by) {
    flags[entry] |= HAS_DATA;
    dataWaiters.wakeAll(entry, 0, by);
    counters.victimFinishInsert++;
    if (!dirty) {
      flags[entry] |= FLUSHED;
      counters.victimFlushSubmittedClean++;
      counters.clflushCleanSkipped++;
      roomChanged(by);
      return;
    }
    flags[entry] |= WAIT_FLUSH;
    references[entry]++;
    queue[(queueFirst + queueCount) % entries] = entry;
    queueCount++;
    counters.victimFlushSubmittedDirty++;
    flushListener.onFlushQueued(by);
  }

  /**
   * Throws out the oldest entry that nobody needs, if almost all are in use.
   *
   * @return the entry, now free, or {@link #NONE}
   */
  int evict(ExecutionContext by) {
    lastVisited = 0;
    if (usableCount < entries - 1) {
      return NONE;
    }
    for (int i = 0; i < usableCount; i++) {
      lastVisited++;
      int entry = usable[i];
      if (fills[entry] == 0
          && has(entry, FLUSHED)
          && !has(entry, FILL_FREE)
          && references[entry] + 1 <= REFERENCES_MAX) {
        references[entry] = 1;
        put(entry, by);
        return entry;
      }
    }
    return NONE;
  }

  boolean hasFlushQueued() {
    return queueCount > 0;
  }

  /** Flushes queued or being done. */
  long unfinishedFlushes() {
    return (long) queueCount + (isFlushing ? 1 : 0);
  }

  /** Takes the oldest flush off the queue. */
  int beginFlush() {
    int entry = queue[queueFirst];
    queueFirst = (queueFirst + 1) % entries;
    queueCount--;
    isFlushing = true;
    flags[entry] |= WRITEBACK;
    return entry;
  }

  void endFlush(int entry, ExecutionContext by) {
    flags[entry] = (flags[entry] & ~(WRITEBACK | WAIT_FLUSH)) | FLUSHED;
    isFlushing = false;
    counters.victimFlushFinishedDirty++;
    put(entry, by);
    roomChanged(by);
  }

  private void put(int entry, ExecutionContext by) {
    if (--references[entry] > 0) {
      return;
    }
    int at = 0;
    while (usable[at] != entry) {
      at++;
    }
    usableCount--;
    System.arraycopy(usable, at + 1, usable, at, usableCount - at);
    sets.addVictims(set[entry], -1);
    flags[entry] = 0;
    roomChanged(by);
  }

  private void roomChanged(ExecutionContext by) {
    if (!roomWaiters.isEmpty()) {
      roomWaiters.wakeAll(0, 0, by);
    }
  }

  @Override
  public String toString() {
    return usableCount + " of " + entries + " entries in use, " + queueCount + " flushes queued, "
        + geometry.lineBytes() + " bytes each";
  }
}
