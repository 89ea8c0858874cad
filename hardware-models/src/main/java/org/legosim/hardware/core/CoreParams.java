package org.legosim.hardware.core;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** One core. Defaults are a Xeon E5-2620 v3 (Haswell-EP) without turbo. */
public record CoreParams(
    @Parameter(
        key = "core.model",
        unit = Unit.TEXT,
        defaultValue = "in-order",
        notModelled = "window",
        doc =
            "fixed: cycles per instruction and per access; in-order: stalls on loads, and on a full"
                + " store buffer")
    CoreModel model,

    @Parameter(
        key = "core.frequency",
        unit = Unit.HERTZ,
        defaultValue = "2.4 GHz",
        range = "1 MHz..100 GHz",
        doc = "Clock rate; it does not change during a run",
        source = "E5-2620 v3; LegoOS README and test notes: no frequency scaling",
        status = Status.DATASHEET)
    Constant frequencyHz,

    @Parameter(
        key = "core.cyclesPerInstruction",
        unit = Unit.MILLICYCLES,
        defaultValue = "0.5 cycles",
        range = "0.001 cycles..1000 cycles",
        doc = "Average cycles of an instruction without stalls on memory",
        source = "half of the peak of four per cycle; a property of the program",
        status = Status.ASSUMED)
    Constant cyclesPerInstructionMilli,

    @Parameter(
        key = "core.cyclesPerAccess",
        unit = Unit.MILLICYCLES,
        defaultValue = "1 cycles",
        range = "0 cycles..100000 cycles",
        doc = "Cycles that each access adds; only for core.model=fixed",
        source = "stands for all cache levels; a property of the program",
        status = Status.ASSUMED)
    Constant cyclesPerAccessMilli,

    @Parameter(
        key = "core.hiddenLoadCycles",
        unit = Unit.CYCLES,
        defaultValue = "4 cycles",
        range = "0 cycles..1000 cycles",
        doc = "Load latency that the pipeline hides; only for core.model=in-order",
        source = "the latency of a first-level hit: caches.l1d.latency",
        status = Status.DERIVED)
    Constant hiddenLoadCycles,

    @Parameter(
        key = "core.storeBuffer",
        unit = Unit.COUNT,
        defaultValue = "42",
        range = "1..1024",
        doc = "Stores that wait for the cache while the core goes on; only for core.model=in-order",
        source = "Haswell: 42 entries; Intel Optimization Reference Manual, not checked",
        status = Status.ASSUMED)
    int storeBufferEntries) {

  /** Largest product of a batch's instructions and their cost that the clock takes at once. */
  private static final long MAX_MILLICYCLES = 1_000_000_000;

  public CoreParams {
    if (frequencyHz.value() <= 0) {
      throw new ConfigException("core.frequency: " + frequencyHz.value() + " Hz; must be positive");
    }
    if (cyclesPerInstructionMilli.value() < 0
        || cyclesPerInstructionMilli.value() > MAX_MILLICYCLES
        || cyclesPerAccessMilli.value() < 0
        || cyclesPerAccessMilli.value() > MAX_MILLICYCLES) {
      throw new ConfigException(
          "core.cyclesPerInstruction and core.cyclesPerAccess: allowed is 0 to a million cycles");
    }
    if (storeBufferEntries < 1 || storeBufferEntries > 1024) {
      throw new ConfigException(
          "core.storeBuffer: " + storeBufferEntries + "; allowed is 1 to 1024");
    }
  }
}
