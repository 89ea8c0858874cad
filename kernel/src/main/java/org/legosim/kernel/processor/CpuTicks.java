package org.legosim.kernel.processor;

import org.legosim.kernel.sched.RunQueue;
import org.legosim.kernel.sched.TickClock;
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

  /** The end of what the CPU begins to execute and, without ticks, ends at {@code endPs}. */
  long executed(long endPs) {
    return pay(endPs, clock.executed(cpu.nowPs(), endPs));
  }

  /** When the ticks are over that came while the running task was in user mode. */
  long endPs() {
    return pay(cpu.nowPs(), clock.interrupted(cpu.nowPs()));
  }

  /** When the CPU, which has idled or polled, can go on: a tick's handler may be running. */
  long waited() {
    return pay(cpu.nowPs(), clock.waited(cpu.nowPs()));
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
