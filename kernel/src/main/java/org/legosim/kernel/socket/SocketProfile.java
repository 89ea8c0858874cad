package org.legosim.kernel.socket;

import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;

/** Two processor nodes: a thread of one sends messages through a socket to a thread of the other. */
public final class SocketProfile {
  /**
   * One case.
   *
   * @param messageBytes of each message
   * @param messages that are sent, one after the other
   */
  public record Load(int messageBytes, long messages) {
    public Load {
      if (messageBytes < 1 || messages < 1) {
        throw new ConfigException("a socket's profile sends at least one message of one byte: "
            + messages + " of " + messageBytes);
      }
    }
  }

  private static final int READER = 1;

  private SocketProfile() {}

  /**
   * Runs one case to its end, on a fresh simulation.
   *
   * @return from the entry of each send to its return
   */
  public static LatencyCounts run(
      Simulation simulation,
      NetworkParams networkParams,
      FitParams fitParams,
      ProcessorCosts processorCosts,
      Load load) {
    long bytesMax = fitParams.messageBytesMax() - FitParams.HEADER_BYTES;
    if (load.messageBytes() > bytesMax) {
      throw new ConfigException("a message of " + load.messageBytes() + " bytes; at most "
          + bytesMax + " fit into half of fit.ring: raise it, or send less at once");
    }
    FitNetwork fit = new FitNetwork(
        simulation, fitParams, new Network(networkParams, 2, fitParams.queuePairs(), simulation));
    FitNode sender = fit.addNode("P0");
    FitNode receiver = fit.addNode("P1");
    SocketCosts costs = SocketCosts.of(simulation.ledger(), processorCosts, fitParams.costs());
    SocketReader reader = new SocketReader(simulation, receiver, "P1.reader", costs);
    receiver.serve(reader);
    fit.connect();
    SocketWriter writer = new SocketWriter(simulation, sender, "P0.writer", costs, READER, load);
    writer.start();
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    if (reader.received() != load.messages()
        || reader.receivedBytes() != load.messages() * load.messageBytes()) {
      throw new InvariantViolation("of " + load.messages() + " messages through the socket "
          + reader.received() + " were received, " + reader.receivedBytes() + " bytes");
    }
    return writer.latency();
  }
}
