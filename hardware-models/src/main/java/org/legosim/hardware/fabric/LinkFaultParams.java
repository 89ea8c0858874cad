package org.legosim.hardware.fabric;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** What goes wrong on links, drawn from the run's seed. */
public record LinkFaultParams(
    @Parameter(
        key = "network.faults.lost",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..1000000",
        doc = "Packets in a million that vanish, on each link")
    int lostPerMillion,

    @Parameter(
        key = "network.faults.corrupted",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..1000000",
        doc =
            "Packets in a million that arrive changed, on each link: their checksum says so, and the"
                + " receiving end throws them away")
    int corruptedPerMillion,

    @Parameter(
        key = "network.faults.delayed",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..1000000",
        doc = "Packets in a million that are held up for network.faults.delay, on each link")
    int delayedPerMillion,

    @Parameter(
        key = "network.faults.delay",
        unit = Unit.PS,
        defaultValue = "10 us",
        doc = "Time for which network.faults.delayed holds a packet up")
    long delayPs,

    @Parameter(
        key = "network.faults.downNode",
        unit = Unit.COUNT,
        defaultValue = "none",
        range = "0..1023",
        words = {"none=-1"},
        doc = "Node whose cable is pulled")
    int downNode,

    @Parameter(
        key = "network.faults.downFrom",
        unit = Unit.PS,
        defaultValue = "0 ns",
        doc = "When the cable is pulled")
    long downFromPs,

    @Parameter(
        key = "network.faults.downFor",
        unit = Unit.PS,
        defaultValue = "1 ms",
        doc = "How long the cable stays out")
    long downForPs) {

  /** Whether anything is ever lost or out of order. */
  public boolean isAny() {
    return lostPerMillion + corruptedPerMillion + delayedPerMillion > 0 || downNode >= 0;
  }

  boolean isDown(int node, long nowPs) {
    return node == downNode && nowPs >= downFromPs && nowPs - downFromPs < downForPs;
  }
}
