package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.sched.RunQueue;
import org.legosim.kernel.sched.SchedEntity;

/** One CPU's run queue on the simulation's time: whatever asks it something sees the ticks before. */
final class CpuScheduler {
  private static final long PS_PER_NS = 1_000;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final RunQueue queue;
  private boolean hasYielded;
  private long involuntarySwitches;

  CpuScheduler(Cpu cpu, ProcessorNode node) {
    this.cpu = cpu;
    this.node = node;
    this.queue = new RunQueue(cpu.cpuIndex(), node.params().sched(), node.tickPs());
  }

  RunQueue queue() {
    return queue;
  }

  boolean isEmpty() {
    return queue.count() == 0;
  }

  long involuntarySwitches() {
    return involuntarySwitches;
  }

  private long nowNs() {
    return cpu.nowPs() / PS_PER_NS;
  }

  /** From this time on the running task must not go on without a look at ticks and at others. */
  long attentionPs() {
    return queue.needsResched() ? 0 : cpu.ticks().attentionPs();
  }

  /** True when the running task must give the CPU up now that it would return to user mode. */
  boolean needsResched() {
    cpu.ticks().show(queue);
    return queue.needsResched();
  }

  /**
   * A task can run on this CPU.
   *
   * @return true when it is now that the running task must give way
   */
  boolean add(Task task) {
    boolean gaveWay = needsResched();
    node.scheduling().placement().arrived(task.sched, cpu.cpuIndex());
    switch (task.arrival) {
      case MOVES -> queue.add(task.sched, nowNs());
      case WAKES -> queue.wake(task.sched, nowNs());
      case WAKES_ELSEWHERE -> queue.wakeDetached(task.sched, nowNs());
    }
    task.arrival = Task.Arrival.WAKES;
    return !gaveWay && queue.needsResched();
  }

  /** A task that waits here leaves for another CPU. */
  void remove(Task task) {
    cpu.ticks().show(queue);
    queue.remove(task.sched, nowNs());
  }

  /**
   * Schedules a task of this CPU from now on as was asked.
   *
   * @return true when it is now that the running task must give way
   */
  boolean change(Task task) {
    boolean gaveWay = needsResched();
    TaskKernel wanted = task.kernel;
    queue.change(task.sched, wanted.policy, wanted.nice, wanted.priority, nowNs());
    return !gaveWay && queue.needsResched();
  }

  /** As {@link #change}, for a kernel thread that has something to do. */
  boolean wake(SchedEntity thread) {
    boolean gaveWay = needsResched();
    if (thread == queue.stopper()) {
      queue.wakeStopper();
    } else if (!thread.isQueued()) {
      queue.wake(thread, nowNs());
    }
    return !gaveWay && queue.needsResched();
  }

  /** The running task makes {@code child}. */
  void fork(Task child) {
    cpu.ticks().show(queue);
    queue.fork(queue.current(), child.sched, nowNs());
  }

  /** The running task calls sched_yield. */
  void yieldCpu() {
    cpu.ticks().show(queue);
    hasYielded = true;
    queue.yieldCpu(nowNs());
  }

  /** The running task sleeps or has ended. */
  void block() {
    cpu.ticks().show(queue);
    queue.block(nowNs());
  }

  /** Whoever gets the CPU now; null when nobody can run. */
  @Nullable
  SchedEntity pick() {
    cpu.ticks().show(queue);
    hasYielded = false;
    return queue.pick(nowNs());
  }

  /** Whoever gets the CPU that {@code running} would give up; null when it stays the first. */
  @Nullable
  SchedEntity preempt(Task running) {
    int involuntary = hasYielded ? 0 : 1;
    SchedEntity picked = pick();
    if (picked == running.sched) {
      return null;
    }
    involuntarySwitches += involuntary;
    return picked;
  }

  @Override
  public String toString() {
    return queue.toString();
  }
}
