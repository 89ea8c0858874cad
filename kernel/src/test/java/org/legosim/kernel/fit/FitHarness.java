package org.legosim.kernel.fit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.rpc.RpcClient;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/** Two nodes: callers on node 0, and on node 1 a server that replies after a given time. */
final class FitHarness {
  final Simulation simulation = new Simulation(1);
  final FitNetwork fit;
  final FitNode caller;
  final Server server;
  final List<RpcClient> clients = new ArrayList<>();

  /** @param settings in pairs: key, value */
  FitHarness(String... settings) {
    this(FitDefects.NONE, settings);
  }

  FitHarness(FitDefects defects, String... settings) {
    Map<String, String> keys = new HashMap<>(Map.of("fit.costs.pollPeriod", "0 ns"));
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i], settings[i + 1]);
    }
    fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), 2, 24, simulation),
        defects,
        true);
    caller = fit.addNode("P0");
    FitNode target = fit.addNode("M0");
    fit.connect();
    server = new Server(simulation, target);
    target.serve(server);
  }

  RpcClient client() {
    RpcClient client = new RpcClient(simulation, caller, "client " + clients.size());
    clients.add(client);
    return client;
  }

  FitHarness run() {
    clients.forEach(RpcClient::start);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    return this;
  }

  /** Serves one request after the other; {@link #delayPs} decides how long each takes. */
  static final class Server extends ExecutionContext implements RequestSink {
    private final ArrayDeque<Rpc> queue = new ArrayDeque<>();
    private final ReplyPath reply;
    private boolean isIdle = true;
    long delayPs;
    /** What was received: connection of each, in order. */
    final List<Integer> connections = new ArrayList<>();

    final List<Long> arrivalsPs = new ArrayList<>();
    final List<Long> repliedPs = new ArrayList<>();

    Server(Simulation simulation, FitNode node) {
      super(simulation, "server");
      reply = new ReplyPath(node, this);
    }

    @Override
    public boolean offer(Rpc rpc, PollThread pollThread) {
      connections.add(rpc.connection);
      arrivalsPs.add(nowPs());
      queue.add(rpc);
      if (isIdle) {
        isIdle = false;
        stack().call(new Serve());
        wake(pollThread.id(), nowPs());
      }
      return true;
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        stack().run();
      }
    }

    private final class Serve extends KernelPath {
      Serve() {
        super("serve");
      }

      @Override
      public int resume(Frame frame) {
        while (true) {
          switch (frame.step) {
            case 0 -> {
              if (queue.isEmpty()) {
                isIdle = true;
                return DONE;
              }
              frame.step = 1;
              if (!advance(delayPs)) {
                return WAIT;
              }
            }
            case 1 -> {
              Rpc rpc = queue.remove();
              rpc.stampMemoryService(nowPs());
              reply.answer(rpc);
              frame.step = 2;
              stack().call(reply);
              return CALL;
            }
            default -> {
              repliedPs.add(nowPs());
              frame.step = 0;
            }
          }
        }
      }
    }
  }
}
