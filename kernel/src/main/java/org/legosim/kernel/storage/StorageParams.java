package org.legosim.kernel.storage;

import org.legosim.hardware.storage.DriveParams;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Storage nodes and what they run on: Linux with its page cache, one drive each. */
public record StorageParams(
    @Parameter(
        key = "storage.nodes",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..16",
        doc = "Storage nodes; each application's files are on one of them, in turn. 0: files are"
            + " read and written at the memory node, in no time. A machine whose memory is its own"
            + " has its drive itself when this is 1.")
    int nodes,

    @Parameter(
        key = "storage.pageCache",
        unit = Unit.BYTES,
        defaultValue = "64 GiB",
        range = "64 KiB..16 TiB",
        doc = "Memory for file pages at each storage node.",
        source = "half of the 128 GB of the paper's machines",
        status = Status.CHOICE)
    long pageCacheBytes,

    @Parameter(
        key = "storage.dirtyLimit",
        unit = Unit.BYTES,
        defaultValue = "12 GiB",
        range = "4 KiB..16 TiB",
        doc = "Written pages that may wait for the drive; a writer beyond that writes back itself.",
        source = "Linux vm.dirty_ratio: 20 % of the memory",
        status = Status.CHOICE)
    long dirtyLimitBytes,

    @Parameter(
        key = "storage.readAhead",
        unit = Unit.BYTES,
        defaultValue = "128 KiB",
        range = "0 B..16 MiB",
        doc =
            "Largest window of the kernel's read-ahead; 0 for none: each read goes to the drive by"
                + " itself.",
        source = "Linux VM_MAX_READAHEAD",
        status = Status.CHOICE)
    long readAheadBytes,

    @Parameter(
        key = "storage.costs.wake",
        unit = Unit.PS,
        defaultValue = "2 us",
        doc = "From a message's arrival to the daemon that slept: a wake-up and a context switch.",
        source = "none found; 2 to 5 us on one socket are usual",
        status = Status.ASSUMED)
    Constant wake,

    @Parameter(
        key = "storage.costs.handle",
        unit = Unit.PS,
        defaultValue = "200 ns",
        doc =
            "The daemon's part of every request: taking it, dispatching on its opcode, the reply.",
        source = "none found",
        status = Status.ASSUMED)
    Constant handle,

    @Parameter(
        key = "storage.costs.open",
        unit = Unit.PS,
        defaultValue = "1500 ns",
        doc = "Opening a file by its path and closing it again, all of it cached.",
        source = "none found: a path of a few parts, a file structure",
        status = Status.ASSUMED)
    Constant open,

    @Parameter(
        key = "storage.costs.changeDirectory",
        unit = Unit.PS,
        defaultValue = "8 us",
        doc = "Making, removing or renaming an entry of a directory, in memory.",
        source = "none found: a journal handle and a few blocks",
        status = Status.ASSUMED)
    Constant changeDirectory,

    @Parameter(
        key = "storage.costs.lookup",
        unit = Unit.PS,
        defaultValue = "250 ns",
        doc = "One page of a read or write that is cached: the look-up, marking it used.",
        source = "none found",
        status = Status.ASSUMED)
    Constant lookup,

    @Parameter(
        key = "storage.costs.allocatePage",
        unit = Unit.PS,
        defaultValue = "450 ns",
        doc = "Taking a page for the cache and entering it.",
        source = "none found",
        status = Status.ASSUMED)
    Constant allocatePage,

    @Parameter(
        key = "storage.costs.copy",
        unit = Unit.PS_PER_KIB,
        defaultValue = "125 ns/KiB",
        doc = "Copying between the page cache and the daemon's buffer.",
        source = "none found: as memory.costs.copy",
        status = Status.ASSUMED)
    Constant copy,

    @Parameter(
        key = "storage.costs.submit",
        unit = Unit.PS,
        defaultValue = "1500 ns",
        doc = "The block layer and the driver, from a request's pages to the doorbell.",
        source = "none found",
        status = Status.ASSUMED)
    Constant submit,

    @Parameter(
        key = "storage.costs.complete",
        unit = Unit.PS,
        defaultValue = "2500 ns",
        doc = "From the completion entry to the thread that waits: interrupt, wake-up, switch.",
        source = "none found; 2 to 5 us on one socket are usual",
        status = Status.ASSUMED)
    Constant complete,

    DriveParams drive) {}
