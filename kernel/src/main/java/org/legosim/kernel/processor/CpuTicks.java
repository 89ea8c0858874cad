package org.legosim.kernel.processor;

import org.legosim.kernel.sched.RunQueue;
import org.legosim.kernel.sched.TickClock;
import org.legosim.kernel.signal.GroupSignals;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.results.TimeCategory;

/**
 * The ticks of one CPU: their time is the running task's, and the scheduler sees each of them. None is an
 * event; they are worked out wherever the CPU goes on. A pinned kernel thread's are left out.
 */
final class CpuTicks {
  private final Cpu cpu;
  private final TickClock clock;
  private final Cost cost;
  /** Time of ticks that no category of the running task has yet. */
  private long unstampedPs;

  CpuTicks(Cpu cpu, int hertz, Cost cost) {
    this.cpu = cpu;
    this.cost = cost;
    this.clock = new TickClock(hertz, cost.ps());
    cpu.interruptNext(clock.nextPs());
  }

  /** From this time on a task must not go on without a look at ticks. */
  long attentionPs() {
    return clock.attentionPs();
  }

  /** Ticks that took time from a task. */
  long count() {
    return clock.interruptions();
  }

  /** Shows the scheduler the ticks up to the present. */
  void show(RunQueue queue) {
    clock.show(queue, cpu.nowPs());
  }

  /** The end of what the CPU begins to execute in the kernel and, without ticks, ends at {@code endPs}. */
  long executed(long endPs) {
    long before = clock.nextPs();
    long withTicksPs = clock.executed(cpu.nowPs(), endPs);
    charge(before, false);
    return pay(endPs, withTicksPs);
  }

  /** The same of instructions of the running task. */
  long userExecuted(long endPs) {
    long before = clock.nextPs();
    if (endPs <= before) {
      return endPs;
    }
    long withTicksPs = clock.executed(cpu.nowPs(), endPs);
    charge(before, true);
    return pay(endPs, withTicksPs);
  }

  /** When the ticks are over that came while the running task was in user mode. */
  long endPs() {
    long before = clock.nextPs();
    long withTicksPs = clock.interrupted(cpu.nowPs());
    charge(before, true);
    return pay(cpu.nowPs(), withTicksPs);
  }

  /** The ticks from {@code fromPs} to the next one found the running task, if there is one. */
  private void charge(long fromPs, boolean inUser) {
    Task running = cpu.current();
    if (running != null && fromPs < clock.nextPs()) {
      GroupSignals group = running.process.life().signals();
      if (group.countsTicks()) {
        for (long ps = fromPs; ps < clock.nextPs(); ps += clock.periodPs()) {
          group.charge(inUser, clock.periodPs());
        }
      }
    }
  }

  /** When the CPU, which has idled or polled, can go on: a tick's handler may be running. */
  long waited() {
    long before = clock.nextPs();
    long withTicksPs = clock.waited(cpu.nowPs());
    charge(before, false);
    return pay(cpu.nowPs(), withTicksPs);
  }

  private long pay(long endPs, long withTicksPs) {
    unstampedPs += withTicksPs - endPs;
    cost.chargePs(withTicksPs - endPs);
    cpu.interruptNext(clock.nextPs());
    return withTicksPs;
  }

  /** Gives the running task's time in ticks since its last stamp to its category. */
  void stamp(Task task) {
    if (unstampedPs > 0) {
      task.clock.part(TimeCategory.SCHEDULER, unstampedPs, cpu.nowPs());
      unstampedPs = 0;
    }
  }

  /** What the last task left unstamped is in the next one's wait for the CPU. */
  void forget() {
    unstampedPs = 0;
  }
}
