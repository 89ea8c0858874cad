package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/**
 * The real kernel's boot-time measurement of TLB shootdowns: CPU 0 asks given other CPUs, all idle,
 * to flush, and waits. Called below the ceiling's test and without a local flush.
 */
public final class ShootdownProfile {
  private static final int SPACE = 0;

  private ShootdownProfile() {}

  /**
   * Time of one shootdown, in picoseconds.
   *
   * @param targets numbers of the CPUs that hold translations
   * @param pages flushed one by one, or {@link ShootdownPath#ALL_PAGES}
   */
  public static long latencyPs(
      Simulation simulation,
      ProcessorParams params,
      ProcessorCosts costs,
      CpuModel model,
      List<Integer> targets,
      long pages) {
    ProcessorNode node = idleNode(simulation, params, costs, model);
    for (int target : targets) {
      if (target <= 0 || target >= params.cpus()) {
        throw new ConfigException("CPU " + target
            + " cannot be a target: the targets of CPU 0 are 1 to " + (params.cpus() - 1));
      }
      node.cpus().get(target).loadSpace(SPACE);
    }
    Caller caller = new Caller(simulation, node, 0, pages);
    simulation.run();
    simulation.verifyQuiescent();
    return caller.endPs;
  }

  /** A node on which nothing runs. */
  static ProcessorNode idleNode(
      Simulation simulation, ProcessorParams params, ProcessorCosts costs, CpuModel model) {
    return new ProcessorNode(
        simulation,
        "P0",
        params,
        costs,
        model,
        new NoServices(new LocalMemory.Shared(simulation.ledger(), costs)));
  }

  /** A CPU that asks once, and does nothing else. */
  static final class Caller extends ExecutionContext {
    private long endPs;

    Caller(Simulation simulation, ProcessorNode node, int cpu, long pages) {
      super(simulation, "P0.caller" + cpu);
      var frame = stack().call(node.newShootdownPath(this, cpu));
      frame.slot[ShootdownPath.SPACE] = SPACE;
      frame.slot[ShootdownPath.ADDRESS] = 0;
      frame.slot[ShootdownPath.PAGES] = pages;
      frame.slot[ShootdownPath.REMOTE_ONLY] = 1;
      resumeAt(0);
    }

    /** When it went on. */
    long endPs() {
      return endPs;
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload) && stack().run() == KernelPath.DONE) {
        endPs = nowPs();
      }
    }
  }

  /** Nothing runs, so nothing is needed. */
  private static final class NoServices implements NodeServices {
    private final LocalMemory.Shared shared;

    NoServices(LocalMemory.Shared shared) {
      this.shared = shared;
    }

    @Override
    public KernelPath sendReply(KernelContext context) {
      return KernelPaths.NOTHING;
    }

    @Override
    public MemoryPaths memoryPaths(KernelContext context) {
      return new LocalMemory(context, shared);
    }

    @Override
    public boolean isRemote() {
      return false;
    }

    @Override
    public boolean policySeesHits() {
      return false;
    }

    @Override
    public int pageShift() {
      return LocalMemory.PAGE_SHIFT;
    }

    @Override
    public long frames() {
      return 1;
    }

    @Override
    public int sets() {
      return 1;
    }

    @Override
    public int generation(int frame) {
      return 0;
    }

    @Override
    public void onHit(int frame) {
      // no task runs
    }

    @Override
    public ProcessMemory createMemory(UserProcess process) {
      return LocalMemory.newSpace(SPACE);
    }

    @Override
    public void allTasksEnded() {
      // no task runs
    }

    @Override
    public void loadImage(UserProcess process, ImagePlacement image) {
      // no task runs
    }

    @Override
    public void stageImage(UserProcess process, ImagePlacement image) {
      // no task runs
    }
  }
}
