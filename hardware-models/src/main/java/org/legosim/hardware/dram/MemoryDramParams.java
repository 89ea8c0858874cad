package org.legosim.hardware.dram;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** DRAM of a memory node. */
public record MemoryDramParams(
    @Parameter(
        key = "memory.dram.model",
        unit = Unit.TEXT,
        defaultValue = "bank",
        notModelled = "cycle",
        doc = "fixed: a latency and a rate; bank: rows, banks, buses and refresh")
    DramModel model,

    @Parameter(
        key = "memory.dram.preset",
        unit = Unit.TEXT,
        defaultValue = "DDR4_1866",
        range = "DDR3_1333 | DDR3_1600 | DDR3_1866 | DDR4_1866 | DDR4_2133 | DDR4_2400 | DDR4_2666"
            + " | DDR4_2933 | DDR4_3200 | DDR5_4800",
        doc = "Timing set, by standard and rate",
        source = "fastest memory that an E5-2620 v3 takes; the modules are not published",
        status = Status.ASSUMED)
    String preset,

    @Parameter(
        key = "memory.dram.channels",
        unit = Unit.COUNT,
        defaultValue = "4",
        range = "1..64",
        doc = "Channels; need not be a power of two",
        source = "59 GB/s per socket of an E5-2620 v3 are four channels of DDR4-1866",
        status = Status.DERIVED)
    int channels,

    @Parameter(
        key = "memory.dram.ranks",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "1..16",
        doc = "Ranks per channel, a power of two",
        source = "not published",
        status = Status.ASSUMED)
    int ranks,

    @Parameter(
        key = "memory.dram.refresh",
        unit = Unit.FLAG,
        defaultValue = "on",
        doc = "Whether rows are refreshed; off only to compare with closed formulas")
    boolean refresh,

    @Parameter(
        key = "memory.dram.addressMap",
        unit = Unit.TEXT,
        defaultValue = "rorababgcoch",
        doc = "Fields of an address above the line, the most significant first: ro row, ra rank, ba"
            + " bank, bg bank group, co column, ch channel",
        source = "lines interleaved over channels; the real map is not published",
        status = Status.ASSUMED)
    String addressMap,

    @Parameter(
        key = "memory.dram.rowPolicy",
        unit = Unit.TEXT,
        defaultValue = "open",
        doc = "Whether a row stays open after an access")
    RowPolicy rowPolicy,

    @Parameter(
        key = "memory.dram.latency",
        unit = Unit.PS,
        defaultValue = "33.214 ns",
        doc = "Controller and device, only for model fixed",
        source = "31 cycles of DDR4-1866: a closed bank, 1 + 13 + 13 + 4",
        status = Status.DERIVED)
    Constant latencyPs,

    @Parameter(
        key = "memory.dram.path",
        unit = Unit.PS,
        defaultValue = "32.7 ns",
        doc = "From a miss in the last-level cache to the controller and back",
        source =
            "pcie-bench, E5-2620 v3: a DMA read from DRAM takes 52 ns longer than from the LLC; less"
                + " an open row of DDR4-1866, 18 cycles",
        status = Status.DERIVED)
    Constant pathPs) {

  /** The same, whatever the node. */
  public DramConfig config() {
    return new DramConfig(
        "memory.dram",
        model,
        preset,
        channels,
        ranks,
        refresh,
        addressMap,
        rowPolicy,
        latencyPs,
        pathPs);
  }
}
