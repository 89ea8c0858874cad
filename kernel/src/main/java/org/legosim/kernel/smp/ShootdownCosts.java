package org.legosim.kernel.smp;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** What it takes to have other CPUs flush translations. */
public record ShootdownCosts(
    @Parameter(
        key = "tlb.shootdown.request",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc =
            "Per target: taking its call descriptor, filling it and queueing it; its lines are in the target's cache.",
        source =
            "LegoOS Documentation/profile.md, TLB shootdown: with the interrupt command 200 ns",
        status = Status.MEASURED,
        fittedTo = "tlb-shootdown;pages=all")
    Constant request,

    @Parameter(
        key = "tlb.shootdown.interrupt",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "Per target: writing the interrupt command register.",
        source = "half of the measured sum, which is all that the figures tell",
        status = Status.ASSUMED)
    Constant interrupt,

    @Parameter(
        key = "tlb.shootdown.delivery",
        unit = Unit.PS,
        defaultValue = "650 ns",
        doc = "From the interrupt command to the first instruction of the target's handler.",
        source = "LegoOS Documentation/profile.md, TLB shootdown",
        status = Status.MEASURED,
        fittedTo = "tlb-shootdown;pages=all")
    Constant delivery,

    @Parameter(
        key = "tlb.shootdown.handler",
        unit = Unit.PS,
        defaultValue = "460 ns",
        doc = "Handler on the target: interrupt entry and exit, taking the list.",
        source = "none found; together with the delivery and one call it is fitted",
        status = Status.ASSUMED)
    Constant handler,

    @Parameter(
        key = "tlb.shootdown.call",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc =
            "Per request that the handler finds: reading it, the check of the address space, unlocking the descriptor, whose lines are in the caller's cache.",
        source = "none found: as long as the caller takes to fill it",
        status = Status.ASSUMED)
    Constant call,

    @Parameter(
        key = "tlb.shootdown.crossing",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "One way between sockets, added to the delivery and to the acknowledgement.",
        source = "remote minus local cache-to-cache hit on two sockets, halved (Intel MLC)",
        status = Status.DERIVED)
    Constant crossing,

    @Parameter(
        key = "tlb.invalidatePage",
        unit = Unit.PS,
        defaultValue = "83 ns",
        doc = "INVLPG of one page in a loop.",
        source =
            "LegoOS Documentation/profile.md, TLB shootdown; README: single flush about 100 ns",
        status = Status.MEASURED,
        fittedTo = "tlb-shootdown;remote_cpus=1")
    Constant invalidatePage,

    @Parameter(
        key = "tlb.flushAll",
        unit = Unit.PS,
        defaultValue = "42 ns",
        doc = "Flushing all non-global translations by a CR3 write.",
        source = "in the order of a hundred cycles (Linux Documentation/x86/pti)",
        status = Status.PAPER)
    Constant flushAll) {}
