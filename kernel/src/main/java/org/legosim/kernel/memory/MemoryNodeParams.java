package org.legosim.kernel.memory;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Shape of the memory nodes. */
public record MemoryNodeParams(
    @Parameter(
        key = "memory.nodes",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "0..64",
        doc = "Memory nodes. Each application has one of them as its home, in turn; 0 for a machine"
            + " whose memory is its own.")
    int nodes,

    @Parameter(
        key = "memory.placement",
        unit = Unit.TEXT,
        defaultValue = "traffic",
        doc = "Which of several memory nodes owns the ranges of 1 GiB that a new mapping begins:"
            + " the process's home node always, each in turn, the one with the fewest misses and"
            + " flushes so far, the one with most free memory. All but home ask a monitor, which"
            + " knows what the nodes reported last; equals go to the later node.",
        source = "LegoOS linux-modules/monitor/gmm; traffic is its default")
    Placement placement,

    @Parameter(
        key = "memory.placementInterval",
        unit = Unit.COUNT,
        defaultValue = "4",
        range = "1..1000000",
        doc = "Mappings in a row that the monitor gives to one node before it chooses again; used"
            + " by the placements round-robin and traffic.",
        source = "LegoOS linux-modules/monitor/gmm")
    int placementInterval,

    @Parameter(
        key = "memory.statusInterval",
        unit = Unit.PS,
        defaultValue = "500 ms",
        range = "1 us..1000 s",
        doc = "Pause between two reports of a memory node to the monitor.",
        source = "LegoOS managers/memory: every half second")
    long statusIntervalPs,

    @Parameter(
        key = "memory.workers",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..16",
        doc = "Pinned worker threads of each memory node; requests go to each in turn.",
        source = "LegoOS managers/memory/Kconfig")
    int workers,

    @Parameter(
        key = "memory.buffers",
        unit = Unit.COUNT,
        defaultValue = "256",
        range = "1..65536",
        doc = "Requests that a memory node can hold; each has a transmit area.",
        source = "LegoOS include/memory/thread_pool.h")
    int buffers,

    @Parameter(
        key = "memory.capacity",
        unit = Unit.BYTES,
        defaultValue = "128 GiB",
        range = "1 MiB..1024 TiB",
        doc = "Memory of each memory node.",
        source = "testbed of the LegoOS paper, section 6: 128 GB per machine")
    long capacityBytes,

    @Parameter(
        key = "memory.replication",
        unit = Unit.TEXT,
        defaultValue = "off",
        doc =
            "Each flushed line goes to a second memory node as well, one way; that one logs it and"
                + " sends full logs to its storage node. The first one tells the storage node of every"
                + " change of areas. Needs two memory nodes and a storage node.",
        source = "LegoOS managers/processor/replication.c, managers/memory/replica")
    Replication replication,

    @Parameter(
        key = "memory.replicaLog",
        unit = Unit.COUNT,
        defaultValue = "256",
        range = "16..500",
        doc = "Lines of a process that a second memory node logs before it sends them on. While it"
            + " does, it drops what comes for that process.",
        source = "LegoOS managers/memory/Kconfig")
    int replicaLogEntries,

    @Parameter(
        key = "memory.mapOnTouch",
        unit = Unit.FLAG,
        defaultValue = "false",
        doc = "A touched page that no area explains becomes anonymous memory instead of a"
            + " segmentation fault: for traces without mappings.")
    boolean mapsOnTouch,

    @Parameter(
        key = "memory.vmaCacheAwareness",
        unit = Unit.FLAG,
        defaultValue = "true",
        doc =
            "With addresses: legoos, mappings go to ranges of 1 GiB, and one that needs a new range"
                + " begins at another offset than the one before; false: all go top-down below the"
                + " stack.",
        source = "LegoOS managers/memory/Kconfig, VMA_CACHE_AWARENESS")
    boolean isCacheAware,

    PageCacheParams pageCache,
    MemoryNodeCosts costs) {

  /** True when flushed lines are kept twice. */
  public boolean replicates() {
    return replication == Replication.ON;
  }

  /** True when a process may have memory at other nodes than its home. */
  public boolean sharesAddressSpaces() {
    return nodes > 1 && placement != Placement.HOME;
  }

  /** Whether flushed lines are kept twice. */
  public enum Replication {
    OFF,
    ON
  }
}
