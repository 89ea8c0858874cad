package org.legosim.hardware.fabric;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.ConfigException;

/** Channels between nodes and switches, and the way of every packet through them. */
final class Topology {
  private final Packets packets;
  private final LinkParams params;
  private final int nodes;
  private final List<Channel> channels = new ArrayList<>();
  private final int[] uplink;

  /** Channel towards node n at switch s: {@code route[s * nodes + n]}. */
  private final int[] route;

  private final int[] leafOf;

  Topology(LinkParams params, int nodes, Packets packets) {
    this.params = params;
    this.nodes = nodes;
    this.packets = packets;
    uplink = new int[nodes];
    leafOf = new int[nodes];
    switch (params.topology()) {
      case PAIR -> {
        route = new int[0];
        pair();
      }
      case STAR -> {
        route = new int[nodes];
        star();
      }
      case CLOS -> {
        int leaves = (nodes + params.leafNodes() - 1) / params.leafNodes();
        route = new int[(leaves + params.spines()) * nodes];
        clos(leaves);
      }
      default -> throw new IllegalStateException(params.topology().toString());
    }
  }

  private void pair() {
    if (nodes != 2) {
      throw new ConfigException("network.topology: pair joins two nodes by a cable, and this system"
          + " has " + nodes + ": choose star or clos");
    }
    uplink[0] = channel("node 0 to node 1", 1, Channel.NO_NODE, 0);
    uplink[1] = channel("node 1 to node 0", 0, Channel.NO_NODE, 1);
  }

  private void star() {
    for (int node = 0; node < nodes; node++) {
      uplink[node] = channel("node " + node + " to switch", Channel.NO_NODE, 0, node);
      route[node] = channel("switch to node " + node, node, Channel.NO_NODE, node);
    }
  }

  private void clos(int leaves) {
    int spines = params.spines();
    if (leaves < 2) {
      throw new ConfigException("network.topology: clos needs two leaf switches at least, and "
          + nodes + " nodes fit below one of network.clos.leafNodes=" + params.leafNodes()
          + ": choose star, or fewer nodes at a leaf");
    }
    for (int node = 0; node < nodes; node++) {
      int leaf = node / params.leafNodes();
      leafOf[node] = leaf;
      uplink[node] = channel("node " + node + " to leaf " + leaf, Channel.NO_NODE, leaf, node);
      int down = channel("leaf " + leaf + " to node " + node, node, Channel.NO_NODE, node);
      route[leaf * nodes + node] = down;
    }
    for (int leaf = 0; leaf < leaves; leaf++) {
      for (int spine = 0; spine < spines; spine++) {
        int there = leaves + spine;
        String pair = "leaf " + leaf + " and spine " + spine;
        int up = channel(pair + ", up", Channel.NO_NODE, there, Channel.NO_NODE);
        int down = channel(pair + ", down", Channel.NO_NODE, leaf, Channel.NO_NODE);
        for (int node = 0; node < nodes; node++) {
          if (node / params.leafNodes() == leaf) {
            route[there * nodes + node] = down;
          } else if (node % spines == spine) {
            route[leaf * nodes + node] = up;
          }
        }
      }
    }
  }

  private int channel(String name, int toNode, int toSwitch, int cableOf) {
    channels.add(new Channel(
        name, packets, params.virtualLanes(), params.creditBlocks(), toNode, toSwitch, cableOf));
    return channels.size() - 1;
  }

  Channel[] channels() {
    return channels.toArray(new Channel[0]);
  }

  int[] uplinks() {
    return uplink;
  }

  int[] routes() {
    return route;
  }

  /** Switches between two nodes. */
  int hops(int source, int target) {
    return switch (params.topology()) {
      case PAIR -> 0;
      case STAR -> 1;
      case CLOS -> leafOf[source] == leafOf[target] ? 1 : 3;
    };
  }
}
