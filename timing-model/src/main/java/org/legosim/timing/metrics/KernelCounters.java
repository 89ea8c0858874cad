package org.legosim.timing.metrics;

import java.util.List;
import org.legosim.timing.params.Unit;

/**
 * The event counters of the LegoOS kernel under their own names (its {@code pcache_stat.h}), prefixed
 * {@code kernel_}. They count what the kernel's code does, so a line that is tried twice counts twice;
 * the {@code pcache_*} metrics of {@link FixedMetrics} count what happened to pages.
 */
public final class KernelCounters {
  private static final String EVICTIONS =
      "kernel_nr_pcache_eviction_triggered = kernel_nr_pcache_eviction_eagain_freeable"
          + " + kernel_nr_pcache_eviction_eagain_concurrent"
          + " + kernel_nr_pcache_eviction_failure_find"
          + " + kernel_nr_pcache_eviction_failure_evict"
          + " + kernel_nr_pcache_eviction_succeed";
  private static final String VICTIM_EVICTIONS =
      "kernel_nr_victim_eviction_triggered = kernel_nr_victim_eviction_eagain"
          + " + kernel_nr_victim_eviction_succeed";

  public static final Metric NR_PGFAULT =
      counter("pgfault", "Page faults that entered the pcache fault handler.");
  public static final Metric NR_PGFAULT_CODE =
      counter("pgfault_code", "Of the page faults, those raised by an instruction fetch.");
  public static final Metric NR_CLFLUSH =
      counter("clflush", "Lines flushed to their memory node by a message of their own.");
  public static final Metric NR_CLFLUSH_CLEAN_SKIPPED =
      counter("clflush_clean_skipped", "Evicted lines that were clean and needed no flush.");
  public static final Metric NR_CLFLUSH_FAIL =
      counter("clflush_fail", "Flushes that the memory node answered with an error.");
  public static final Metric NR_CLFLUSH_PIGGYBACK_FALLBACK = counter(
      "clflush_piggyback_fallback",
      "Parked dirty lines that had to be flushed by a message of their own after all.");
  public static final Metric NR_PGFAULT_WP =
      counter("pgfault_wp", "Write faults on a present, read-only page.");
  public static final Metric NR_PGFAULT_WP_COW =
      counter("pgfault_wp_cow", "Write faults that copied a shared line.");
  public static final Metric NR_PGFAULT_WP_REUSE =
      counter("pgfault_wp_reuse", "Write faults that took over a line nobody else maps.");
  public static final Metric NR_PGFAULT_DUE_TO_CONCURRENT_EVICTION = counter(
      "pgfault_due_to_concurrent_eviction",
      "Page faults on a page that another CPU was evicting at the time.");
  public static final Metric NR_PCACHE_FILL_ZEROFILL =
      counter("pcache_fill_zerofill", "Lines filled with zeros without asking a memory node.");
  public static final Metric NR_PCACHE_FILL_FROM_MEMORY =
      counter("pcache_fill_from_memory", "Lines filled from a memory node.");
  public static final Metric NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK = counter(
      "pcache_fill_from_memory_piggyback",
      "Lines filled by a message that also carried a dirty line away.");
  public static final Metric NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK_FALLBACK = counter(
      "pcache_fill_from_memory_piggyback_fallback",
      "Fills that held a parked dirty line but could not combine the two messages.");
  public static final Metric NR_PCACHE_FILL_FROM_VICTIM =
      counter("pcache_fill_from_victim", "Lines filled from the victim cache.");
  public static final Metric NR_PCACHE_EVICTION_TRIGGERED =
      counter("pcache_eviction_triggered", "Attempts to evict a line.", EVICTIONS);
  public static final Metric NR_PCACHE_EVICTION_EAGAIN_FREEABLE = counter(
      "pcache_eviction_eagain_freeable",
      "Attempts that stopped because a line of the set was about to be freed.",
      EVICTIONS);
  public static final Metric NR_PCACHE_EVICTION_EAGAIN_CONCURRENT = counter(
      "pcache_eviction_eagain_concurrent",
      "Attempts that ended because somebody else took a reference to the chosen line.",
      EVICTIONS);
  public static final Metric NR_PCACHE_EVICTION_FAILURE_FIND =
      counter("pcache_eviction_failure_find", "Attempts that found no line to evict.", EVICTIONS);
  public static final Metric NR_PCACHE_EVICTION_FAILURE_EVICT = counter(
      "pcache_eviction_failure_evict",
      "Attempts whose eviction mechanism refused the chosen line.",
      EVICTIONS);
  public static final Metric NR_PCACHE_EVICTION_SUCCEED =
      counter("pcache_eviction_succeed", "Attempts that freed a line.", EVICTIONS);
  public static final Metric NR_PSET_LIST_LOOKUP =
      counter("pset_list_lookup", "Look-ups in the eviction list of a set, every poll counted.");
  public static final Metric NR_PSET_LIST_HIT =
      counter("pset_list_hit", "Of those look-ups, the ones that found the page.");
  public static final Metric NR_VICTIM_LOOKUP =
      counter("victim_lookup", "Look-ups in the victim cache.");
  public static final Metric NR_VICTIM_HIT =
      counter("victim_hit", "Of those look-ups, the ones that found the page.");
  public static final Metric NR_VICTIM_EVICTION_TRIGGERED = counter(
      "victim_eviction_triggered", "Attempts to evict a victim cache entry.", VICTIM_EVICTIONS);
  public static final Metric NR_VICTIM_EVICTION_EAGAIN = counter(
      "victim_eviction_eagain",
      "Of those attempts, the ones that had to try again.",
      VICTIM_EVICTIONS);
  public static final Metric NR_VICTIM_EVICTION_SUCCEED = counter(
      "victim_eviction_succeed",
      "Of those attempts, the ones that freed an entry.",
      VICTIM_EVICTIONS);
  public static final Metric NR_VICTIM_PREPARE_INSERT =
      counter("victim_prepare_insert", "Victim cache entries reserved before their line's unmap.");
  public static final Metric NR_VICTIM_FINISH_INSERT =
      counter("victim_finish_insert", "Victim cache entries that received their line's data.");
  public static final Metric NR_VICTIM_FLUSH_SUBMITTED_CLEAN =
      counter("victim_flush_submitted_clean", "Victim cache entries inserted clean.");
  public static final Metric NR_VICTIM_FLUSH_SUBMITTED_DIRTY =
      counter("victim_flush_submitted_dirty", "Victim cache entries queued for their flush.");
  public static final Metric NR_VICTIM_FLUSH_FINISHED_DIRTY = counter(
      "victim_flush_finished_dirty",
      "Victim cache entries whose queued flush is done.",
      "kernel_nr_victim_flush_submitted_dirty - kernel_nr_victim_flush_finished_dirty"
          + " = length of the flush queue at the end");
  public static final Metric NR_VICTIM_FLUSH_ASYNC_RUN =
      counter("victim_flush_async_run", "Runs of the victim cache's flush thread.");
  public static final Metric NR_VICTIM_FLUSH_SYNC =
      counter("victim_flush_sync", "Victim cache entries flushed by a CPU that needed the room.");
  public static final Metric NR_SWEEP_RUN =
      counter("sweep_run", "Passes of the sweep thread over all sets.");
  public static final Metric NR_SWEEP_NR_PSET =
      counter("sweep_nr_pset", "Sets that the sweep thread looked into.");
  public static final Metric NR_SWEEP_NR_MOVED_PCM =
      counter("sweep_nr_moved_pcm", "Lines that the sweep thread moved to be evicted sooner.");
  public static final Metric NR_MREMAP_PSET_SAME =
      counter("mremap_pset_same", "Pages moved by mremap within their set.");
  public static final Metric NR_MREMAP_PSET_DIFF =
      counter("mremap_pset_diff", "Pages moved by mremap to another set, so to another line.");
  public static final Metric NR_PCACHE_RMAP_ALLOC =
      counter("pcache_rmap_alloc", "Reverse mappings allocated.", rmaps());
  public static final Metric NR_PCACHE_RMAP_ALLOC_KMALLOC =
      counter("pcache_rmap_alloc_kmalloc", "Of those, the ones that needed a fresh allocation.");
  public static final Metric NR_PCACHE_RMAP_FREE =
      counter("pcache_rmap_free", "Reverse mappings freed.", rmaps());
  public static final Metric NR_PCACHE_RMAP_FREE_KMALLOC =
      counter("pcache_rmap_free_kmalloc", "Of those, the ones that had been freshly allocated.");
  public static final Metric NR_PCACHE_PEE_ALLOC =
      counter("pcache_pee_alloc", "Entries of per-set eviction lists allocated.");
  public static final Metric NR_PCACHE_PEE_ALLOC_KMALLOC =
      counter("pcache_pee_alloc_kmalloc", "Of those, the ones that needed a fresh allocation.");
  public static final Metric NR_PCACHE_PEE_FREE =
      counter("pcache_pee_free", "Entries of per-set eviction lists freed.");
  public static final Metric NR_PCACHE_PEE_FREE_KMALLOC =
      counter("pcache_pee_free_kmalloc", "Of those, the ones that had been freshly allocated.");
  public static final Metric NR_USED_CACHELINES =
      counter("used_cachelines", "Lines in use at the end of the run.");

  /** All of them, in the kernel's order. */
  public static final List<Metric> ALL = List.of(
      NR_PGFAULT,
      NR_PGFAULT_CODE,
      NR_CLFLUSH,
      NR_CLFLUSH_CLEAN_SKIPPED,
      NR_CLFLUSH_FAIL,
      NR_CLFLUSH_PIGGYBACK_FALLBACK,
      NR_PGFAULT_WP,
      NR_PGFAULT_WP_COW,
      NR_PGFAULT_WP_REUSE,
      NR_PGFAULT_DUE_TO_CONCURRENT_EVICTION,
      NR_PCACHE_FILL_ZEROFILL,
      NR_PCACHE_FILL_FROM_MEMORY,
      NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK,
      NR_PCACHE_FILL_FROM_MEMORY_PIGGYBACK_FALLBACK,
      NR_PCACHE_FILL_FROM_VICTIM,
      NR_PCACHE_EVICTION_TRIGGERED,
      NR_PCACHE_EVICTION_EAGAIN_FREEABLE,
      NR_PCACHE_EVICTION_EAGAIN_CONCURRENT,
      NR_PCACHE_EVICTION_FAILURE_FIND,
      NR_PCACHE_EVICTION_FAILURE_EVICT,
      NR_PCACHE_EVICTION_SUCCEED,
      NR_PSET_LIST_LOOKUP,
      NR_PSET_LIST_HIT,
      NR_VICTIM_LOOKUP,
      NR_VICTIM_HIT,
      NR_VICTIM_EVICTION_TRIGGERED,
      NR_VICTIM_EVICTION_EAGAIN,
      NR_VICTIM_EVICTION_SUCCEED,
      NR_VICTIM_PREPARE_INSERT,
      NR_VICTIM_FINISH_INSERT,
      NR_VICTIM_FLUSH_SUBMITTED_CLEAN,
      NR_VICTIM_FLUSH_SUBMITTED_DIRTY,
      NR_VICTIM_FLUSH_FINISHED_DIRTY,
      NR_VICTIM_FLUSH_ASYNC_RUN,
      NR_VICTIM_FLUSH_SYNC,
      NR_SWEEP_RUN,
      NR_SWEEP_NR_PSET,
      NR_SWEEP_NR_MOVED_PCM,
      NR_MREMAP_PSET_SAME,
      NR_MREMAP_PSET_DIFF,
      NR_PCACHE_RMAP_ALLOC,
      NR_PCACHE_RMAP_ALLOC_KMALLOC,
      NR_PCACHE_RMAP_FREE,
      NR_PCACHE_RMAP_FREE_KMALLOC,
      NR_PCACHE_PEE_ALLOC,
      NR_PCACHE_PEE_ALLOC_KMALLOC,
      NR_PCACHE_PEE_FREE,
      NR_PCACHE_PEE_FREE_KMALLOC,
      NR_USED_CACHELINES);

  private KernelCounters() {}

  private static Metric counter(String name, String definition) {
    return counter(name, definition, "");
  }

  private static Metric counter(String name, String definition, String identity) {
    return new Metric("kernel_nr_" + name, Unit.COUNT, definition, identity);
  }

  private static String rmaps() {
    return "kernel_nr_pcache_rmap_alloc - kernel_nr_pcache_rmap_free"
        + " = reverse mappings alive at the end";
  }
}
