package org.legosim.kernel.processor;

import org.legosim.timing.ConfigException;

/** Sockets, cores and hyperthreads of a processor node and where each logical CPU lies. */
public final class Topology {
  private final int sockets;
  private final int coresPerSocket;
  private final int threadsPerCore;
  private final Numbering numbering;

  public Topology(int sockets, int coresPerSocket, int threadsPerCore, Numbering numbering) {
    if (sockets < 1 || coresPerSocket < 1 || threadsPerCore < 1) {
      throw new ConfigException(
          "processor.topology needs at least one socket, core and thread, got " + sockets + " x "
              + coresPerSocket + " x " + threadsPerCore);
    }
    this.sockets = sockets;
    this.coresPerSocket = coresPerSocket;
    this.threadsPerCore = threadsPerCore;
    this.numbering = numbering;
  }

  public int cpus() {
    return sockets * coresPerSocket * threadsPerCore;
  }

  public int sockets() {
    return sockets;
  }

  public int socketOf(int cpu) {
    int inThreadRank = cpu % (sockets * coresPerSocket);
    return switch (numbering) {
      case ALTERNATING -> inThreadRank % sockets;
      case BLOCKS -> inThreadRank / coresPerSocket;
    };
  }

  /** Number of the CPU's core, unique within the node. */
  public int coreOf(int cpu) {
    return cpu % (sockets * coresPerSocket);
  }
}
