package org.legosim.kernel.processor;

import org.legosim.kernel.smp.CallDescriptor;
import org.legosim.kernel.smp.CallQueue;
import org.legosim.kernel.smp.FlushCall;
import org.legosim.kernel.smp.HandlerNesting;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/**
 * The interrupts of one CPU. One that comes while it takes none waits, and so does its sender; a second one that
 * comes meanwhile is the same one. The handler of a call takes all that other CPUs have queued, does it and unlocks
 * each descriptor. Whatever the CPU was doing comes later by the handler's time.
 *
 * <p>Source: LegoOS {@code kernel/smp.c}.
 */
final class CpuInterrupts {
  private final Simulation simulation;
  private final Cpu cpu;
  private final ProcessorNode node;
  private final ShootdownPath.Costs costs;
  private final CallQueue calls = new CallQueue();
  private final HandlerNesting nesting;
  private final int track;
  private long handlerEndPs;
  private long debtPs;
  private long paidPs;
  private int announced;
  private boolean isOff;
  private boolean isPending;
  private boolean awaitsEnable;
  private IrqsOff window = IrqsOff.NONE;
  private long windowStartPs;
  private long windowPartPs;
  private long windowEndPs;

  CpuInterrupts(Simulation simulation, Cpu cpu, ProcessorNode node) {
    this.simulation = simulation;
    this.cpu = cpu;
    this.node = node;
    this.costs = node.costs().shootdown;
    this.nesting =
        new HandlerNesting(cpu.cpuIndex(), node.smp().defects(), node.smp().isChecked());
    track = simulation.timeline().addTrack(cpu.name() + " interrupts", Timeline.Kind.INTERRUPTS);
  }

  /** Interrupts are off until {@link #enable}: what comes waits. */
  void disable() {
    isOff = true;
  }

  /** Interrupts are on again. */
  void enable() {
    isOff = false;
    if (isPending && awaitsEnable) {
      awaitsEnable = false;
      cpu.interruptAgainAt(cpu.nowPs());
    }
    cpu.threads().take();
  }

  boolean isOff() {
    return isOff;
  }

  /** Adds to what this CPU is to see to; true when it was nothing. */
  boolean queue(CallDescriptor descriptor) {
    return calls.add(descriptor);
  }

  /** An interrupt is on its way. */
  void announce() {
    announced++;
  }

  /** True while an interrupt is on its way, or waits here. */
  boolean isAnnounced() {
    return announced > 0;
  }

  /** True while a handler runs. */
  boolean isHandling() {
    return handlerEndPs > cpu.nowPs();
  }

  /** As {@link org.legosim.kernel.smp.InterruptMask#irqsOff}. */
  void off(IrqsOff reason, long leadPs, long partPs, long parts) {
    window = reason;
    windowStartPs = cpu.nowPs() + leadPs;
    windowPartPs = partPs;
    windowEndPs = windowStartPs + partPs * parts;
  }

  /** Why an interrupt that comes now would wait. */
  private IrqsOff offNow() {
    if (isHandling()) {
      return IrqsOff.HANDLER;
    }
    long sincePs = cpu.nowPs() - windowStartPs;
    boolean isInWindow =
        sincePs >= 0 && cpu.nowPs() < windowEndPs && (sincePs == 0 || sincePs % windowPartPs != 0);
    return isInWindow ? window : IrqsOff.NONE;
  }

  private long onAgainPs(IrqsOff reason) {
    if (reason == IrqsOff.HANDLER) {
      return handlerEndPs;
    }
    long parts = (cpu.nowPs() - windowStartPs) / windowPartPs + 1;
    return windowStartPs + parts * windowPartPs;
  }

  /** An interrupt is here. */
  void arrive() {
    if (isPending) {
      announced--;
    } else {
      take();
    }
  }

  /** Interrupts should be on again, and one waits. */
  void deliver() {
    isPending = false;
    take();
  }

  private void take() {
    if (isOff) {
      isPending = true;
      awaitsEnable = true;
      return;
    }
    IrqsOff reason = offNow();
    if (reason == IrqsOff.NONE) {
      handle();
      return;
    }
    isPending = true;
    long timePs = onAgainPs(reason);
    if (simulation.isShown() && reason != IrqsOff.HANDLER) {
      SliceDetails details = new SliceDetails().reset("interrupts off").text("in", reason.word());
      simulation.timeline().slice(track, cpu.nowPs(), timePs, details);
    }
    cpu.interruptAgainAt(timePs);
  }

  private void handle() {
    announced--;
    nesting.enter();
    nesting.judge(true, "the handler of a call runs", cpu.nowPs());
    node.smp().perCpu().exception(cpu.cpuIndex(), "an interrupt", cpu.nowPs());
    boolean isSlow = node.targets().isSiblingInterrupted(cpu.cpuIndex());
    long startPs = cpu.nowPs();
    long ps = costs.handler.charge();
    int count = calls.count();
    for (int i = 0; i < count; i++) {
      FlushCall call = calls.get(i).call();
      ps += costs.call.charge();
      // LEGOOS-BUG: F-6, only the first of the requests is served.
      boolean isServed = i == 0 || !node.smp().defects().servesFirstOnly();
      if (isServed && call.space() == cpu.loadedSpace()) {
        cpu.flush(call.address(), call.pages());
        ps += costs.flushPs(call.pages());
      }
      calls
          .get(i)
          .unlock(
              cpu.id(), startPs + costs.besideSibling(ps, isSlow), node.smp().warnings());
    }
    run(costs.besideSibling(ps, isSlow));
    if (simulation.isShown()) {
      show(startPs, count);
    }
    calls.clear();
    nesting.exit();
  }

  /** Another CPU made a task runnable here that goes before the running one. */
  void reschedule() {
    run(node.costs().interruptEntry.charge() + node.costs().interruptReturn.charge());
  }

  /** A handler of that length runs once the one before is over. */
  private void run(long handlerPs) {
    handlerEndPs = Math.max(cpu.nowPs(), handlerEndPs) + handlerPs;
    if (cpu.isTimed()) {
      debtPs += handlerPs;
    }
  }

  private void show(long startPs, int count) {
    SliceDetails details = new SliceDetails().reset("tlb shootdown handler");
    if (count > 0) {
      FlushCall call = calls.get(0).call();
      details.address("address", call.address()).number("pages", call.pages());
    }
    simulation.timeline().slice(track, startPs, handlerEndPs, details.number("requests", count));
  }

  /**
   * What the CPU was resumed for comes later by the handlers that ran meanwhile.
   *
   * @return true when the CPU is resumed again once they are over
   */
  boolean putsOff() {
    if (!cpu.isForTime()) {
      long readyPs = cpu.ticks().waited();
      handlerEndPs = readyPs > cpu.nowPs() ? Math.max(handlerEndPs, readyPs) : handlerEndPs;
    }
    if (paidPs > 0) {
      Task current = cpu.current();
      if (current != null) {
        current.clock.part(TimeCategory.IPI_HANDLING, paidPs, cpu.nowPs());
      }
      paidPs = 0;
    }
    if (debtPs > 0) {
      paidPs = debtPs;
      debtPs = 0;
      cpu.resumeAt(cpu.executed(cpu.nowPs() + paidPs));
      return true;
    }
    if (isHandling() && !cpu.isForTime()) {
      cpu.resumeAt(handlerEndPs);
      return true;
    }
    return false;
  }
}
