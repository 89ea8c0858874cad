package org.legosim.kernel.futex;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** What a futex call charges beyond entering and leaving the kernel. */
public record FutexCosts(
    @Parameter(
        key = "kernel.costs.futexKey",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Working out the key of a futex word and its bucket; all of a wake without waiters.",
        source = "none found; a hash of five words, an atomic add and a full barrier",
        status = Status.ASSUMED)
    Constant key,

    @Parameter(
        key = "kernel.costs.futexQueue",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "Under a bucket's lock: reading the word, queueing a waiter or taking waiters off.",
        source = "none found; the lock's cache line and two of the list",
        status = Status.ASSUMED)
    Constant queue,

    @Parameter(
        key = "kernel.costs.futexHandOver",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Handing a contended bucket lock to the CPU that waits for it.",
        source = "none found; a core-to-core transfer of the lock's cache line",
        status = Status.ASSUMED)
    Constant handOver) {}
