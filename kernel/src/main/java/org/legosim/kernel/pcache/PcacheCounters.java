package org.legosim.kernel.pcache;

import org.legosim.timing.InvariantViolation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.KernelCounters;
import org.legosim.timing.metrics.MetricSnapshot;

/**
 * The kernel's own event counters, under its names without the prefix, and what happened to pages.
 * Counted where the kernel's code counts, so an attempt that is repeated counts again.
 */
final class PcacheCounters {
  long pgfault;
  long pgfaultCode;
  long clflush;
  long clflushCleanSkipped;
  long clflushFail;
  long clflushPiggybackFallback;
  long pgfaultWp;
  long pgfaultWpCow;
  long pgfaultWpReuse;
  long pgfaultConcurrentEviction;
  long fillZerofill;
  long fillFromMemory;
  long fillFromMemoryPiggyback;
  long fillFromMemoryPiggybackFallback;
  long fillFromVictim;
  long evictionTriggered;
  long evictionEagainFreeable;
  long evictionEagainConcurrent;
  long evictionFailureFind;
  long evictionFailureEvict;
  long evictionSucceed;
  long psetListLookup;
  long psetListHit;
  long victimLookup;
  long victimHit;
  long victimEvictionTriggered;
  long victimEvictionEagain;
  long victimEvictionSucceed;
  long victimPrepareInsert;
  long victimFinishInsert;
  long victimFlushSubmittedClean;
  long victimFlushSubmittedDirty;
  long victimFlushFinishedDirty;
  long victimFlushAsyncRun;
  long victimFlushSync;
  long sweepRun;
  long sweepNrPset;
  long sweepNrMoved;
  long mremapPsetSame;
  long mremapPsetDiff;
  long rmapAlloc;
  long rmapAllocKmalloc;
  long rmapFree;
  long rmapFreeKmalloc;
  long peeAlloc;
  long peeAllocKmalloc;
  long peeFree;
  long peeFreeKmalloc;
  /** Lines taken from the free ones and not given back. */
  long usedLines;

  /** Dirty lines handed to a miss's message. */
  long piggybacked;

  /** Misses by how they ended; their sum is the number of misses. */
  long missRemote;

  long missVictim;
  long missZero;
  long missLostRace;
  long missWriteProtected;

  /** Pages queued for prefetching, and what became of them. */
  long prefetches;

  long prefetchesUseful;
  long prefetchesUseless;
  long prefetchesFailed;

  /** Faults that met the prefetch of their page on its way. */
  long prefetchesLate;

  /** Requests that found the queue full; not among those queued. */
  long prefetchesDropped;

  /** Remote misses of a sector whose line was present. */
  long sectorMisses;

  /** Faults that ended in an error: no line, or an address that nobody explains. */
  long faultsFailed;

  long misses() {
    return missRemote + missVictim + missZero + missLostRace + missWriteProtected;
  }

  /** Puts what happened to pages; {@code hits} are counted by the CPUs. */
  void putPageMetrics(MetricSnapshot snapshot, long hits) {
    snapshot
        .put(FixedMetrics.PCACHE_HITS, hits)
        .put(FixedMetrics.PCACHE_MISSES, misses())
        .put(FixedMetrics.PCACHE_FILL_REMOTE, missRemote)
        .put(FixedMetrics.PCACHE_FILL_VICTIM, missVictim)
        .put(FixedMetrics.PCACHE_FILL_ZERO, missZero)
        .put(FixedMetrics.PCACHE_FAULT_LOST_RACE, missLostRace)
        .put(FixedMetrics.PCACHE_FAULT_COW, missWriteProtected)
        .put(FixedMetrics.PCACHE_EVICTIONS, evictionSucceed)
        .put(FixedMetrics.PCACHE_FLUSHES, clflush + piggybacked)
        .put(FixedMetrics.PCACHE_PIGGYBACKED, piggybacked)
        .put(FixedMetrics.VICTIM_LOOKUPS, victimLookup)
        .put(FixedMetrics.VICTIM_HITS, victimHit)
        .put(FixedMetrics.PCACHE_SECTOR_MISSES, sectorMisses)
        .put(FixedMetrics.PCACHE_PREFETCHES, prefetches)
        .put(FixedMetrics.PCACHE_PREFETCHES_USEFUL, prefetchesUseful)
        .put(FixedMetrics.PCACHE_PREFETCHES_USELESS, prefetchesUseless)
        .put(FixedMetrics.PCACHE_PREFETCHES_FAILED, prefetchesFailed)
        .put(FixedMetrics.PCACHE_PREFETCHES_LATE, prefetchesLate)
        .put(FixedMetrics.PCACHE_PREFETCHES_DROPPED, prefetchesDropped);
  }

  /** Puts every counter of the kernel, in its order. */
  void putKernelCounters(MetricSnapshot snapshot) {
    snapshot
        .put(KernelCounters.NR_PGFAULT, pgfault)
        .put(KernelCounters.NR_PGFAULT_CODE, pgfaultCode)
        .put(KernelCounters.NR_CLFLUSH, clflush)
        .put(KernelCounters.NR_CLFLUSH_CLEAN_SKIPPED, clflushCleanSkipped)
        .put(KernelCounters.NR_CLFLUSH_FAIL, clflushFail)
        .put(KernelCounters.NR_CLFLUSH_PIGGYBACK_FALLBACK, clflushPiggybackFallback)
        .put(KernelCounters.NR_PGFAULT_WP, pgfaultWp)
        .put(KernelCounters.NR_PGFAULT_WP_COW, pgfaultWpCow)
        .put(KernelCounters.NR_PGFAULT_WP_REUSE, pgfaultWpReuse)
        .put(KernelCounters.NR_PGFAULT_DUE_TO_CONCURRENT_EVICTION, pgfaultConcurrentEviction)
        .put(KernelCounters.NR_PCACHE_FILL_ZEROFILL, fillZerofill)
        .put(KernelCounters.NR_PCACHE_FILL_FROM_MEMORY, fillFromMemory)
        .put(KernelCounters.NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK, fillFromMemoryPiggyback)
        .put(
            KernelCounters.NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK_FALLBACK,
            fillFromMemoryPiggybackFallback)
        .put(KernelCounters.NR_PCACHE_FILL_FROM_VICTIM, fillFromVictim)
        .put(KernelCounters.NR_PCACHE_EVICTION_TRIGGERED, evictionTriggered)
        .put(KernelCounters.NR_PCACHE_EVICTION_EAGAIN_FREEABLE, evictionEagainFreeable)
        .put(KernelCounters.NR_PCACHE_EVICTION_EAGAIN_CONCURRENT, evictionEagainConcurrent)
        .put(KernelCounters.NR_PCACHE_EVICTION_FAILURE_FIND, evictionFailureFind)
        .put(KernelCounters.NR_PCACHE_EVICTION_FAILURE_EVICT, evictionFailureEvict)
        .put(KernelCounters.NR_PCACHE_EVICTION_SUCCEED, evictionSucceed)
        .put(KernelCounters.NR_PSET_LIST_LOOKUP, psetListLookup)
        .put(KernelCounters.NR_PSET_LIST_HIT, psetListHit)
        .put(KernelCounters.NR_VICTIM_LOOKUP, victimLookup)
        .put(KernelCounters.NR_VICTIM_HIT, victimHit)
        .put(KernelCounters.NR_VICTIM_EVICTION_TRIGGERED, victimEvictionTriggered)
        .put(KernelCounters.NR_VICTIM_EVICTION_EAGAIN, victimEvictionEagain)
        .put(KernelCounters.NR_VICTIM_EVICTION_SUCCEED, victimEvictionSucceed)
        .put(KernelCounters.NR_VICTIM_PREPARE_INSERT, victimPrepareInsert)
        .put(KernelCounters.NR_VICTIM_FINISH_INSERT, victimFinishInsert)
        .put(KernelCounters.NR_VICTIM_FLUSH_SUBMITTED_CLEAN, victimFlushSubmittedClean)
        .put(KernelCounters.NR_VICTIM_FLUSH_SUBMITTED_DIRTY, victimFlushSubmittedDirty)
        .put(KernelCounters.NR_VICTIM_FLUSH_FINISHED_DIRTY, victimFlushFinishedDirty)
        .put(KernelCounters.NR_VICTIM_FLUSH_ASYNC_RUN, victimFlushAsyncRun)
        .put(KernelCounters.NR_VICTIM_FLUSH_SYNC, victimFlushSync)
        .put(KernelCounters.NR_SWEEP_RUN, sweepRun)
        .put(KernelCounters.NR_SWEEP_NR_PSET, sweepNrPset)
        .put(KernelCounters.NR_SWEEP_NR_MOVED_PCM, sweepNrMoved)
        .put(KernelCounters.NR_MREMAP_PSET_SAME, mremapPsetSame)
        .put(KernelCounters.NR_MREMAP_PSET_DIFF, mremapPsetDiff)
        .put(KernelCounters.NR_PCACHE_RMAP_ALLOC, rmapAlloc)
        .put(KernelCounters.NR_PCACHE_RMAP_ALLOC_KMALLOC, rmapAllocKmalloc)
        .put(KernelCounters.NR_PCACHE_RMAP_FREE, rmapFree)
        .put(KernelCounters.NR_PCACHE_RMAP_FREE_KMALLOC, rmapFreeKmalloc)
        .put(KernelCounters.NR_PCACHE_PEE_ALLOC, peeAlloc)
        .put(KernelCounters.NR_PCACHE_PEE_ALLOC_KMALLOC, peeAllocKmalloc)
        .put(KernelCounters.NR_PCACHE_PEE_FREE, peeFree)
        .put(KernelCounters.NR_PCACHE_PEE_FREE_KMALLOC, peeFreeKmalloc)
        .put(KernelCounters.NR_USED_CACHELINES, usedLines);
  }

  /**
   * Checks the identities between counters.
   *
   * @param flushQueueLength jobs that the victim cache's flush thread has not finished
   * @param liveRmaps reverse mappings that exist
   * @param liveEntries entries of eviction lists that exist
   */
  void verify(long flushQueueLength, long liveRmaps, long liveEntries) {
    equal(
        "pcache_eviction_triggered and its outcomes",
        evictionTriggered,
        evictionEagainFreeable
            + evictionEagainConcurrent
            + evictionFailureFind
            + evictionFailureEvict
            + evictionSucceed);
    equal(
        "victim_eviction_triggered and its outcomes",
        victimEvictionTriggered,
        victimEvictionEagain + victimEvictionSucceed);
    equal(
        "victim_flush_submitted_dirty - finished_dirty and the queue",
        victimFlushSubmittedDirty - victimFlushFinishedDirty,
        flushQueueLength);
    equal(
        "victim_finish_insert and its flushes",
        victimFinishInsert,
        victimFlushSubmittedClean + victimFlushSubmittedDirty);
    equal("pcache_rmap_alloc - free and the live ones", rmapAlloc - rmapFree, liveRmaps);
    equal("pcache_pee_alloc - free and the live ones", peeAlloc - peeFree, liveEntries);
    equal("pset_list_lookup and pset_list_hit", psetListLookup, psetListHit);
    equal("pgfault and the misses by their ends", pgfault, misses() + faultsFailed);
    if (prefetches < prefetchesUseful + prefetchesUseless + prefetchesFailed) {
      throw new InvariantViolation("pcache_prefetches is "
          + prefetches
          + ", less than useful "
          + prefetchesUseful
          + " + useless "
          + prefetchesUseless
          + " + failed "
          + prefetchesFailed);
    }
    if (pgfaultWp < pgfaultWpCow + pgfaultWpReuse) {
      throw new InvariantViolation("pgfault_wp is " + pgfaultWp + ", less than cow " + pgfaultWpCow
          + " + reuse " + pgfaultWpReuse);
    }
    if (victimHit > victimLookup) {
      throw new InvariantViolation("victim_hit " + victimHit + " > victim_lookup " + victimLookup);
    }
  }

  private static void equal(String what, long left, long right) {
    if (left != right) {
      throw new InvariantViolation("counters disagree: " + what + ": " + left + " != " + right);
    }
  }
}
