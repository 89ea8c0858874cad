package org.legosim.kernel.sched;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * What a node's kernel does for itself while programs run. The real kernel queues no work and stops no machine during
 * a run, as far as its parts are modelled, so by default it does neither: these are for whoever wants to see what
 * such a kernel would cost, or to find out what breaks when it does.
 */
public record JobParams(
    @Parameter(
        key = "kernel.work.every",
        unit = Unit.PS,
        defaultValue = "off",
        range = "1 us..100 s",
        words = "off=0",
        doc =
            "How often every CPU's worker is given work, as Linux does each second to collect statistics; in whole ticks, as timers go off.",
        source = "Linux mm/vmstat.c does so every second; nothing of LegoOS is known to")
    long workEveryPs,

    @Parameter(
        key = "kernel.work.time",
        unit = Unit.PS,
        defaultValue = "2 us",
        doc = "What such work takes on its CPU.",
        source = "none found",
        status = Status.ASSUMED)
    Constant workTime,

    @Parameter(
        key = "kernel.stopMachine.every",
        unit = Unit.PS,
        defaultValue = "off",
        range = "1 us..100 s",
        words = "off=0",
        doc =
            "How often stop_machine brings all CPUs to a stand with interrupts off; in whole ticks.",
        source = "LegoOS kernel/stop_machine.c; nothing calls it while programs run")
    long stopEveryPs,

    @Parameter(
        key = "kernel.stopMachine.time",
        unit = Unit.PS,
        defaultValue = "10 us",
        doc = "What the one CPU does while all others stand still.",
        source = "none found",
        status = Status.ASSUMED)
    Constant stopTime) {}
