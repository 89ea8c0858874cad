package org.legosim.hardware.cache;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * The CPU caches. Defaults are a Xeon E5-2620 v3 (Haswell-EP): 6 cores, 15 MB LLC in 6 slices.
 * Latencies are from the issue of a load to its use when that level serves it.
 */
public record CachesParams(
    @Parameter(
        key = "caches.model",
        unit = Unit.TEXT,
        defaultValue = "hierarchy",
        doc = "off: only the pcache is simulated; hierarchy: L1D, L2 and LLC are")
    CachesModel model,

    @Parameter(
        key = "caches.line",
        unit = Unit.BYTES,
        defaultValue = "64 B",
        range = "16 B..4096 B",
        doc = "Bytes per line of every level, a power of two",
        source = "Intel 64 and IA-32 Optimization Reference Manual",
        status = Status.DATASHEET)
    int lineBytes,

    @Parameter(
        key = "caches.l1d.size",
        unit = Unit.BYTES,
        defaultValue = "32 KiB",
        words = "off=0",
        doc = "Size of a CPU's first-level data cache",
        source = "E5-2620 v3, pcie-bench system description",
        status = Status.DATASHEET)
    long l1dSizeBytes,

    @Parameter(
        key = "caches.l1d.ways",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..4096",
        doc = "Ways of the first-level data cache",
        source = "Haswell: 32 KB in 8 ways; Intel Optimization Reference Manual, not checked",
        status = Status.ASSUMED)
    int l1dWays,

    @Parameter(
        key = "caches.l1d.latency",
        unit = Unit.CYCLES,
        defaultValue = "4 cycles",
        range = "0 cycles..1000 cycles",
        doc = "Load-to-use latency of a first-level hit, in core cycles",
        source = "4 to 5 cycles on Ivy Bridge (7-cpu.com); Haswell taken as the same",
        status = Status.DERIVED)
    Constant l1dLatencyCycles,

    @Parameter(
        key = "caches.l1d.replacement",
        unit = Unit.TEXT,
        defaultValue = "lru",
        doc = "Replacement in a set of the first level")
    Replacement l1dReplacement,

    @Parameter(
        key = "caches.l2.size",
        unit = Unit.BYTES,
        defaultValue = "256 KiB",
        words = "off=0",
        doc = "Size of a CPU's second-level cache",
        source = "E5-2620 v3, pcie-bench system description",
        status = Status.DATASHEET)
    long l2SizeBytes,

    @Parameter(
        key = "caches.l2.ways",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..4096",
        doc = "Ways of the second-level cache",
        source = "Haswell: 256 KB in 8 ways; Intel Optimization Reference Manual, not checked",
        status = Status.ASSUMED)
    int l2Ways,

    @Parameter(
        key = "caches.l2.latency",
        unit = Unit.CYCLES,
        defaultValue = "12 cycles",
        range = "0 cycles..1000 cycles",
        doc = "Load-to-use latency of a second-level hit, in core cycles",
        source = "12 cycles on Ivy Bridge (7-cpu.com); Haswell taken as the same",
        status = Status.DERIVED)
    Constant l2LatencyCycles,

    @Parameter(
        key = "caches.l2.replacement",
        unit = Unit.TEXT,
        defaultValue = "lru",
        doc = "Replacement in a set of the second level")
    Replacement l2Replacement,

    @Parameter(
        key = "caches.llc.size",
        unit = Unit.BYTES,
        defaultValue = "15 MiB",
        words = "off=0",
        doc = "Size of a socket's last-level cache",
        source = "E5-2620 v3, pcie-bench system description",
        status = Status.DATASHEET)
    long llcSizeBytes,

    @Parameter(
        key = "caches.llc.ways",
        unit = Unit.COUNT,
        defaultValue = "20",
        range = "1..4096",
        doc = "Ways of the last-level cache",
        source = "Haswell-EP: 2.5 MB slices in 20 ways; Intel, not checked",
        status = Status.ASSUMED)
    int llcWays,

    @Parameter(
        key = "caches.llc.slices",
        unit = Unit.COUNT,
        defaultValue = "6",
        range = "1..256",
        doc =
            "Slices of the last-level cache, each with its own port; sets per slice are a power of two",
        source = "one slice of 2.5 MB per core, 6 cores",
        status = Status.DERIVED)
    int llcSlices,

    @Parameter(
        key = "caches.llc.latency",
        unit = Unit.CYCLES,
        defaultValue = "44 cycles",
        range = "0 cycles..10000 cycles",
        doc = "Load-to-use latency of a last-level hit, in core cycles, averaged over slices",
        source =
            "between 30 cycles of a 3.4 GHz client Ivy Bridge (7-cpu.com) and 19.5 ns = 47 cycles"
                + " of a Skylake-SP",
        status = Status.ASSUMED)
    Constant llcLatencyCycles,

    @Parameter(
        key = "caches.llc.port",
        unit = Unit.CYCLES,
        defaultValue = "off",
        range = "1 cycles..1000 cycles",
        words = "off=0",
        doc = "Core cycles for which an access occupies its slice's port; off: slices never queue",
        source = "not modelled by default: no source found",
        status = Status.ASSUMED)
    Constant llcPortCycles,

    @Parameter(
        key = "caches.llc.replacement",
        unit = Unit.TEXT,
        defaultValue = "lru",
        doc = "Replacement in a set of the last level")
    Replacement llcReplacement,

    @Parameter(
        key = "caches.llc.deviceWays",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "0..4096",
        words = "off=0",
        doc = "Lines of a set that DMA writes may occupy; off: DMA writes go to DRAM",
        source = "Intel Data Direct I/O: a tenth of the LLC, 2 of 20 ways; not checked",
        status = Status.ASSUMED)
    int llcDeviceWays,

    @Parameter(
        key = "caches.prefetch",
        unit = Unit.TEXT,
        defaultValue = "off",
        notModelled = "on",
        doc = "Whether the CPU's prefetchers fetch lines before they are asked for.")
    Prefetch prefetch,

    @Parameter(
        key = "caches.fillBuffers",
        unit = Unit.COUNT,
        defaultValue = "10",
        range = "1..256",
        doc = "Line misses that one CPU has in flight while it copies or clears memory",
        source = "10 L1D fill buffers: measured on Westmere (7-cpu.com), Haswell taken as the same",
        status = Status.DERIVED)
    int fillBuffers) {

  public CacheGeometry l1d() {
    return CacheGeometry.of("caches.l1d", l1dSizeBytes, lineBytes, l1dWays, l1dReplacement);
  }

  public CacheGeometry l2() {
    return CacheGeometry.of("caches.l2", l2SizeBytes, lineBytes, l2Ways, l2Replacement);
  }

  public CacheGeometry llc() {
    return new CacheGeometry(
        "caches.llc", llcSizeBytes, lineBytes, llcWays, llcSlices, llcReplacement);
  }
}
