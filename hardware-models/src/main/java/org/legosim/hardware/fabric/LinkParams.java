package org.legosim.hardware.fabric;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Links and switches at the level {@code verbs}, beside what both levels share. */
public record LinkParams(
    @Parameter(
        key = "network.link.speed",
        unit = Unit.TEXT,
        defaultValue = "rate",
        doc =
            "Speed of four lanes by name, its line code included; rate: network.link.rate says it",
        source = "InfiniBand Architecture Specification; Mellanox SB7890 manual")
    LinkSpeed speed,

    @Parameter(
        key = "network.link.virtualLanes",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..8",
        doc =
            "Data lanes with buffers and credits of their own on each link; queue pairs take them in"
                + " turn",
        source = "LegoOS uses service level 0 only")
    int virtualLanes,

    @Parameter(
        key = "network.link.credits",
        unit = Unit.COUNT,
        defaultValue = "256",
        range = "0..65536",
        doc =
            "Buffer of each virtual lane at each end of a link that receives, in blocks of 64 bytes",
        source = "none found: 16 KiB, three packets of the largest MTU",
        status = Status.ASSUMED)
    int creditBlocks,

    @Parameter(
        key = "network.topology",
        unit = Unit.TEXT,
        defaultValue = "star",
        doc =
            "pair: one cable between two nodes; star: one switch; clos: leaf switches below spines",
        source = "LegoOS testbed: one switch")
    TopologyKind topology,

    @Parameter(
        key = "network.clos.leafNodes",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..1024",
        doc = "Nodes at each leaf switch of network.topology=clos")
    int leafNodes,

    @Parameter(
        key = "network.clos.spines",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "1..64",
        doc =
            "Spine switches of network.topology=clos; traffic to a node takes spine number node modulo"
                + " spines")
    int spines) {}
