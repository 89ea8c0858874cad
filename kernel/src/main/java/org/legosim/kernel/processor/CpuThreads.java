package org.legosim.kernel.processor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.boot.BootResource;
import org.legosim.kernel.boot.Booted;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.kernel.sched.RunQueue;
import org.legosim.kernel.sched.SchedEntity;

/** The kernel threads of one CPU, and what they have been told to do. */
final class CpuThreads {
  private final Cpu cpu;
  private final Booted booted;
  private final KernelThread stopper;
  private final KernelThread worker;
  /** On their way from other CPUs, by the number that their event carries. */
  private final List<@Nullable Given> coming = new ArrayList<>();
  /** Have come while interrupts were off. */
  private final ArrayDeque<Given> waiting = new ArrayDeque<>();

  private record Given(KernelThread thread, KernelWork work) {}

  CpuThreads(Cpu cpu, KernelCosts costs, Booted booted) {
    this.cpu = cpu;
    this.booted = booted;
    this.stopper = new KernelThread(cpu, "stopper", cpu.scheduler().queue().stopper(), costs);
    SchedEntity sched = new SchedEntity(RunQueue.WORKER, CpuMask.only(cpu.cpuIndex()));
    this.worker = new KernelThread(cpu, "worker", sched, costs);
  }

  /** The thread that was picked to run. */
  KernelThread of(SchedEntity picked) {
    return picked == stopper.sched() ? stopper : worker;
  }

  /** Work is on its way, for the stopper or the worker; returns its number. */
  int announce(KernelWork work, boolean isForStopper) {
    require(isForStopper, work);
    int number = coming.indexOf(null);
    if (number < 0) {
      number = coming.size();
      coming.add(null);
    }
    coming.set(number, new Given(isForStopper ? stopper : worker, work));
    return number;
  }

  /** It has come. While interrupts are off, it waits: the CPU does not know of it. */
  void arrived(int number) {
    waiting.add(Objects.requireNonNull(coming.set(number, null)));
    take();
  }

  /** Gives the threads what has come. */
  void take() {
    while (!waiting.isEmpty() && !cpu.interrupts().isOff()) {
      Given given = waiting.remove();
      give(given.thread(), given.work(), true);
    }
  }

  /** True when nothing has come that the CPU does not know of. */
  boolean isQuiescent() {
    return waiting.isEmpty();
  }

  void describe(StringBuilder out) {
    if (!waiting.isEmpty()) {
      out.append(", interrupts off, not noticed:");
      for (Given given : waiting) {
        out.append(' ')
            .append(given.thread().name())
            .append(" (")
            .append(given.work().name());
        out.append(')');
      }
    }
  }

  /** This CPU leaves its stopper something to do. */
  void stop(KernelWork work, boolean isFromAfar) {
    require(true, work);
    give(stopper, work, isFromAfar);
  }

  private void require(boolean isForStopper, KernelWork work) {
    BootResource thread = isForStopper ? BootResource.STOPPER_THREAD : BootResource.WORKERS;
    booted.require(cpu.cpuIndex(), thread, work.name(), cpu.nowPs());
  }

  private void give(KernelThread thread, KernelWork work, boolean isFromAfar) {
    boolean wasIdle = cpu.isIdle();
    thread.queue(work);
    cpu.goOn(wasIdle, cpu.scheduler().wake(thread.sched()), isFromAfar);
  }
}
