package org.legosim.timing.results;

/**
 * What passed one hop of the network in one direction, at {@code network.model: verbs}.
 *
 * @param hop such as {@code node 0 PCIe, to host} or {@code node 0 to switch}
 * @param packets on PCIe transaction packets (TLPs), on links packets of any kind
 * @param bytes with headers
 * @param linkPackets acknowledgements and credit updates of a PCIe link, which are not in {@code bytes}
 * @param busyPs time for which the wire was taken
 * @param waitPs sum of the packets' waits for it
 */
public record HopRow(
    String hop, long packets, long bytes, long linkPackets, long busyPs, long waitPs) {}
