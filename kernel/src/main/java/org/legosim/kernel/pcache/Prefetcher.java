package org.legosim.kernel.pcache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.HotPath;

/**
 * What is to be prefetched: the patterns of all threads' faults, and a bounded queue of pages from
 * which pinned threads take. A request that finds the queue full is dropped. It exists for
 * design-space studies: the real kernel prefetches nothing.
 */
public final class Prefetcher {
  private final Pcache pcache;
  private final PcacheCounters counters;
  private final int depth;
  private final int[] queuedSpace;
  private final long[] queuedAddress;
  private int first;
  private int queued;
  private final List<PrefetchDaemon> daemons = new ArrayList<>();
  private final List<List<FaultPattern>> patterns = new ArrayList<>();
  private IntConsumer onFilled = line -> {};

  Prefetcher(Pcache pcache) {
    this.pcache = pcache;
    this.counters = pcache.counters;
    this.depth = pcache.params.prefetchDepth();
    this.queuedSpace = new int[pcache.params.prefetchQueue()];
    this.queuedAddress = new long[pcache.params.prefetchQueue()];
  }

  /**
   * Lets the threads prefetch from now on.
   *
   * @param filled is told of every line that got a page
   */
  public static void start(Pcache pcache, List<PinnedThread> threads, IntConsumer filled) {
    Prefetcher prefetcher = pcache.prefetcher;
    prefetcher.onFilled = filled;
    for (PinnedThread thread : threads) {
      prefetcher.daemons.add(new PrefetchDaemon(pcache, prefetcher, thread));
    }
  }

  /** Takes note of a fault of {@code thread} on a page; the distance in bytes at which to go on, or 0. */
  @HotPath
  long faulted(AddressSpace space, int thread, long address) {
    if (isUnderWay(space.index(), address)) {
      counters.prefetchesLate++;
    }
    long line = address >>> pcache.geometry.lineShift();
    return pattern(space.index(), thread).faulted(line) << pcache.geometry.lineShift();
  }

  /** Pages that one fault asks for at most. */
  int depth() {
    return depth;
  }

  private FaultPattern pattern(int space, int thread) {
    while (patterns.size() <= space) {
      patterns.add(new ArrayList<>());
    }
    List<FaultPattern> known = patterns.get(space);
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).thread == thread) {
        return known.get(i);
      }
    }
    FaultPattern added =
        new FaultPattern(thread, pcache.params.prefetch(), depth, pcache.params.prefetchHistory());
    known.add(added);
    return added;
  }

  private boolean isUnderWay(int space, long address) {
    for (int i = 0; i < daemons.size(); i++) {
      if (daemons.get(i).isFetching(space, address)) {
        return true;
      }
    }
    return false;
  }

  /** Asks for the pages after {@code address} at the given distance, as far as they are empty. */
  void request(KernelContext by, AddressSpace space, long address, long distance) {
    for (int step = 1; step <= depth; step++) {
      long page = address + step * distance;
      if (page < 0 || page >= AddressSpace.END) {
        return;
      }
      if (space.pte(page) == Pte.NONE && !isKnown(space.index(), page)) {
        add(by, space.index(), page);
      }
    }
  }

  private boolean isKnown(int space, long address) {
    for (int i = 0; i < queued; i++) {
      int index = (first + i) % queuedSpace.length;
      if (queuedSpace[index] == space && queuedAddress[index] == address) {
        return true;
      }
    }
    return isUnderWay(space, address);
  }

  private void add(KernelContext by, int space, long address) {
    if (queued == queuedSpace.length) {
      counters.prefetchesDropped++;
      return;
    }
    int index = (first + queued) % queuedSpace.length;
    queuedSpace[index] = space;
    queuedAddress[index] = address;
    queued++;
    counters.prefetches++;
    for (int i = 0; i < daemons.size(); i++) {
      if (daemons.get(i).startIfIdle(by)) {
        return;
      }
    }
  }

  boolean hasWork() {
    return queued > 0;
  }

  int nextSpace() {
    return queuedSpace[first];
  }

  long nextAddress() {
    return queuedAddress[first];
  }

  void removeNext() {
    first = (first + 1) % queuedSpace.length;
    queued--;
  }

  void filled(int line) {
    onFilled.accept(line);
  }
}
