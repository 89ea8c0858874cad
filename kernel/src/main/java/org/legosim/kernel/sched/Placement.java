package org.legosim.kernel.sched;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Where a node's tasks run. A new task goes to the first CPU without a fair one, else to the one with the
 * fewest tasks, whatever its affinity says; only then is it looked whether it may run there, and if not it
 * gets the first CPU that it may, on its parent's socket before others. A woken task stays where it ran;
 * nothing is ever balanced. Only active CPUs take user tasks: a kernel thread that is pinned takes its CPU
 * out of that mask, and since it polls it counts as a task that always runs there.
 *
 * <p>Source: LegoOS {@code kernel/sched/fair.c}, {@code kernel/sched/core.c}.
 */
public final class Placement {
  private final List<RunQueue> queues;
  private final CpuMask active;
  private final IntUnaryOperator socketOf;
  private final CpuMask all;
  /** Tasks on their way to a CPU, which the real kernel has queued at once. */
  private final int[] coming;

  private final int[] comingFair;

  /**
   * @param queues of every CPU
   * @param active CPUs that user tasks may run on, at least one
   * @param socketOf socket of a CPU
   */
  public Placement(List<RunQueue> queues, CpuMask active, IntUnaryOperator socketOf) {
    this.queues = queues;
    this.active = active;
    this.socketOf = socketOf;
    this.all = CpuMask.first(queues.size());
    this.coming = new int[queues.size()];
    this.comingFair = new int[queues.size()];
  }

  /** The mask that the first process has, and with it all others. */
  public static CpuMask initMask(int cpus, SchedDefects defects) {
    return defects.keepsInitMask() ? CpuMask.only(0) : CpuMask.first(cpus);
  }

  /** CPUs that user tasks may run on. */
  public CpuMask active() {
    return active;
  }

  /** The CPU of a new task. */
  public int fork(SchedEntity task, int parentCpu) {
    int best = 0;
    for (int cpu = 0; cpu < queues.size(); cpu++) {
      int pinned = active.has(cpu) ? 0 : 1;
      if (queues.get(cpu).fairCount() + comingFair[cpu] + pinned == 0) {
        best = cpu;
        break;
      }
      if (count(cpu) < count(best)) {
        best = cpu;
      }
    }
    return allowed(task, best, parentCpu);
  }

  private int count(int cpu) {
    return queues.get(cpu).count() + coming[cpu] + (active.has(cpu) ? 0 : 1);
  }

  /** The CPU on which a task wakes up that last ran on {@code cpu}. */
  public int wake(SchedEntity task, int cpu) {
    return allowed(task, cpu, cpu);
  }

  private int allowed(SchedEntity task, int cpu, int near) {
    if (active.has(cpu) && task.allowed().has(cpu)) {
      return cpu;
    }
    int any = task.allowed().firstIn(active);
    if (any < 0) {
      // a mask without an active CPU is given up, as the kernel does
      task.setAllowed(all);
    }
    for (int candidate = 0; candidate < queues.size(); candidate++) {
      if (socketOf.applyAsInt(candidate) == socketOf.applyAsInt(near)
          && active.has(candidate)
          && task.allowed().has(candidate)) {
        return candidate;
      }
    }
    return task.allowed().firstIn(active);
  }

  /** The task is on its way to that CPU. */
  public void sent(SchedEntity task, int cpu) {
    coming[cpu]++;
    task.isComing = true;
    task.comesFair = task.policy().isFair();
    comingFair[cpu] += task.comesFair ? 1 : 0;
  }

  /** It is about to be queued there; unless it was sent, nothing changes. */
  public void arrived(SchedEntity task, int cpu) {
    if (!task.isComing) {
      return;
    }
    task.isComing = false;
    coming[cpu]--;
    comingFair[cpu] -= task.comesFair ? 1 : 0;
  }
}
