package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.List;
import org.legosim.hardware.network.Network;
import org.legosim.kernel.connect.Connections;
import org.legosim.kernel.fit.FitDefects;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.processor.ProcessorParams.MemoryPlacement;
import org.legosim.timing.engine.Simulation;

/** The nodes of a machine by name, in the order of their numbers. */
public final class ClusterNodes {
  private ClusterNodes() {}

  /** Processor nodes first, then memory nodes, then the monitor if they share address spaces, then storage nodes. */
  public static List<String> names(SystemParams params) {
    List<String> names = new ArrayList<>();
    for (int node = 0; node < params.processor().nodes(); node++) {
      names.add("P" + node);
    }
    for (int node = 0; node < params.memory().nodes(); node++) {
      names.add("M" + node);
    }
    if (params.memory().sharesAddressSpaces()) {
      names.add("GMM");
    }
    for (int node = 0; node < params.storage().nodes(); node++) {
      names.add("S" + node);
    }
    return names;
  }

  /** How the nodes' connections come about, as text; empty for an ordinary machine. */
  public static String bootText(SystemParams params) {
    return isOrdinary(params) ? "" : connections(params).text();
  }

  /** The same as a table in Markdown. */
  public static String bootMarkdown(SystemParams params) {
    return isOrdinary(params) ? "" : connections(params).markdown();
  }

  private static boolean isOrdinary(SystemParams params) {
    return params.processor().memory() == MemoryPlacement.LOCAL;
  }

  private static Connections connections(SystemParams params) {
    List<String> names = names(params);
    Simulation simulation = new Simulation(0);
    FitNetwork fit = new FitNetwork(
        simulation,
        params.fit(),
        new Network(params.network(), names.size(), params.fit().queuePairs(), simulation),
        FitDefects.of(params.check().faults()),
        false);
    names.forEach(fit::addNode);
    return fit.connect();
  }
}
