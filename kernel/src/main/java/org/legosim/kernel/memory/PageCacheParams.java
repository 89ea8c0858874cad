package org.legosim.kernel.memory;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** The memory nodes' cache of file data. */
public record PageCacheParams(
    @Parameter(
        key = "memory.pageCache",
        unit = Unit.FLAG,
        defaultValue = "false",
        doc = "Memory nodes keep what is read and written of files, in lines, and write it to the"
            + " storage node when a line goes or the program asks for it. Needs a storage node.",
        source = "LegoOS managers/memory/Kconfig, MEM_PAGE_CACHE: off by default")
    boolean isOn,

    @Parameter(
        key = "memory.pageCacheLine",
        unit = Unit.BYTES,
        defaultValue = "256 KiB",
        range = "4 KiB..1 MiB",
        doc = "Bytes of a line: what is read of the storage node at once.",
        source = "LegoOS managers/memory/pgcache: 2^6 pages")
    long lineBytes,

    @Parameter(
        key = "memory.pageCacheLir",
        unit = Unit.COUNT,
        defaultValue = "15872",
        range = "1..16777216",
        doc = "Lines of the set that LIRS keeps for their short distances between uses.",
        source = "LegoOS managers/memory/pgcache")
    int lirLines,

    @Parameter(
        key = "memory.pageCacheHir",
        unit = Unit.COUNT,
        defaultValue = "512",
        range = "1..16777216",
        doc = "Lines for all others; one of them goes when a line comes.",
        source = "LegoOS managers/memory/pgcache")
    int hirLines) {}
