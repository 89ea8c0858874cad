package org.legosim.hardware.fabric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.Simulation;

/** A fabric with someone who listens. */
final class FabricBench implements Actor {
  static final int PAIRS = 4;

  final Simulation simulation;
  final Fabric fabric;
  final int actor;
  private final List<Runnable> later = new ArrayList<>();
  long deliveries;
  long completions;
  long lastDeliveredPs;

  FabricBench(int nodes, String... settings) {
    this(1, nodes, settings);
  }

  FabricBench(long seed, int nodes, String... settings) {
    simulation = new Simulation(seed);
    fabric = new Fabric(simulation, shape(settings), nodes);
    actor = simulation.register(this);
  }

  static FabricShape shape(String... settings) {
    return Defaults.of(NetworkParams.class, settings).shape(PAIRS);
  }

  static String[] join(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }

  /** One operation alone, run to its end: when the CPU that waits for it sees it. */
  long deliver(int source, int target, Operation operation, long bytes) {
    long startPs = simulation.nowPs();
    int message = fabric.post(source, target, 0, operation, bytes);
    simulation.run();
    simulation.verifyQuiescent();
    long ps =
        (operation == Operation.READ ? fabric.completedPs(message) : fabric.deliveredPs(message))
            - startPs;
    fabric.release(message);
    return ps;
  }

  /** Posts and forgets: counted here when it is delivered and complete, then released. */
  void post(int source, int target, int connection, Operation operation, long bytes) {
    int message = fabric.post(source, target, connection, operation, bytes);
    fabric.tellDelivery(message, actor, message);
    fabric.tellCompletion(message, actor, (long) message | 1L << 40);
  }

  /** Does something at a later time. */
  void at(long timePs, Runnable action) {
    later.add(action);
    simulation.schedule(
        actor, actor, Simulation.PRIORITY_NORMAL, timePs, Long.MIN_VALUE + later.size() - 1);
  }

  @Override
  public void onEvent(long payload) {
    if (payload < 0) {
      later.get((int) (payload - Long.MIN_VALUE)).run();
    } else if (payload >>> 40 == 1) {
      completions++;
      fabric.release((int) payload);
    } else {
      deliveries++;
      lastDeliveredPs = fabric.deliveredPs((int) payload);
    }
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(deliveries).append(" deliveries");
  }

  @Override
  public boolean isQuiescent() {
    return true;
  }
}
