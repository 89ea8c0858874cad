package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.sched.JobParams;
import org.legosim.kernel.sched.WorkQueues;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Simulation;

/**
 * Timers by which the kernel gives its workers work, and stops the machine, now and then ({@link JobParams}). A timer
 * goes off at ticks; what is still to be done from the last time is not asked for again.
 */
final class KernelJobs implements Actor {
  private static final long WORK = 0;
  private static final long STOP = 1;

  private final Simulation simulation;
  private final ProcessorNode node;
  private final JobParams params;
  private final List<WorkQueues.Work> works = new ArrayList<>();
  private final Cost stopped;
  private final int id;
  private boolean isStarted;

  private KernelJobs(Simulation simulation, ProcessorNode node, JobParams params) {
    this.simulation = simulation;
    this.node = node;
    this.params = params;
    this.id = simulation.register(this);
    this.stopped = simulation.ledger().cost(params.stopTime());
    Cost work = simulation.ledger().cost(params.workTime());
    for (Cpu cpu : node.cpus()) {
      works.add(new WorkQueues.Work(
          "statistics of CPU " + cpu.cpuIndex(), work.ps(), () -> work.chargePs(work.ps())));
    }
  }

  /** The jobs of a node; a kernel that has none has no timers. */
  static @Nullable KernelJobs of(Simulation simulation, ProcessorNode node, JobParams params) {
    boolean isAny = params.workEveryPs() > 0 || params.stopEveryPs() > 0;
    return isAny ? new KernelJobs(simulation, node, params) : null;
  }

  /** The first program is there. */
  void start() {
    if (!isStarted) {
      isStarted = true;
      arm(WORK, params.workEveryPs());
      arm(STOP, params.stopEveryPs());
    }
  }

  private void arm(long job, long everyPs) {
    if (everyPs > 0) {
      long tickPs = node.tickPs();
      long periodPs = (everyPs + tickPs - 1) / tickPs * tickPs;
      simulation.schedule(
          id,
          id,
          Simulation.PRIORITY_NORMAL,
          (simulation.nowPs() / tickPs) * tickPs + periodPs,
          job);
    }
  }

  @Override
  public void onEvent(long job) {
    if (node.livingTasks() == 0) {
      return;
    }
    if (job == WORK) {
      for (int cpu = 0; cpu < works.size(); cpu++) {
        node.scheduling().queueWork(cpu, id, works.get(cpu));
      }
      arm(WORK, params.workEveryPs());
    } else {
      StopMachine stops = node.scheduling().stopMachine();
      if (stops.isIdle()) {
        stops.stop(id, 0, stopped.charge(), () -> {});
      }
      arm(STOP, params.stopEveryPs());
    }
  }

  @Override
  public String name() {
    return node.name() + " timers";
  }

  @Override
  public void describe(StringBuilder out) {
    out.append("running");
  }

  @Override
  public boolean isQuiescent() {
    return true;
  }
}
