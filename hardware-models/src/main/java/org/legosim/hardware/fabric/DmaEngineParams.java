package org.legosim.hardware.fabric;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** A programmable DMA engine in a PCIe slot, with which slots are measured. */
public record DmaEngineParams(
    @Parameter(
        key = "dma.latency",
        unit = Unit.PS,
        defaultValue = "150 ns",
        doc = "The engine's own part of a transfer: from descriptor to first request, and from the"
            + " last byte to completion",
        source = "fitted; a direct read of the same card, without its DMA engine, is 80 to 100 ns"
            + " faster and still crosses the card's own buses",
        status = Status.MEASURED,
        fittedTo = "pcie-dma;op=read;bytes=64")
    Constant latencyPs,

    @Parameter(
        key = "dma.copyRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "55 Gbit/s",
        range = "1 Mbit/s..10 Tbit/s",
        doc = "Rate at which the engine moves a transfer that has arrived whole into its memory",
        source = "fitted to the slope of latency over size, twice that of the wire",
        status = Status.MEASURED,
        fittedTo = "pcie-dma;op=read;bytes=2048")
    Constant copyBitsPerSecond,

    @Parameter(
        key = "dma.gap",
        unit = Unit.PS,
        defaultValue = "4 ns",
        doc = "Time for which the engine leaves the slot idle between two transfers",
        source = "fitted to what 256-byte transfers lack of the wire's rate",
        status = Status.MEASURED,
        fittedTo = "pcie-dma;op=read;bytes=256")
    Constant gapPs) {}
