package org.legosim.hardware.fabric;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.results.HopRow;

/** What passed each hop, for reports. */
final class FabricHops {
  private FabricHops() {}

  static List<HopRow> of(Hca[] adapters, Channel[] channels) {
    List<HopRow> rows = new ArrayList<>();
    for (int node = 0; node < adapters.length; node++) {
      rows.add(row("node " + node + " PCIe, to host", adapters[node].port().up()));
      rows.add(row("node " + node + " PCIe, to adapter", adapters[node].port().down()));
    }
    for (Channel channel : channels) {
      rows.add(new HopRow(
          channel.name(),
          channel.sentPackets(),
          channel.sentBytes(),
          0,
          channel.busyPs(),
          channel.waitPs()));
    }
    return rows;
  }

  private static HopRow row(String hop, PcieDirection wire) {
    return new HopRow(
        hop, wire.tlps(), wire.bytes(), wire.linkPackets(), wire.busyPs(), wire.waitPs());
  }
}
