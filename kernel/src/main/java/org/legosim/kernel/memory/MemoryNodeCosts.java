package org.legosim.kernel.memory;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Software costs of a memory node. */
public record MemoryNodeCosts(
    @Parameter(
        key = "memory.costs.handOff",
        unit = Unit.PS,
        defaultValue = "196 ns",
        doc = "From queueing a request to an idle worker having it: the line that both CPUs poll.",
        source =
            "LegoOS Documentation: a million requests waited 196 ns on average, at least 124 ns",
        status = Status.MEASURED)
    Constant handOff,

    @Parameter(
        key = "memory.costs.handle",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "What every request takes at a worker: decoding it, preparing the reply, freeing its"
            + " buffer. All that the echo handler does.",
        source = "none found",
        status = Status.ASSUMED)
    Constant handle,

    @Parameter(
        key = "memory.costs.findTask",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Looking a process up in the hash table, under its global lock.",
        source = "none found: a hash, an uncontended lock, one or two cached lines",
        status = Status.ASSUMED)
    Constant findTask,

    @Parameter(
        key = "memory.costs.semaphore",
        unit = Unit.PS,
        defaultValue = "15 ns",
        doc = "Taking and giving back an address space's semaphore that nobody else holds.",
        source = "none found: two atomic instructions on a cached line",
        status = Status.ASSUMED)
    Constant semaphore,

    @Parameter(
        key = "memory.costs.findVma",
        unit = Unit.PS,
        defaultValue = "5 ns",
        doc = "One level of the tree of areas, on the way to the one that holds an address.",
        source = "none found: a cached line and a branch for each level",
        status = Status.ASSUMED)
    Constant findVma,

    @Parameter(
        key = "memory.costs.walk",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Walking the four levels of the software page table.",
        source = "none found: four cached lines",
        status = Status.ASSUMED)
    Constant walk,

    @Parameter(
        key = "memory.costs.allocatePage",
        unit = Unit.PS,
        defaultValue = "40 ns",
        doc = "Taking a page from the allocator or giving one back, under the zone's lock.",
        source = "none found",
        status = Status.ASSUMED)
    Constant allocatePage,

    @Parameter(
        key = "memory.costs.fill",
        unit = Unit.PS_PER_KIB,
        defaultValue = "87.5 ns/KiB",
        doc = "Clearing memory that is not cached.",
        source =
            "fitted to a saturated worker; 350 to 400 ns for 4 KiB with cold caches were measured on"
                + " another machine",
        status = Status.MEASURED,
        fittedTo = "memory-throughput;path=remote-miss;threads=4;memory_nodes=1;workers=1")
    Constant fill,

    @Parameter(
        key = "memory.costs.copy",
        unit = Unit.PS_PER_KIB,
        defaultValue = "125 ns/KiB",
        doc = "Copying a received page, which the adapter left in the last-level cache, to memory"
            + " that is not cached.",
        source = "none found: clearing costs 94 ns per KiB, and the source is read as well",
        status = Status.ASSUMED)
    Constant copy,

    @Parameter(
        key = "memory.costs.changeVma",
        unit = Unit.PS,
        defaultValue = "250 ns",
        doc = "Inserting, splitting, merging or removing an area.",
        source = "none found: an allocation and a few levels of a tree",
        status = Status.ASSUMED)
    Constant changeVma,

    @Parameter(
        key = "memory.costs.monitor",
        unit = Unit.PS,
        defaultValue = "500 ns",
        doc = "What the monitor's thread takes for a question or a report, from its queue to the"
            + " posting of the reply.",
        source = "none found: a message is copied and a small table is looked through",
        status = Status.ASSUMED)
    Constant monitor,

    @Parameter(
        key = "memory.costs.changeEntry",
        unit = Unit.PS,
        defaultValue = "10 ns",
        doc = "Copying, moving or clearing one entry of the software page table in a scan.",
        source = "none found",
        status = Status.ASSUMED)
    Constant changeEntry) {}
