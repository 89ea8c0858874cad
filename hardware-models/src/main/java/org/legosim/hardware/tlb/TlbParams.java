package org.legosim.hardware.tlb;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** A CPU's translation caches. Defaults are a Haswell without address-space tags. */
public record TlbParams(
    @Parameter(
        key = "tlb.model",
        unit = Unit.TEXT,
        defaultValue = "hierarchy",
        doc = "off: translations cost nothing; hierarchy: DTLB, STLB and page walks do")
    TlbModel model,

    @Parameter(
        key = "tlb.dtlb.entries",
        unit = Unit.COUNT,
        defaultValue = "64",
        range = "1..65536",
        doc = "Entries of the first-level data TLB",
        source = "Haswell i7-5820K, sisoftware: 64 in 4 ways",
        status = Status.PAPER)
    int dtlbEntries,

    @Parameter(
        key = "tlb.dtlb.ways",
        unit = Unit.COUNT,
        defaultValue = "4",
        range = "1..1024",
        doc = "Ways of the first-level data TLB; entries over ways is a power of two",
        source = "Haswell i7-5820K, sisoftware: 64 in 4 ways",
        status = Status.PAPER)
    int dtlbWays,

    @Parameter(
        key = "tlb.stlb.entries",
        unit = Unit.COUNT,
        defaultValue = "1024",
        range = "1..65536",
        words = "off=0",
        doc = "Entries of the second-level TLB",
        source = "Haswell i7-5820K, sisoftware: 1024 in 8 ways",
        status = Status.PAPER)
    int stlbEntries,

    @Parameter(
        key = "tlb.stlb.ways",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..1024",
        doc = "Ways of the second-level TLB",
        source = "Haswell i7-5820K, sisoftware: 1024 in 8 ways",
        status = Status.PAPER)
    int stlbWays,

    @Parameter(
        key = "tlb.stlb.latency",
        unit = Unit.CYCLES,
        defaultValue = "8 cycles",
        range = "0 cycles..1000 cycles",
        doc = "Cycles that a hit in the second-level TLB adds",
        source = "7 to 9 cycles in secondary tables for Haswell; no primary source found",
        status = Status.ASSUMED)
    Constant stlbLatencyCycles,

    @Parameter(
        key = "tlb.walk.model",
        unit = Unit.TEXT,
        defaultValue = "caches",
        doc =
            "fixed: a walk takes tlb.walk.latency; caches: it reads the page table through the CPU's"
                + " caches")
    WalkModel walkModel,

    @Parameter(
        key = "tlb.walk.latency",
        unit = Unit.CYCLES,
        defaultValue = "25 cycles",
        range = "0 cycles..100000 cycles",
        doc = "Cycles of a walk; only for tlb.walk.model=fixed",
        source = "20 to 30 cycles with upper levels cached; no primary source found",
        status = Status.ASSUMED)
    Constant walkLatencyCycles,

    @Parameter(
        key = "tlb.walk.start",
        unit = Unit.CYCLES,
        defaultValue = "10 cycles",
        range = "0 cycles..1000 cycles",
        doc = "Cycles of a walk besides its memory references; only for tlb.walk.model=caches",
        source = "a 25-cycle walk less a second-level cache hit of 12 cycles, rounded down",
        status = Status.ASSUMED)
    Constant walkStartCycles,

    @Parameter(
        key = "tlb.walk.directoryEntries",
        unit = Unit.COUNT,
        defaultValue = "32",
        range = "1..4096",
        words = "off=0",
        doc = "Page-directory entries (2 MiB each) that the walker remembers",
        source = "size not published",
        status = Status.ASSUMED)
    int directoryEntries,

    @Parameter(
        key = "tlb.walk.pointerEntries",
        unit = Unit.COUNT,
        defaultValue = "4",
        range = "1..4096",
        words = "off=0",
        doc = "Page-directory-pointer entries (1 GiB each) that the walker remembers",
        source = "size not published",
        status = Status.ASSUMED)
    int pointerEntries,

    @Parameter(
        key = "tlb.walk.rootEntries",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "1..4096",
        words = "off=0",
        doc = "Root entries (512 GiB each) that the walker remembers",
        source = "size not published",
        status = Status.ASSUMED)
    int rootEntries) {

  public TlbParams {
    check("tlb.dtlb", dtlbEntries, dtlbWays);
    if (stlbEntries != 0) {
      check("tlb.stlb", stlbEntries, stlbWays);
    }
  }

  private static void check(String key, int entries, int ways) {
    if (ways < 1
        || entries < ways
        || entries % ways != 0
        || Integer.bitCount(entries / ways) != 1) {
      throw new ConfigException(key
          + ": "
          + entries
          + " entries in "
          + ways
          + " ways; entries over ways must be a power of two");
    }
  }
}
