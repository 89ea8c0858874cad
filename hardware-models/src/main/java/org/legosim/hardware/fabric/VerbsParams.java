package org.legosim.hardware.fabric;

/** What only the level {@code verbs} of the network reads. */
public record VerbsParams(
    PcieParams pcie,
    HcaParams hca,
    LinkParams link,
    TransportParams transport,
    LinkFaultParams faults) {}
