package org.legosim.kernel.processor;

import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.files.FileParams;
import org.legosim.kernel.fpu.FpuParams;
import org.legosim.kernel.futex.FutexCosts;
import org.legosim.kernel.signal.SignalCosts;
import org.legosim.kernel.smp.ShootdownCosts;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** What the processor node's kernel charges outside the pcache and FIT. */
public record ProcessorCosts(
    @Parameter(
        key = "kernel.costs.syscallEntry",
        unit = Unit.PS,
        defaultValue = "45 ns",
        doc = "SYSCALL, stack switch, register save, dispatch.",
        source = "none found; half of a null call without page-table isolation",
        status = Status.ASSUMED)
    Constant syscallEntry,

    @Parameter(
        key = "kernel.costs.syscallExit",
        unit = Unit.PS,
        defaultValue = "45 ns",
        doc = "Exit loop, register restore, SYSRET.",
        source = "none found; half of a null call without page-table isolation",
        status = Status.ASSUMED)
    Constant syscallExit,

    @Parameter(
        key = "kernel.costs.localCall",
        unit = Unit.PS,
        defaultValue = "120 ns",
        doc = "Body of a system call that the processor node answers alone.",
        source = "LegoOS strace of Phoenix: sigaction 0.12 us, uname 0.14 us a call",
        status = Status.PAPER)
    Constant localCall,

    @Parameter(
        key = "kernel.costs.cloneThread",
        unit = Unit.PS,
        defaultValue = "11 us",
        doc = "Creating a thread: task copy, FPU copy, stack, pid, wake-up.",
        source = "LegoOS strace of Phoenix: clone 12 us a call, entry and exit included",
        status = Status.PAPER)
    Constant cloneThread,

    @Parameter(
        key = "kernel.costs.contextSwitch",
        unit = Unit.PS,
        defaultValue = "450 ns",
        doc =
            "Run-queue lock, stack switch, segment bases; kernel.fpu.save and kernel.fpu.restore come on top.",
        source = "none found; 0.65 us with XSAVE and XRSTOR of 832 bytes",
        status = Status.ASSUMED)
    Constant contextSwitch,

    @Parameter(
        key = "kernel.costs.addressSpaceSwitch",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "CR3 load when the next task has another address space; flushes the TLB (no PCID).",
        source = "Linux Documentation/x86/pti: in the order of a hundred cycles, doubled",
        status = Status.ASSUMED)
    Constant addressSpaceSwitch,

    @Parameter(
        key = "kernel.costs.tick",
        unit = Unit.PS,
        defaultValue = "1500 ns",
        range = "0 ns..50 us",
        doc =
            "A timer tick: interrupt, accounting, timer wheel, the scheduler's look at the running task.",
        source = "none found for this kernel; 1 to 2 us is usual",
        status = Status.ASSUMED)
    Constant tick,

    @Parameter(
        key = "kernel.costs.wakeUp",
        unit = Unit.PS,
        defaultValue = "300 ns",
        doc = "Waking a task: run-queue lock of its CPU, enqueue.",
        source = "none found",
        status = Status.ASSUMED)
    Constant wakeUp,

    FutexCosts futex,

    @Parameter(
        key = "kernel.costs.copyUser",
        unit = Unit.PS_PER_KIB,
        defaultValue = "90 ns/KiB",
        doc = "Copying between a kernel buffer and user memory.",
        source = "4 KiB copied in about 0.35 us when one side is cold",
        status = Status.ASSUMED)
    Constant copyUser,

    SignalCosts signal,

    @Parameter(
        key = "kernel.costs.localFault",
        unit = Unit.PS,
        defaultValue = "420 ns",
        doc =
            "First-touch fault of an ordinary kernel without entry, exit and clearing: area look-up, page allocation, page-table update, accounting.",
        source = "LegoOS OSDI'18 figure 8, Linux",
        status = Status.MEASURED,
        fittedTo = "memory-throughput;path=linux-local;threads=1")
    Constant localFault,

    @Parameter(
        key = "kernel.costs.localFaultShared",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc =
            "Part of such a fault during which the address space's counters are this CPU's alone: two atomic updates of the semaphore's cache line.",
        source = "two core-to-core transfers; 54 ns each way on Skylake-SP (Intel MLC)",
        status = Status.DERIVED)
    Constant localFaultShared,

    @Parameter(
        key = "kernel.costs.trapEntry",
        unit = Unit.PS,
        defaultValue = "150 ns",
        doc = "Entering the kernel by a fault: microcode, register save, CR2.",
        source = "costs more than the way out, which is 270 cycles at 2.4 GHz (Xeon E5 v3)",
        status = Status.ASSUMED)
    Constant trapEntry,

    @Parameter(
        key = "kernel.costs.trapReturn",
        unit = Unit.PS,
        defaultValue = "112500 ps",
        doc = "IRET and register restore.",
        source = "270 cycles at 2.4 GHz on a Xeon E5 v3 without page-table isolation",
        status = Status.MEASURED,
        fittedTo = "kernel-entry;path=iret")
    Constant trapReturn,

    @Parameter(
        key = "kernel.costs.clearPage",
        unit = Unit.PS_PER_KIB,
        defaultValue = "55 ns/KiB",
        doc = "Clearing memory that is not in the caches.",
        source = "measured range 0.2 to 0.4 us for 4 KiB",
        status = Status.ASSUMED)
    Constant clearPage,

    @Parameter(
        key = "kernel.costs.coldRecords",
        unit = Unit.PS,
        defaultValue = "646 ns",
        doc =
            "Reading and writing the records of a line that is filled (set, metadata, reverse map, list neighbour, page-table entry: seven cache lines) when they are in no cache. Charged with caches.model off; at hierarchy these accesses go through the caches instead.",
        source = "LegoOS OSDI'18 figure 8, p-local; seven misses of about 90 ns are 630 ns",
        status = Status.MEASURED,
        fittedTo = "memory-throughput;path=zero-fill;threads=1")
    Constant coldRecords,

    ShootdownCosts shootdown,

    @Parameter(
        key = "core.smtShare",
        unit = Unit.PERCENT,
        defaultValue = "60 %",
        range = "50 %..100 %",
        doc = "Speed of a hyperthread while its sibling is busy in the kernel.",
        source = "none found",
        status = Status.ASSUMED)
    Constant smtShare,

    FpuParams fpu,
    AllocParams alloc,
    TracingParams tracing,
    FileParams files) {}
