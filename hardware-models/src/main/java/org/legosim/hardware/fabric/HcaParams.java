package org.legosim.hardware.fabric;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** An InfiniBand adapter at the level {@code verbs}, beside what both levels share. */
public record HcaParams(
    @Parameter(
        key = "network.hca.process",
        unit = Unit.PS,
        defaultValue = "195 ns",
        doc = "An adapter's work on a request before it moves data: on one that a CPU posts, and on"
            + " one that a packet brings; further packets of it follow at the pace of the stations",
        source = "fitted; network.nic.send and network.nic.receive also hold what the level loggp"
            + " leaves out",
        status = Status.MEASURED,
        fittedTo = "verbs-latency;op=write;bytes=2|verbs-latency;op=write;bytes=4096")
    Constant processPs,

    @Parameter(
        key = "network.hca.response",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "An adapter's work on data that it asked for; on acknowledgements network.nic.ack",
        source = "none found: it knows already where they belong",
        status = Status.ASSUMED)
    Constant responsePs,

    @Parameter(
        key = "network.hca.responseInterval",
        unit = Unit.PS,
        defaultValue = "75 ns",
        doc =
            "Time for which each packet of an answer keeps the engine that posted the read, on top of"
                + " network.nic.messageInterval for the read itself",
        source = "fitted to the rate of small reads: 188 ns apiece",
        status = Status.MEASURED,
        fittedTo = "verbs-rate;op=read;bytes=4;outstanding=16")
    Constant responseIntervalPs,

    @Parameter(
        key = "network.hca.engines",
        unit = Unit.COUNT,
        defaultValue = "4",
        range = "1..64",
        doc =
            "Engines of an adapter that begin work requests, each network.nic.messageInterval apart;"
                + " a queue pair belongs to one of them",
        source = "about 35 million messages per second in all, four times what one queue pair"
            + " reaches; no data sheet at hand",
        status = Status.ASSUMED)
    int engines,

    @Parameter(
        key = "network.hca.engineRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "36 Gbit/s",
        range = "1 Mbit/s..100 Tbit/s",
        doc =
            "Rate at which an adapter takes one packet over from PCIe or hands it to PCIe; packets"
                + " overlap, so it delays a message once and does not bound its rate",
        source = "fitted to what 4 KiB add to the RPC echo; in a Gen2 slot PCIe itself is slower",
        status = Status.MEASURED,
        fittedTo = "rpc-echo;request_bytes=32;reply_bytes=4096;threads=1;workers=1"
            + "|rpc-echo;request_bytes=4200;reply_bytes=4;threads=1;workers=1")
    Constant engineBitsPerSecond,

    @Parameter(
        key = "network.hca.blueFlameChunk",
        unit = Unit.PS,
        defaultValue = "72 ns",
        doc =
            "A CPU's write of 64 bytes of a work request into the adapter, which network.nic.blueFlame"
                + " allows for requests that carry their payload",
        source = "fitted to what 126 more bytes inside a request cost beyond wire and PCIe",
        status = Status.MEASURED,
        fittedTo = "verbs-latency;op=write;bytes=128")
    Constant blueFlameChunkPs,

    @Parameter(
        key = "network.hca.queuePairCache",
        unit = Unit.COUNT,
        defaultValue = "256",
        range = "1..1048576",
        doc = "Queue pairs whose state an adapter holds; others are fetched from host memory",
        source = "none found",
        status = Status.ASSUMED)
    int queuePairCache,

    @Parameter(
        key = "network.hca.translationCache",
        unit = Unit.COUNT,
        defaultValue = "1024",
        range = "1..16777216",
        doc = "Page translations that an adapter holds",
        source = "none found",
        status = Status.ASSUMED)
    int translationCache,

    @Parameter(
        key = "network.hca.contextReads",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "0..16",
        doc =
            "Reads of host memory, one after the other, for state that an adapter lacks: of the map of"
                + " its own address space, then of the entry",
        source = "mlx4: adapters address their tables through pages of host memory (ICM)",
        status = Status.DERIVED)
    int contextReads) {}
