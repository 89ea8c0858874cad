package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.boot.BootResource;
import org.legosim.kernel.boot.Booted;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.kernel.sched.Placement;
import org.legosim.kernel.sched.SchedDefects;
import org.legosim.kernel.sched.WorkQueues;
import org.legosim.timing.engine.Simulation;

/** What concerns the run queues of several CPUs: where tasks go, and how CPUs tell each other. */
final class NodeScheduler {
  private final Simulation simulation;
  private final ProcessorNode node;
  private final Placement placement;
  private final CpuMask initMask;
  private final Affinity affinity;
  private final StopMachine stopMachine;
  private final WorkQueues workQueues;
  private final @Nullable KernelJobs jobs;
  private long queuedWorks;

  NodeScheduler(
      Simulation simulation, ProcessorNode node, ProcessorParams params, SchedDefects defects) {
    this.simulation = simulation;
    this.node = node;
    this.placement = new Placement(
        node.cpus().stream().map(cpu -> cpu.scheduler().queue()).toList(),
        params.activeMask(),
        node.topology()::socketOf);
    this.initMask = Placement.initMask(params.cpus(), defects);
    this.affinity = new Affinity(node);
    this.stopMachine = new StopMachine(simulation, node);
    this.workQueues = new WorkQueues(params.cpus(), this::hand);
    Booted booted = node.smp().booted();
    for (int cpu = 0; cpu < params.cpus(); cpu++) {
      if (booted.has(cpu, BootResource.WORKER_POOL)) {
        workQueues.prepare(cpu);
      }
      if (booted.has(cpu, BootResource.WORKERS)) {
        workQueues.online(cpu, node.cpus().get(cpu).id());
      }
    }
    this.jobs = KernelJobs.of(simulation, node, params.jobs());
  }

  Placement placement() {
    return placement;
  }

  /** Affinity of a task that no other one made. */
  CpuMask initMask() {
    return initMask;
  }

  Affinity affinity() {
    return affinity;
  }

  StopMachine stopMachine() {
    return stopMachine;
  }

  WorkQueues workQueues() {
    return workQueues;
  }

  /** Programs begin: the kernel's own timers run from now on. */
  void start() {
    if (jobs != null) {
      jobs.start();
    }
  }

  /**
   * Queues work on a CPU, for its worker.
   *
   * @param sender actor that does it now
   */
  void queueWork(int cpu, int sender, WorkQueues.Work work) {
    node.smp().booted().require(cpu, BootResource.WORKERS, work.name(), simulation.nowPs());
    queuedWorks += workQueues.queueOn(cpu, sender, work) ? 1 : 0;
  }

  /** Works that were queued. */
  long queuedWorks() {
    return queuedWorks;
  }

  /** A CPU's worker gets something to do. */
  private void hand(int sender, int cpu, WorkQueues.Work work) {
    long arrivalPs = simulation.nowPs() + node.costs().shootdown.delivery.ps();
    node.cpus().get(cpu).workAt(sender, arrivalPs, new QueuedWork(work), false);
  }

  private record QueuedWork(WorkQueues.Work work) implements KernelWork {
    @Override
    public long beginPs() {
      return work.durationPs();
    }

    @Override
    public boolean perform(Cpu cpu) {
      work.run();
      return true;
    }

    @Override
    public String name() {
      return work.name();
    }
  }

  /** Chooses the CPU of a new task, and counts it there. */
  Cpu place(Task task, int parentCpu) {
    task.cpu = placement.fork(task.sched, parentCpu);
    placement.sent(task.sched, task.cpu);
    return node.cpus().get(task.cpu);
  }

  /** A task that is new, or sleeps, can run: {@code waker} makes it so now. */
  void wakeUp(Task task, Cpu waker) {
    if (task.state == Task.State.NEW) {
      waker.scheduler().fork(task);
      place(task, waker.cpuIndex());
    } else {
      int allowed = placement.wake(task.sched, task.cpu);
      if (allowed != task.cpu) {
        affinity.wakesElsewhere(task, allowed);
      }
      placement.sent(task.sched, task.cpu);
    }
    Cpu target = node.cpus().get(task.cpu);
    task.isWokenFromAfar = target != waker;
    target.enqueueAt(waker.id(), arrivalPs(waker, target), task);
  }

  /** When something that {@code from} does now is noticed by {@code to}. */
  long arrivalPs(Cpu from, Cpu to) {
    return simulation.nowPs()
        + (from == to ? 0 : node.costs().shootdown.delivery.ps());
  }
}
