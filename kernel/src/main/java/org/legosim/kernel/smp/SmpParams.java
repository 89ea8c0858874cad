package org.legosim.kernel.smp;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Choices about how the CPUs of a node work together. */
public record SmpParams(
    @Parameter(
        key = "kernel.bigSyscallLock",
        unit = Unit.FLAG,
        defaultValue = "false",
        doc =
            "One global lock around the dispatch of system calls, given up while a call sleeps: what the developers tried on 2018-02-22.",
        source = "LegoOS developers' diary, 2018-02-22")
    boolean bigSyscallLock) {}
