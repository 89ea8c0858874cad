package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.smp.CallDescriptor;
import org.legosim.kernel.smp.SmpKernel;
import org.legosim.timing.engine.Simulation;

/** The CPUs of a node as {@link ShootdownPath} sees them. */
final class CallTargets implements ShootdownTargets {
  private final Simulation simulation;
  private final List<Cpu> cpus;
  private final Topology topology;
  private final SmpKernel smp;

  /**
   * @param cpus those of the node; may be filled later
   */
  CallTargets(Simulation simulation, List<Cpu> cpus, Topology topology, SmpKernel smp) {
    this.simulation = simulation;
    this.cpus = cpus;
    this.topology = topology;
    this.smp = smp;
  }

  @Override
  public int cpuCount() {
    return cpus.size();
  }

  @Override
  public int holders(int initiator, int space, int[] found) {
    int count = 0;
    for (int cpu = 0; cpu < cpus.size(); cpu++) {
      if (cpu != initiator && cpus.get(cpu).isInMask(space)) {
        found[count++] = cpu;
      }
    }
    return count;
  }

  @Override
  public CallDescriptor descriptor(int caller, int target) {
    return smp.descriptors().of(caller, target, simulation.nowPs());
  }

  @Override
  public boolean queue(int target, CallDescriptor descriptor) {
    return cpus.get(target).interrupts().queue(descriptor);
  }

  @Override
  public void calls(int caller) {
    if (caller < cpus.size() && cpus.get(caller).interrupts().isOff()) {
      smp.warnings()
          .once(
              "kernel/smp.c smp_call_function_many",
              "CPU "
                  + caller
                  + " has interrupts off at "
                  + simulation.nowPs()
                  + " ps and calls others: two that do so at once wait for each other");
    }
  }

  @Override
  public boolean isSameSocket(int cpu, int other) {
    return topology.socketOf(cpu) == topology.socketOf(other);
  }

  @Override
  public void flushLocal(int cpu, int space, long address, long pages) {
    if (cpu < cpus.size() && cpus.get(cpu).loadedSpace() == space) {
      cpus.get(cpu).flush(address, pages);
    }
  }

  @Override
  public void interrupt(int sender, int target, long arrivalPs) {
    cpus.get(target).interruptAt(sender, arrivalPs);
  }

  /** True when a hyperthread of the same core runs a handler. */
  boolean isSiblingInterrupted(int cpu) {
    for (int other = 0; other < cpus.size(); other++) {
      if (other != cpu
          && topology.coreOf(other) == topology.coreOf(cpu)
          && cpus.get(other).interrupts().isHandling()) {
        return true;
      }
    }
    return false;
  }
}
