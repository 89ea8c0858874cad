package org.legosim.hardware.fabric;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.Simulation;

/**
 * A user-level program on node 0 that measures its adapter against node 1's: latency of one operation at
 * a time, or the rate of many. Its thread posts, and sees completions, one after the other.
 */
public final class VerbsProgram implements Actor {
  private static final int SOURCE = 0;
  private static final int TARGET = 1;
  private static final int NODES = 2;
  private static final long POST = 0;
  private static final long SEEN = 1;

  /**
   * What it does.
   *
   * @param count operations, more than {@code outstanding}
   * @param outstanding posted and not yet complete; 1 measures latency
   * @param queuePairs used in turn
   * @param translations pages named in turn
   */
  public record Load(
      Operation operation,
      long bytes,
      int count,
      int outstanding,
      int queuePairs,
      int translations) {
    public Load {
      if (bytes < 0
          || outstanding < 1
          || count <= outstanding
          || queuePairs < 1
          || translations < 1) {
        throw new ConfigException(
            "a verbs program needs sizes of at least 0, at least one queue pair,"
                + " page and outstanding operation, and more operations than outstanding ones: "
                + bytes + ", " + queuePairs + ", " + translations + ", " + outstanding + ", "
                + count);
      }
    }

    /** One operation at a time. */
    public static Load latency(Operation operation, long bytes) {
      return new Load(operation, bytes, 2, 1, 1, 1);
    }
  }

  private final Simulation simulation;
  private final Fabric fabric;
  private final Load load;
  private final int actorId;
  private final long postPs;
  private final long pollPs;

  private final int[] handles;
  private int posted;
  private int seen;
  private long threadFreePs;
  private long sumPs;
  private long firstSeenPs;
  private long lastSeenPs;

  private VerbsProgram(
      Simulation simulation, FabricShape shape, VerbsProgramParams params, Load load) {
    this.simulation = simulation;
    this.load = load;
    fabric = new Fabric(simulation, shape.with(load.queuePairs(), load.translations()), NODES);
    actorId = simulation.register(this);
    postPs = params.postPs().value();
    pollPs = params.pollPs().value();
    handles = new int[load.count()];
  }

  /** Runs one program to its end, on a fresh simulation. */
  public static VerbsProgram run(
      Simulation simulation, FabricShape shape, VerbsProgramParams params, Load load) {
    VerbsProgram program = new VerbsProgram(simulation, shape, params, load);
    for (int i = 0; i < load.outstanding(); i++) {
      program.postNext(0);
    }
    simulation.run();
    simulation.verifyQuiescent();
    program.fabric.verifyIdle();
    return program;
  }

  private void postNext(long readyPs) {
    threadFreePs = Math.max(threadFreePs, readyPs) + postPs;
    simulation.schedule(actorId, actorId, Simulation.PRIORITY_NORMAL, threadFreePs, POST);
  }

  @Override
  public void onEvent(long payload) {
    if (payload == POST) {
      post();
    } else {
      see((int) (payload >>> 1));
    }
  }

  private void post() {
    int number = posted++;
    int message = fabric.post(
        SOURCE,
        TARGET,
        number % load.queuePairs(),
        load.operation(),
        load.bytes(),
        number % load.translations());
    handles[number] = message;
    long payload = (long) number << 1 | SEEN;
    if (waitsForDelivery()) {
      fabric.tellDelivery(message, actorId, payload);
    } else {
      fabric.tellCompletion(message, actorId, payload);
    }
  }

  /** Latency of a write or send is that of half a round trip of two of them. */
  private boolean waitsForDelivery() {
    return (load.outstanding() == 1 && load.operation() != Operation.READ)
        || load.operation() == Operation.DATAGRAM;
  }

  private void see(int number) {
    int message = handles[number];
    long visiblePs = waitsForDelivery() ? fabric.deliveredPs(message) : fabric.completedPs(message);
    threadFreePs = Math.max(threadFreePs, visiblePs) + pollPs;
    sumPs += threadFreePs - fabric.postedPs(message) + postPs;
    fabric.release(message);
    firstSeenPs = seen == 0 ? threadFreePs : firstSeenPs;
    lastSeenPs = threadFreePs;
    seen++;
    if (posted + pending() < load.count()) {
      postNext(threadFreePs);
    }
  }

  private int pending() {
    return load.outstanding() - 1 - (posted - seen);
  }

  /** Mean time from the begin of a post to the program's next step. */
  public long meanLatencyPs() {
    return sumPs / seen;
  }

  /** Operations per second between the first completion and the last. */
  public long perSecond() {
    return Units.mulDivFloor(seen - 1L, Units.PS_PER_SECOND, lastSeenPs - firstSeenPs);
  }

  public Fabric fabric() {
    return fabric;
  }

  @Override
  public String name() {
    return "verbs program";
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(posted - seen).append(" operations under way");
  }

  @Override
  public boolean isQuiescent() {
    return seen == load.count();
  }
}
