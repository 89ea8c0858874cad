package org.legosim.hardware.fabric;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** A PCIe slot at the level {@code verbs}: what its rate and its packets follow from. */
public record PcieParams(
    @Parameter(
        key = "network.pcie.gen",
        unit = Unit.COUNT,
        defaultValue = "3",
        range = "1..5",
        doc = "PCIe generation of the adapter's slot: rate of a lane and line code",
        source = "LegoOS README: ConnectX-3 in a PCIe 3.0 x8 slot")
    int generation,

    @Parameter(
        key = "network.pcie.lanes",
        unit = Unit.COUNT,
        defaultValue = "8",
        range = "1..32",
        doc = "Lanes of the adapter's slot",
        source = "LegoOS README: ConnectX-3 in a PCIe 3.0 x8 slot")
    int lanes,

    @Parameter(
        key = "network.pcie.readRequest",
        unit = Unit.BYTES,
        defaultValue = "512 B",
        range = "128 B..4096 B",
        doc = "Most bytes that one read request asks for (MRRS), a power of two",
        source = "usual setting of ConnectX-3; not checked on the testbed",
        status = Status.ASSUMED)
    int readRequestBytes,

    @Parameter(
        key = "network.pcie.readBoundary",
        unit = Unit.BYTES,
        defaultValue = "64 B",
        range = "64 B | 128 B",
        doc = "Address boundary at which a root complex may split the answer to a read (RCB)",
        source = "PCI Express Base Specification, read completion boundary of root complexes")
    int readBoundaryBytes,

    @Parameter(
        key = "network.pcie.requestHeader",
        unit = Unit.BYTES,
        defaultValue = "24 B",
        range = "0 B..64 B",
        doc = "Bytes of one read request on the wire",
        source = "pcie-bench model, SIGCOMM'18: framing 8, header 4, 64-bit address 12",
        status = Status.PAPER)
    int requestHeaderBytes,

    @Parameter(
        key = "network.pcie.linkPacket",
        unit = Unit.BYTES,
        defaultValue = "8 B",
        range = "0 B..64 B",
        doc = "Bytes of a data link layer packet: an acknowledgement or a credit update, which go"
            + " against the direction of the packet that they answer",
        source = "pcie-bench model, SIGCOMM'18",
        status = Status.PAPER)
    int linkPacketBytes,

    @Parameter(
        key = "network.pcie.tags",
        unit = Unit.COUNT,
        defaultValue = "32",
        range = "1..1024",
        doc = "Read requests of a device that may be unanswered",
        source = "PCI Express Base Specification: a tag has five bits unless extended",
        status = Status.DATASHEET)
    int tags,

    @Parameter(
        key = "network.pcie.postedCredits",
        unit = Unit.COUNT,
        defaultValue = "64",
        range = "1..1024",
        doc = "Writes that a root complex holds before it has ordered them (posted header credits)",
        source = "none found",
        status = Status.ASSUMED)
    int postedCredits,

    @Parameter(
        key = "network.pcie.postedInterval",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Least time between two writes of a device that a root complex orders",
        source =
            "fitted to the rate of 64-byte writes, which the wire would let pass twice as fast",
        status = Status.MEASURED,
        fittedTo = "pcie-dma;op=write;bytes=64")
    Constant postedIntervalPs,

    @Parameter(
        key = "network.pcie.ddio",
        unit = Unit.FLAG,
        defaultValue = "on",
        doc = "Device reads and writes are served by the last-level cache; off: by DRAM",
        source = "Xeon E5 and later: Data Direct I/O")
    boolean isCached,

    @Parameter(
        key = "network.pcie.dramPenalty",
        unit = Unit.PS,
        defaultValue = "52 ns",
        doc = "What DRAM adds to a device's read that the last-level cache cannot serve",
        source = "pcie-bench, E5-2620 v3: 64-byte reads cold against warm",
        status = Status.MEASURED)
    Constant dramPenaltyPs) {

  public PcieParams {
    requirePowerOfTwo("network.pcie.readRequest", readRequestBytes);
    requirePowerOfTwo("network.pcie.readBoundary", readBoundaryBytes);
  }

  static void requirePowerOfTwo(String key, int bytes) {
    if (Integer.bitCount(bytes) != 1) {
      throw new ConfigException(
          key + ": " + bytes + " bytes; PCIe allows powers of two only: choose the next one");
    }
  }
}
