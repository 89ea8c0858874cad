package org.legosim.kernel.processor;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** What the real kernel can measure of itself, and what that costs it. */
public record TracingParams(
    @Parameter(
        key = "kernel.profilePoints",
        unit = Unit.FLAG,
        defaultValue = "off",
        doc = "The kernel counts and times its profile points, at kernel.costs.profilePoint each.",
        source = "LegoOS CONFIG_PROFILING_POINTS, off by default")
    boolean profilePoints,

    @Parameter(
        key = "kernel.strace",
        unit = Unit.FLAG,
        defaultValue = "off",
        doc = "The kernel traces system calls itself and reads its clock twice for each; reports"
            + " have the table in any case.",
        source = "LegoOS CONFIG_STRACE, off by default")
    boolean strace,

    @Parameter(
        key = "kernel.costs.profilePoint",
        unit = Unit.PS,
        defaultValue = "36 ns",
        doc = "Leaving a profile point: two readings of the clock and two atomic additions.",
        source = "2 x RDTSC of 24 cycles and 2 x LOCK ADD of 19 cycles on Haswell (A. Fog,"
            + " Instruction tables) at 2.4 GHz",
        status = Status.DERIVED)
    Constant profilePoint,

    @Parameter(
        key = "kernel.costs.clockRead",
        unit = Unit.PS,
        defaultValue = "10 ns",
        doc = "Reading the kernel's clock, for kernel.strace.",
        source = "RDTSC of 24 cycles on Haswell (A. Fog, Instruction tables) at 2.4 GHz",
        status = Status.DERIVED)
    Constant clockRead) {}
