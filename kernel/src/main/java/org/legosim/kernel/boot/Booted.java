package org.legosim.kernel.boot;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.InvariantViolation;

/** A machine that has booted, or is about to: what it and each CPU have. */
public final class Booted {
  private final Set<BootResource> machine = EnumSet.noneOf(BootResource.class);
  private final List<Set<BootResource>> ofCpu = new ArrayList<>();

  Booted(int cpus) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      ofCpu.add(EnumSet.noneOf(BootResource.class));
    }
  }

  void add(BootStep step, int cpu) {
    for (BootResource resource : step.provides()) {
      (resource.isPerCpu() ? ofCpu.get(cpu) : machine).add(resource);
    }
  }

  /** The first CPU that lacks what a step needs; -1 when nothing is lacking. */
  int firstWithout(BootStep.Scope scope, int cpu, BootResource need) {
    if (scope != BootStep.Scope.MACHINE || !need.isPerCpu()) {
      return has(cpu, need) ? -1 : cpu;
    }
    // Before the other CPUs come up, the machine is CPU 0.
    int known = machine.contains(BootResource.TRAMPOLINE) ? ofCpu.size() : 1;
    for (int other = 0; other < known; other++) {
      if (!has(other, need)) {
        return other;
      }
    }
    return -1;
  }

  /** True when the CPU has it; what the machine has, every CPU has. */
  public boolean has(int cpu, BootResource resource) {
    return (resource.isPerCpu() ? ofCpu.get(cpu) : machine).contains(resource);
  }

  /**
   * The running kernel uses something of a CPU.
   *
   * @param user who uses it, for the message
   * @throws InvariantViolation when the CPU's boot has left it out: a NULL pointer is followed
   */
  public void require(int cpu, BootResource resource, String user, long timePs) {
    if (!has(cpu, resource)) {
      throw new InvariantViolation("NULL pointer: " + user + " at " + timePs + " ps finds no "
          + resource.word() + " of CPU " + cpu + ": " + provider(resource)
          + " has not run when it came up");
    }
  }

  private static String provider(BootResource resource) {
    return BootSequence.legoOs().steps().stream()
        .filter(step -> step.scope() == BootStep.Scope.SECONDARY_CPU)
        .filter(step -> step.provides().contains(resource))
        .map(BootStep::name)
        .findFirst()
        .orElse("its step");
  }
}
