package org.legosim.kernel.processor;

import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/**
 * The interrupts of one CPU: shootdown requests that other CPUs send it, and what their handlers cost
 * whatever the CPU was doing.
 */
final class CpuInterrupts {
  private final Simulation simulation;
  private final Cpu cpu;
  private final ProcessorNode node;
  private final int track;
  private long handlerEndPs;
  private long debtPs;
  private long paidPs;
  private int announced;
  private boolean isOff;

  CpuInterrupts(Simulation simulation, Cpu cpu, ProcessorNode node) {
    this.simulation = simulation;
    this.cpu = cpu;
    this.node = node;
    track = simulation.timeline().addTrack(cpu.name() + " interrupts", Timeline.Kind.INTERRUPTS);
  }

  /** Interrupts are off until {@link #enable}: requests to reschedule wait. */
  void disable() {
    isOff = true;
  }

  /** Interrupts are on again. */
  void enable() {
    isOff = false;
    cpu.threads().take();
  }

  boolean isOff() {
    return isOff;
  }

  /** An interrupt is on its way. */
  void announce() {
    announced++;
  }

  /** True while an interrupt is on its way. */
  boolean isAnnounced() {
    return announced > 0;
  }

  /** True while a handler runs. */
  boolean isHandling() {
    return handlerEndPs > cpu.nowPs();
  }

  /** A shootdown request is here: what its handler interrupts is delayed by its duration. */
  void serve(ShootdownPath path) {
    announced--;
    if (path.space() == cpu.loadedSpace() && !node.losesShootdowns()) {
      cpu.flush(path.address(), path.pages());
    }
    long startPs = handle(path.handlerPs(node.isSiblingInterrupted(cpu.cpuIndex())));
    if (simulation.isShown()) {
      show(path, startPs);
    }
    path.acknowledge(cpu.id(), cpu.cpuIndex(), handlerEndPs);
  }

  /** Another CPU made a task runnable here that goes before the running one. */
  void reschedule() {
    handle(node.costs().interruptEntry.charge() + node.costs().interruptReturn.charge());
  }

  /** A handler runs once the one before is over; returns when it begins. */
  private long handle(long handlerPs) {
    long startPs = Math.max(cpu.nowPs(), handlerEndPs);
    handlerEndPs = startPs + handlerPs;
    if (cpu.isTimed()) {
      debtPs += handlerPs;
    }
    return startPs;
  }

  private void show(ShootdownPath path, long startPs) {
    SliceDetails details = new SliceDetails()
        .reset("tlb shootdown handler")
        .address("address", path.address())
        .number("pages", path.pages());
    simulation.timeline().slice(track, startPs, handlerEndPs, details);
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
