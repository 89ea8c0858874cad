package org.legosim.kernel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Simulation;

/** One message to several nodes, and what the others see of one that does not answer. */
class MulticastTest {
  private static final long MS = 1_000_000_000L;

  private static final class Caller extends ExecutionContext {
    Caller(Simulation simulation) {
      super(simulation, "caller");
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        stack().run();
      }
    }
  }

  /** Requests to nodes 1 to {@code servers}, the last of which takes {@code lastDelayPs}. */
  private static List<Request> send(int servers, long lastDelayPs, List<FitNode> nodes) {
    Simulation simulation = new Simulation(1);
    Map<String, String> keys = Map.of("fit.costs.pollPeriod", "0 ns", "fit.timeout", "1 ms");
    FitNetwork fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), servers + 1, simulation.ledger()));
    nodes.add(fit.addNode("P0"));
    for (int i = 1; i <= servers; i++) {
      FitNode node = fit.addNode("M" + (i - 1));
      FitHarness.Server server = new FitHarness.Server(simulation, node);
      server.delayPs = i == servers ? lastDelayPs : 0;
      node.serve(server);
    }
    fit.connect();
    List<Request> requests = IntStream.rangeClosed(1, servers)
        .mapToObj(node -> new Request().prepare(Opcode.TEST, node))
        .toList();
    Caller caller = new Caller(simulation);
    MulticastPath path = new MulticastPath(nodes.get(0), caller);
    path.send(requests);
    caller.stack().call(path);
    caller.resumeAt(0);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    return requests;
  }

  @Test
  void allReplies_areWaitedForTogether() {
    long onePs = send(1, 0, new ArrayList<>()).get(0).totalPs;
    List<FitNode> nodes = new ArrayList<>();
    List<Request> three = send(3, 0, nodes);
    assertEquals(3, nodes.get(0).counters().sendReplies());
    long endPs = three.get(0).startPs + three.get(0).totalPs;
    for (Request request : three) {
      assertEquals(0, request.status);
      assertEquals(endPs, request.startPs + request.totalPs, "they return together");
    }
    // The later posts wait for the completions before them, less than a call each.
    assertTrue(endPs > onePs && endPs < 3 * onePs, onePs + " ps alone, " + endPs + " ps for three");
  }

  @Test
  void whoDoesNotAnswer_timesOutAlone() {
    List<FitNode> nodes = new ArrayList<>();
    List<Request> three = send(3, 3 * MS, nodes);
    assertEquals(
        List.of(0L, 0L, FitNode.ETIMEDOUT), three.stream().map(r -> r.status).toList());
    assertEquals(1, nodes.get(0).counters().timeouts());
    assertEquals(1, nodes.get(0).counters().lateReplies());
  }
}
