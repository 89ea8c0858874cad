package org.legosim.kernel.pcache;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Structure and policies of a pcache. Costs are in {@link PcacheCosts}. */
public record PcacheParams(
    @Parameter(
        key = "pcache.size",
        unit = Unit.BYTES,
        defaultValue = "512 MiB",
        doc = "Size of the cached data, rounded down to whole sets. The reservation that the"
            + " kernel needs at boot is larger by the lines' metadata.")
    long sizeBytes,

    @Parameter(
        key = "pcache.physicalStart",
        unit = Unit.BYTES,
        defaultValue = "4 GiB",
        range = "0 B..",
        doc = "Physical address at which the memory reserved for the pcache begins; only reports of"
            + " violated invariants show it, as page frame numbers.",
        source = "LegoOS Documentation/configs/1P-1M-Processor-Output: memmap=...$4G")
    long physicalStart,

    @Parameter(
        key = "pcache.line",
        unit = Unit.BYTES,
        defaultValue = "4 KiB",
        range = "256 B..64 KiB",
        doc = "Size of a line and so of a page, a power of two.",
        source = "LegoOS PCACHE_LINE_SIZE_SHIFT 12")
    long lineBytes,

    @Parameter(
        key = "pcache.fetch",
        unit = Unit.BYTES,
        defaultValue = "line",
        words = "line=0",
        doc = "Bytes that a miss fetches and that are written back on their own: a power of two, at"
            + " least 64 B and a 64th of the line. The machine that the paper proposes; page tables"
            + " cannot tell sectors apart.",
        source = "an extension")
    long fetchBytes,

    @Parameter(
        key = "pcache.ways",
        unit = Unit.COUNT,
        defaultValue = "64",
        range = "1..",
        words = "full=0",
        doc = "Lines per set; full is one set that holds every line.",
        source = "LegoOS PCACHE_ASSOCIATIVITY_SHIFT 6")
    int ways,

    @Parameter(
        key = "pcache.policy",
        unit = Unit.TEXT,
        defaultValue = "lru",
        doc = "How the line of a full set that must go is chosen.",
        source = "LegoOS managers/processor/pcache/Kconfig")
    ReplacementPolicy policy,

    @Parameter(
        key = "pcache.eviction",
        unit = Unit.TEXT,
        defaultValue = "per-set-list",
        doc = "What happens to a line between its choice and its reuse.",
        source = "LegoOS managers/processor/pcache/Kconfig")
    EvictionMechanism eviction,

    @Parameter(
        key = "pcache.victimEntries",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..128",
        doc = "Entries of the victim cache.",
        source = "LegoOS managers/processor/pcache/Kconfig")
    int victimEntries,

    @Parameter(
        key = "pcache.piggyback",
        unit = Unit.FLAG,
        defaultValue = "true",
        doc = "Sends an evicted dirty line in the message of the miss that needed its place;"
            + " with the per-set list only.",
        source = "LegoOS managers/processor/pcache/Kconfig")
    boolean piggyback,

    @Parameter(
        key = "pcache.freeLines",
        unit = Unit.TEXT,
        defaultValue = "list",
        doc = "How a set finds a free line.",
        source = "LegoOS OSDI'18, section 6.3")
    FreeLineMethod freeLines,

    @Parameter(
        key = "pcache.zeroFill",
        unit = Unit.FLAG,
        defaultValue = "true",
        doc = "First touches of anonymous mmap memory are filled with zeros locally.",
        source = "LegoOS CONFIG_PCACHE_ZEROFILL")
    boolean zeroFill,

    @Parameter(
        key = "pcache.sweep.interval",
        unit = Unit.PS,
        defaultValue = "off",
        range = "10 ms..5 s",
        words = "off=0",
        doc = "Pause of the thread that moves unreferenced lines to the tail of their list;"
            + " used by the policy lru only.",
        source = "LegoOS PCACHE_EVICT_LRU_SWEEP_INTERVAL_MSEC, 10 to 5000")
    long sweepIntervalPs,

    @Parameter(
        key = "pcache.prefetch",
        unit = Unit.TEXT,
        defaultValue = "off",
        doc =
            "Which pages a fault has fetched besides its own, by kernel threads: the following ones,"
                + " or those at its thread's stride or at the distance of most of its last faults.",
        source = "an extension; LegoOS: CONFIG_PCACHE_PREFETCH compiles an empty file")
    PrefetchPolicy prefetch,

    @Parameter(
        key = "pcache.prefetchDepth",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..64",
        doc = "Pages that one fault has prefetched at most.",
        source = "none; a choice of the design under study")
    int prefetchDepth,

    @Parameter(
        key = "pcache.prefetchThreads",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..64",
        doc =
            "Kernel threads that prefetch, each with one page on its way at a time and a CPU of its"
                + " own besides processor.cpus.",
        source = "none; a choice of the design under study")
    int prefetchThreads,

    @Parameter(
        key = "pcache.prefetchQueue",
        unit = Unit.COUNT,
        defaultValue = "64",
        range = "1..4096",
        doc =
            "Pages that may wait for a prefetching thread; what comes when it is full is dropped.",
        source = "none; a choice of the design under study")
    int prefetchQueue,

    @Parameter(
        key = "pcache.prefetchHistory",
        unit = Unit.COUNT,
        defaultValue = "32",
        range = "4..1024",
        doc =
            "Distances between a thread's last faults in which prefetch: majority looks for one that"
                + " more than half of them have: in the newest 4, then in twice as many, up to these.",
        source = "none; a choice of the design under study")
    int prefetchHistory,

    @Parameter(
        key = "pcache.allocTimeout",
        unit = Unit.PS,
        defaultValue = "30 s",
        range = "1 us..1000 s",
        doc = "How long a fault tries to get a line before the program is killed.",
        source = "LegoOS sysctl_pcache_alloc_timeout_sec")
    long allocTimeoutPs,

    @Parameter(
        key = "pcache.victimTimeout",
        unit = Unit.PS,
        defaultValue = "20 s",
        range = "1 us..1000 s",
        doc = "How long an eviction tries to get a victim cache entry before it fails.",
        source = "LegoOS managers/processor/pcache/victim.c")
    long victimTimeoutPs) {

  private static final long FETCH_BYTES_MIN = 64;

  public PcacheParams {
    long fetchMin = Math.max(FETCH_BYTES_MIN, lineBytes / Sectors.COUNT_MAX);
    if (fetchBytes != 0
        && (Long.bitCount(fetchBytes) != 1 || fetchBytes < fetchMin || fetchBytes > lineBytes)) {
      throw new ConfigException("pcache.fetch is "
          + fetchBytes
          + " bytes; with lines of "
          + lineBytes
          + " bytes it must be a power of two from "
          + fetchMin
          + " to "
          + lineBytes
          + " bytes, or line");
    }
    requireRange("pcache.prefetchDepth", prefetchDepth, 1, 64);
    requireRange("pcache.prefetchThreads", prefetchThreads, 1, 64);
    requireRange("pcache.prefetchQueue", prefetchQueue, 1, 4096);
    requireRange("pcache.prefetchHistory", prefetchHistory, 4, 1024);
    if (victimEntries < 1 || victimEntries > 128) {
      throw new ConfigException(
          "pcache.victimEntries is " + victimEntries + "; it must be from 1 to 128");
    }
  }

  private static void requireRange(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ConfigException(key + " is " + value + "; it must be from " + min + " to " + max);
    }
  }

  public PcacheGeometry geometry() {
    return PcacheGeometry.ofSize(sizeBytes, lineBytes, ways);
  }

  /** True when the sweep thread runs. */
  public boolean sweeps() {
    return policy == ReplacementPolicy.LRU && sweepIntervalPs != 0;
  }
}
