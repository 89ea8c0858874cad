package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.engine.HotPath;

/** What a memory node counts: its handlers and its thread pool. */
public final class MemoryCounters {
  static final long BIN_PS = 5_000_000;
  static final int BINS = 40;

  long misses;
  long flushes;
  long zeroFills;
  long mmaps;
  long munmaps;
  long breaks;
  long remaps;
  long forks;
  long execs;
  long reads;
  long writes;
  long others;
  long partMaps;
  long partUnmaps;
  long partMoves;
  long partForks;
  long consultations;
  long sharedMoves;
  long segmentationFaults;
  long failedFlushes;
  long sharedFlushes;
  long fileFaults;
  long storageReads;
  long storageWrites;
  long handedOver;
  long replicas;
  long droppedReplicas;
  long batchedLogFlushes;
  long pagesAllocated;

  private long handled;
  private long queueDelaySumPs;
  private long queueDelayMinPs = Long.MAX_VALUE;
  private long queueDelayMaxPs;
  private final long[] queueDelayBins = new long[BINS];

  /** What a run met and this level does not model, a sentence each. */
  List<String> approximations(String name, boolean hasStorage) {
    List<String> found = new ArrayList<>();
    if (fileFaults > 0 && !hasStorage) {
      found.add(fileFaults
          + " first touches of file-backed pages at "
          + name
          + " were served from its own memory: no storage node is modelled");
    }
    if (reads + writes > 0 && !hasStorage) {
      found.add((reads + writes)
          + " file transfers at "
          + name
          + " were answered without a storage node");
    }
    if (droppedReplicas > 0) {
      found.add(droppedReplicas
          + " of "
          + replicas
          + " replicas at "
          + name
          + " were dropped: their log was on its way to the storage node, so a failure of the first"
          + " memory node would lose them");
    }
    if (sharedMoves > 0) {
      found.add(sharedMoves
          + " pages that processes share left "
          + name
          + " for another node by mremap: the one that moved has a copy from then on");
    }
    return found;
  }

  /** A worker took a request that had been queued {@code delayPs} ago. */
  @HotPath
  void taken(long delayPs) {
    handled++;
    queueDelaySumPs += delayPs;
    queueDelayMinPs = Math.min(queueDelayMinPs, delayPs);
    queueDelayMaxPs = Math.max(queueDelayMaxPs, delayPs);
    queueDelayBins[(int) Math.min(BINS - 1, delayPs / BIN_PS)]++;
  }

  /** Reads of the storage node: of calls, of pages touched first, of the loader. */
  public long storageReads() {
    return storageReads;
  }

  /** Writes at the storage node. */
  public long storageWrites() {
    return storageWrites;
  }

  /** Lines of other memory nodes that arrived here: {@code handle_pcache_replica}. */
  public long replicas() {
    return replicas;
  }

  /** Those that were not kept. */
  public long droppedReplicas() {
    return droppedReplicas;
  }

  /** Logs that were sent to the storage node. */
  public long batchedLogFlushes() {
    return batchedLogFlushes;
  }

  /** Requests that a worker gave to the thread that waits for the storage node. */
  public long handedOver() {
    return handedOver;
  }

  /** {@code handle_pcache_miss}. */
  public long misses() {
    return misses;
  }

  /** {@code handle_pcache_flush}, those that came with a miss included. */
  public long flushes() {
    return flushes;
  }

  public long zeroFills() {
    return zeroFills;
  }

  /** {@code handle_p2m_mmap}. */
  public long mmaps() {
    return mmaps;
  }

  /** {@code handle_p2m_munmap}. */
  public long munmaps() {
    return munmaps;
  }

  /** {@code handle_p2m_brk}. */
  public long breaks() {
    return breaks;
  }

  public long remaps() {
    return remaps;
  }

  public long forks() {
    return forks;
  }

  public long execs() {
    return execs;
  }

  /** {@code handle_read}. */
  public long reads() {
    return reads;
  }

  /** {@code handle_write}. */
  public long writes() {
    return writes;
  }

  /** {@code handle_m2m_mmap}: parts of mappings that another home node put here, growth included. */
  public long partMaps() {
    return partMaps;
  }

  /** {@code handle_m2m_munmap}. */
  public long partUnmaps() {
    return partUnmaps;
  }

  /** Moves of parts, and messages with pages that change their node. */
  public long partMoves() {
    return partMoves;
  }

  public long partForks() {
    return partForks;
  }

  /** Questions of this node to the monitor. */
  public long consultations() {
    return consultations;
  }

  /** Requests that have no counter in the real kernel. */
  public long others() {
    return others;
  }

  /** Misses at addresses that no area explains. */
  public long segmentationFaults() {
    return segmentationFaults;
  }

  /** Flushes of pages that no area explains any more. */
  public long failedFlushes() {
    return failedFlushes;
  }

  /** Flushes that overwrote a page which another process maps as well (F-20). */
  public long sharedFlushes() {
    return sharedFlushes;
  }

  /** First touches of file-backed pages. */
  public long fileFaults() {
    return fileFaults;
  }

  /** Pages given to address spaces, page-table pages included. */
  public long pagesAllocated() {
    return pagesAllocated;
  }

  /** Requests that workers took. */
  public long handled() {
    return handled;
  }

  public long queueDelayMeanPs() {
    return handled == 0 ? 0 : queueDelaySumPs / handled;
  }

  public long queueDelaySumPs() {
    return queueDelaySumPs;
  }

  public long queueDelayMinPs() {
    return handled == 0 ? 0 : queueDelayMinPs;
  }

  public long queueDelayMaxPs() {
    return queueDelayMaxPs;
  }

  /** Delays in 40 bins of 5 us; the last one holds whatever is longer. */
  public long[] queueDelayBins() {
    return Arrays.copyOf(queueDelayBins, BINS);
  }
}
