package org.legosim.hardware.network;

import org.legosim.hardware.fabric.FabricShape;
import org.legosim.hardware.fabric.PcieSlot;
import org.legosim.hardware.fabric.VerbsParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * Adapters, links and the switch. One constant per physical cause; defaults are a ConnectX-3 in a
 * PCIe Gen3 x8 slot on 4X QDR through an IS5035.
 */
public record NetworkParams(
    @Parameter(
        key = "network.model",
        unit = Unit.TEXT,
        defaultValue = "loggp",
        doc =
            "fixed: latency plus bytes over the link rate; loggp: packets through stations with queues;"
                + " verbs: every packet on PCIe, links and switches, with credits and retransmission")
    NetworkModel model,

    @Parameter(
        key = "network.preset",
        unit = Unit.TEXT,
        defaultValue = "connectx3-qdr",
        doc = "Name of the set of network constants that the machine file chose, for reports")
    String preset,

    @Parameter(
        key = "network.latency",
        unit = Unit.PS,
        defaultValue = "1.2 us",
        doc = "One-way latency of an empty message; only for network.model=fixed",
        source = "Clio ASPLOS'22 raw data: a 4-byte write on ConnectX-3 takes 1170 ns",
        status = Status.MEASURED)
    Constant fixedLatencyPs,

    @Parameter(
        key = "network.link.rate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "32 Gbit/s",
        range = "1 Mbit/s..10 Tbit/s",
        doc = "Data rate of a link after its line code; both directions at once",
        source = "4X QDR, 10 Gbit/s per lane (LegoOS README: iblinkinfo), 8b/10b",
        status = Status.DERIVED)
    Constant linkBitsPerSecond,

    @Parameter(
        key = "network.link.propagation",
        unit = Unit.PS,
        defaultValue = "10 ns",
        doc = "Flight time over one cable",
        source = "2 m at 5 ns/m; the cables' length is not published",
        status = Status.ASSUMED)
    Constant propagationPs,

    @Parameter(
        key = "network.mtu",
        unit = Unit.BYTES,
        defaultValue = "2048 B",
        range = "256 B..4096 B",
        doc = "Payload of a full packet, a power of two",
        source = "LegoOS net/lego/fit_internal.c: path MTU 2048")
    int mtuBytes,

    @Parameter(
        key = "network.switchHop",
        unit = Unit.PS,
        defaultValue = "120 ns",
        doc = "Cut-through latency of the switch: first bit in to first bit out",
        source = "100 to 140 ns for QDR switches; no data sheet at hand",
        status = Status.ASSUMED)
    Constant switchHopPs,

    @Parameter(
        key = "network.pcie.readRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "57.9 Gbit/s",
        range = "1 Mbit/s..10 Tbit/s",
        doc = "Rate of read completions from host to adapter, packet headers included",
        source =
            "PCIe Gen3 x8: 8 GT/s x 8 x 128/130, less 16 B of DLLPs per 203 B and 4 of 1538 symbols"
                + " (pcie-bench model, SIGCOMM'18)",
        status = Status.DERIVED)
    Constant readBitsPerSecond,

    @Parameter(
        key = "network.pcie.writeRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "57.9 Gbit/s",
        range = "1 Mbit/s..10 Tbit/s",
        doc = "Rate of DMA writes from adapter to host, packet headers included",
        source = "as network.pcie.readRate",
        status = Status.DERIVED)
    Constant writeBitsPerSecond,

    @Parameter(
        key = "network.pcie.payload",
        unit = Unit.BYTES,
        defaultValue = "256 B",
        range = "64 B..4096 B",
        doc = "Most payload of one PCIe packet: a write, or a read's completion",
        source = "usual setting of ConnectX-3; not checked on the testbed",
        status = Status.ASSUMED)
    int pciePayloadBytes,

    @Parameter(
        key = "network.pcie.writeHeader",
        unit = Unit.BYTES,
        defaultValue = "24 B",
        range = "0 B..64 B",
        doc = "Bytes around the payload of one PCIe write",
        source = "pcie-bench model, SIGCOMM'18: framing 8, header 4, 64-bit write 12",
        status = Status.PAPER)
    int writeHeaderBytes,

    @Parameter(
        key = "network.pcie.completionHeader",
        unit = Unit.BYTES,
        defaultValue = "20 B",
        range = "0 B..64 B",
        doc = "Bytes around the payload of one PCIe read completion",
        source = "pcie-bench model, SIGCOMM'18: framing 8, header 4, completion 8",
        status = Status.PAPER)
    int completionHeaderBytes,

    @Parameter(
        key = "network.pcie.readLatency",
        unit = Unit.PS,
        defaultValue = "370 ns",
        doc = "Round trip of a DMA read to its first byte, without the payload's transfer",
        source =
            "pcie-bench, E5-2620 v3: 466 ns for a small direct read by a card that adds about 100 ns"
                + " of its own",
        status = Status.DERIVED)
    Constant readLatencyPs,

    @Parameter(
        key = "network.pcie.writeLatency",
        unit = Unit.PS,
        defaultValue = "80 ns",
        doc = "From the last byte of a DMA write leaving the adapter to its visibility to a CPU",
        source = "pcie-bench, E5-2620 v3: write and read back 546 ns, read alone 466 ns",
        status = Status.DERIVED)
    Constant writeLatencyPs,

    @Parameter(
        key = "network.nic.doorbell",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "From the CPU's write to the doorbell register to the adapter's reaction",
        source = "100 to 200 ns for a posted register write; no measurement found",
        status = Status.ASSUMED)
    Constant doorbellPs,

    @Parameter(
        key = "network.nic.blueFlame",
        unit = Unit.FLAG,
        defaultValue = "off",
        doc = "The CPU writes the work request itself into the adapter, which need not fetch it",
        source = "kernel verbs of mlx4 ring a doorbell and let the adapter fetch")
    boolean blueFlame,

    @Parameter(
        key = "network.nic.inlineLimit",
        unit = Unit.BYTES,
        defaultValue = "0 B",
        doc = "Largest payload that travels inside the work request and is not read by DMA",
        source = "kernel verbs of mlx4 do not inline")
    int inlineLimitBytes,

    @Parameter(
        key = "network.nic.send",
        unit = Unit.PS,
        defaultValue = "230 ns",
        doc = "Adapter's processing of a work request before it reads the payload",
        source = "fitted to the base of the RPC echo",
        status = Status.MEASURED,
        fittedTo = "rpc-echo;request_bytes=32;reply_bytes=4;threads=1;workers=1")
    Constant nicSendPs,

    @Parameter(
        key = "network.nic.receive",
        unit = Unit.PS,
        defaultValue = "230 ns",
        doc = "Adapter's processing of an arrived packet before it writes the payload",
        source = "as much as network.nic.send: the same engine looks up the queue pair's state",
        status = Status.DERIVED)
    Constant nicReceivePs,

    @Parameter(
        key = "network.nic.ack",
        unit = Unit.PS,
        defaultValue = "460 ns",
        doc = "Both adapters' processing of an acknowledgement",
        source = "as much as a message: network.nic.send and network.nic.receive",
        status = Status.DERIVED)
    Constant nicAckPs,

    @Parameter(
        key = "network.nic.bufferRate",
        unit = Unit.BITS_PER_SECOND,
        defaultValue = "82 Gbit/s",
        range = "1 Mbit/s..100 Tbit/s",
        doc = "Rate at which an adapter moves a packet between its PCIe side and its link side; it"
            + " holds each packet whole, so the first packet of a message is that much later and"
            + " the following ones keep their pace",
        source =
            "fitted to what 4 KiB add to the RPC echo beyond PCIe and link; pcie-bench sees the same"
                + " kind of delay in another adapter on this CPU (0.28 ns/B of latency within a packet"
                + " at a bandwidth of 0.14 ns/B)",
        status = Status.MEASURED,
        fittedTo = "rpc-echo;request_bytes=32;reply_bytes=4096;threads=1;workers=1"
            + "|rpc-echo;request_bytes=4200;reply_bytes=4;threads=1;workers=1")
    Constant bufferBitsPerSecond,

    @Parameter(
        key = "network.nic.messageInterval",
        unit = Unit.PS,
        defaultValue = "113.6 ns",
        doc = "Least time between two work requests that one adapter begins",
        source = "public perftest run on mlx4 QDR: 8.8 million 4-byte writes per second",
        status = Status.MEASURED,
        fittedTo = "verbs-rate;op=write;bytes=4;outstanding=128")
    Constant messageIntervalPs,

    @Parameter(
        key = "network.nic.completionEntry",
        unit = Unit.BYTES,
        defaultValue = "64 B",
        range = "1 B..256 B",
        doc = "Bytes of a completion queue entry, written by DMA after the payload",
        source = "mlx4: 32 or 64 B by configuration",
        status = Status.DATASHEET)
    int completionEntryBytes,

    VerbsParams verbs) {

  public NetworkParams {
    if (Integer.bitCount(mtuBytes) != 1 || mtuBytes < 256 || mtuBytes > 4096) {
      throw new ConfigException(
          "network.mtu: " + mtuBytes + " bytes; allowed are 256, 512, 1024, 2048 and 4096");
    }
    if (inlineLimitBytes < 0 || inlineLimitBytes > mtuBytes) {
      throw new ConfigException("network.nic.inlineLimit: "
          + inlineLimitBytes
          + " bytes; allowed is 0 up to network.mtu ("
          + mtuBytes
          + ")");
    }
  }

  /** The adapter's slot at the level {@code verbs}. */
  public PcieSlot slot() {
    return PcieSlot.of(
        verbs.pcie(),
        new PcieSlot.Shared(
            pciePayloadBytes,
            writeHeaderBytes,
            completionHeaderBytes,
            readLatencyPs.value(),
            writeLatencyPs.value()));
  }

  /** Data rate of a link. */
  public long linkBits() {
    return verbs.link().speed().bitsPerSecond(linkBitsPerSecond.value());
  }

  /** What the level {@code verbs} is built from. */
  public FabricShape shape(int queuePairs) {
    return new FabricShape(
        verbs,
        slot(),
        linkBits(),
        propagationPs.value(),
        switchHopPs.value(),
        mtuBytes,
        doorbellPs.value(),
        blueFlame,
        inlineLimitBytes,
        messageIntervalPs.value(),
        completionEntryBytes,
        nicAckPs.value(),
        queuePairs,
        1);
  }

  /** Refuses what no level could be built from: checked whatever the level is. */
  public void verify() {
    shape(1);
  }
}
