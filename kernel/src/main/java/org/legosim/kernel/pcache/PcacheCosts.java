package org.legosim.kernel.pcache;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Time that each step of the pcache's kernel paths takes, once, on one CPU. */
public record PcacheCosts(
    @Parameter(
        key = "pcache.costs.walk",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Walking the page table in software, four levels, for a fault.",
        source = "none found; the upper levels are in the caches",
        status = Status.ASSUMED)
    Constant walk,

    @Parameter(
        key = "pcache.costs.tableAllocate",
        unit = Unit.PS,
        defaultValue = "500 ns",
        doc = "Allocating and clearing a page-table page.",
        source = "none found; a page allocation and the clearing of 4 KiB",
        status = Status.ASSUMED)
    Constant tableAllocate,

    @Parameter(
        key = "pcache.costs.allocate",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Preparing a free line: reset of its record, reference, bookkeeping.",
        source = "none found",
        status = Status.ASSUMED)
    Constant allocate,

    @Parameter(
        key = "pcache.costs.listUpdate",
        unit = Unit.PS,
        defaultValue = "25 ns",
        doc = "Taking a set's uncontended list lock, changing the list, releasing it.",
        source = "none found; one atomic update and three stores",
        status = Status.ASSUMED)
    Constant listUpdate,

    @Parameter(
        key = "pcache.costs.bitmapTest",
        unit = Unit.PS,
        defaultValue = "2 ns",
        doc = "Testing one way of a set's bitmap of free lines, under the set's lock.",
        source = "none found",
        status = Status.ASSUMED)
    Constant bitmapTest,

    @Parameter(
        key = "pcache.costs.find",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Beginning and ending the choice of a victim, without the lines visited.",
        source = "none found",
        status = Status.ASSUMED)
    Constant find,

    @Parameter(
        key = "pcache.costs.scanLine",
        unit = Unit.PS,
        defaultValue = "15 ns",
        doc = "Visiting one line while choosing: reference, tests, lock bit.",
        source = "none found; its record is in the last-level cache or nearer",
        status = Status.ASSUMED)
    Constant scanLine,

    @Parameter(
        key = "pcache.costs.handOver",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Handing a contended lock to the CPU that waits for it.",
        source = "none found; a core-to-core transfer of the lock's cache line",
        status = Status.ASSUMED)
    Constant handOver,

    @Parameter(
        key = "pcache.costs.pteLock",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Taking and releasing an uncontended page-table lock.",
        source = "none found; one atomic update",
        status = Status.ASSUMED)
    Constant pteLock,

    @Parameter(
        key = "pcache.costs.pteUpdate",
        unit = Unit.PS,
        defaultValue = "15 ns",
        doc = "Changing one page-table entry.",
        source = "none found",
        status = Status.ASSUMED)
    Constant pteUpdate,

    @Parameter(
        key = "pcache.costs.rmapAdd",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Adding a reverse mapping under the line's lock.",
        source = "none found",
        status = Status.ASSUMED)
    Constant rmapAdd,

    @Parameter(
        key = "pcache.costs.rmapRemove",
        unit = Unit.PS,
        defaultValue = "30 ns",
        doc = "Removing a reverse mapping.",
        source = "none found",
        status = Status.ASSUMED)
    Constant rmapRemove,

    @Parameter(
        key = "pcache.costs.kmalloc",
        unit = Unit.PS,
        defaultValue = "120 ns",
        doc = "Allocating a small kernel object where the preallocated one is taken.",
        source = "none found",
        status = Status.ASSUMED)
    Constant kmalloc,

    @Parameter(
        key = "pcache.costs.release",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Dropping the last reference to a line: leaving its list, joining the free ones.",
        source = "none found",
        status = Status.ASSUMED)
    Constant release,

    @Parameter(
        key = "pcache.costs.evictionInsert",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Inserting an entry into a set's eviction list, under its lock.",
        source = "none found",
        status = Status.ASSUMED)
    Constant evictionInsert,

    @Parameter(
        key = "pcache.costs.evictionRemove",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Removing a line's entries from a set's eviction list, under its lock.",
        source = "none found",
        status = Status.ASSUMED)
    Constant evictionRemove,

    @Parameter(
        key = "pcache.costs.evictionLookup",
        unit = Unit.PS,
        defaultValue = "30 ns",
        doc = "Looking a page up in a set's eviction list that is not empty.",
        source = "none found",
        status = Status.ASSUMED)
    Constant evictionLookup,

    @Parameter(
        key = "pcache.costs.evictionPoll",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Time between two look-ups of a fault that waits on an eviction list.",
        source = "none found; the lock's cache line moves each time",
        status = Status.ASSUMED)
    Constant evictionPoll,

    @Parameter(
        key = "pcache.costs.copy",
        unit = Unit.PS_PER_KIB,
        defaultValue = "90 ns/KiB",
        doc = "Copying a line, or a line into a message.",
        source = "4 KiB copied in about 0.35 us when one side is cold",
        status = Status.ASSUMED)
    Constant copy,

    @Parameter(
        key = "pcache.costs.clear",
        unit = Unit.PS_PER_KIB,
        defaultValue = "148750 ps/KiB",
        doc = "Filling a line with zeros.",
        source = "LegoOS developer log, 13 April 2018: zero-fill of 4 KiB takes 595 ns",
        status = Status.PAPER)
    Constant clear,

    @Parameter(
        key = "pcache.costs.flushPrepare",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Header of a flush message, preemption off and on.",
        source = "none found",
        status = Status.ASSUMED)
    Constant flushPrepare,

    @Parameter(
        key = "pcache.costs.victimAllocate",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Taking a free victim cache entry and publishing its pages.",
        source = "none found",
        status = Status.ASSUMED)
    Constant victimAllocate,

    @Parameter(
        key = "pcache.costs.victimScan",
        unit = Unit.PS,
        defaultValue = "15 ns",
        doc = "Visiting one victim cache entry in a search.",
        source = "none found",
        status = Status.ASSUMED)
    Constant victimScan,

    @Parameter(
        key = "pcache.costs.victimInsert",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Completing a victim cache entry and queueing its flush.",
        source = "none found",
        status = Status.ASSUMED)
    Constant victimInsert,

    @Parameter(
        key = "pcache.costs.victimRelease",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Dropping a reference to a victim cache entry.",
        source = "none found",
        status = Status.ASSUMED)
    Constant victimRelease,

    @Parameter(
        key = "pcache.costs.victimPoll",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Time between two looks at a victim cache entry or at the flush queue.",
        source = "none found",
        status = Status.ASSUMED)
    Constant victimPoll,

    @Parameter(
        key = "pcache.costs.sweepSet",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Sweep thread: looking at one set.",
        source = "none found",
        status = Status.ASSUMED)
    Constant sweepSet,

    @Parameter(
        key = "pcache.costs.sweepLine",
        unit = Unit.PS,
        defaultValue = "80 ns",
        doc = "Sweep thread: testing one line's accessed bit, locks included.",
        source = "none found",
        status = Status.ASSUMED)
    Constant sweepLine,

    @Parameter(
        key = "pcache.costs.markPage",
        unit = Unit.PS,
        defaultValue = "8 ns",
        doc = "Marking one page-table entry for zero-fill.",
        source = "none found",
        status = Status.ASSUMED)
    Constant markPage,

    @Parameter(
        key = "pcache.costs.visitTable",
        unit = Unit.PS,
        defaultValue = "10 ns",
        doc = "Passing one page-table page, or the place of a missing one, in a walk over a range.",
        source = "none found",
        status = Status.ASSUMED)
    Constant visitTable,

    @Parameter(
        key = "pcache.costs.visitPage",
        unit = Unit.PS,
        defaultValue = "3 ns",
        doc = "Passing one empty page-table entry in a walk over a range.",
        source = "none found",
        status = Status.ASSUMED)
    Constant visitPage,

    @Parameter(
        key = "pcache.costs.zapPage",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Unmapping one present page, without freeing its line.",
        source = "none found",
        status = Status.ASSUMED)
    Constant zapPage,

    @Parameter(
        key = "pcache.costs.movePage",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Moving one present page to another page-table entry.",
        source = "none found",
        status = Status.ASSUMED)
    Constant movePage,

    @Parameter(
        key = "pcache.costs.forkPage",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Copying one present page-table entry to a child, without the flush.",
        source = "none found",
        status = Status.ASSUMED)
    Constant forkPage,

    @Parameter(
        key = "pcache.costs.prefetchDetect",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Prefetching: adding a fault to its thread's pattern and choosing a distance.",
        source = "none found; the real kernel has no prefetching",
        status = Status.ASSUMED)
    Constant prefetchDetect,

    @Parameter(
        key = "pcache.costs.prefetchRequest",
        unit = Unit.PS,
        defaultValue = "60 ns",
        doc = "Prefetching: testing one page's entry and queueing it.",
        source = "none found; the real kernel has no prefetching",
        status = Status.ASSUMED)
    Constant prefetchRequest,

    @Parameter(
        key = "pcache.costs.prefetchPoll",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Prefetching: time between two looks of an idle thread at the queue.",
        source = "none found; as pcache.costs.victimPoll",
        status = Status.ASSUMED)
    Constant prefetchPoll) {}
