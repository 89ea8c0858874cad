package org.legosim.kernel.monitor;

import java.util.Locale;
import org.legosim.timing.ModelException;

/**
 * The global monitor of the processor nodes: it says where a program starts, and gives out virtual nodes.
 *
 * <p>Source: LegoOS {@code linux-modules/monitor/gpm}. Programs start before simulated time begins, so its
 * messages take none.
 */
public final class ProcessMonitor {
  private static final int FIRST_ADDRESS = 0x0A000000;

  private final int[] processes;

  /** @param nodes processor nodes, numbered from 0 */
  public ProcessMonitor(int nodes) {
    processes = new int[nodes];
  }

  /**
   * A virtual node: who serves it and the address that its programs see.
   *
   * @param node processor node
   * @param id its own number, which is the node's
   * @param address an IPv4 address, as a number
   */
  public record VirtualNode(int node, int id, int address) {
    /** In the usual notation. */
    public String dotted() {
      return String.format(
          Locale.ROOT,
          "%d.%d.%d.%d",
          address >>> 24,
          (address >> 16) & 0xff,
          (address >> 8) & 0xff,
          address & 0xff);
    }
  }

  /** The node with the fewest processes; the first one of several. */
  public int choose() {
    int best = 0;
    for (int node = 1; node < processes.length; node++) {
      if (processes[node] < processes[best]) {
        best = node;
      }
    }
    return best;
  }

  /** A program was started on a node. */
  public void started(int node) {
    processes[node]++;
  }

  /** One of a node's programs has ended (P2PM_EXIT_PROC). */
  public void ended(int node) {
    if (processes[node] == 0) {
      throw new ModelException("no program runs on processor node " + node);
    }
    processes[node]--;
  }

  /** The virtual node that a processor node asks for when it starts. */
  public VirtualNode virtualNode(int node) {
    return new VirtualNode(node, node, FIRST_ADDRESS + node);
  }
}
