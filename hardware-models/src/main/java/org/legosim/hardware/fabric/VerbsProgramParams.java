package org.legosim.hardware.fabric;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** A user-level program that measures an adapter: what its own code takes. */
public record VerbsProgramParams(
    @Parameter(
        key = "verbs.post",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Building a work request, up to the write of the doorbell",
        source = "50 to 150 ns for kernel verbs; no measurement found",
        status = Status.ASSUMED)
    Constant postPs,

    @Parameter(
        key = "verbs.poll",
        unit = Unit.PS,
        defaultValue = "30 ns",
        doc = "From a completion entry or a changed word in memory to the program's next step",
        source = "10 to 20 ns for a poll that finds nothing; no measurement found",
        status = Status.ASSUMED)
    Constant pollPs) {}
