package org.legosim.kernel.smp;

import java.util.List;
import java.util.function.IntFunction;
import org.legosim.kernel.boot.BootDefects;
import org.legosim.kernel.boot.BootResource;
import org.legosim.kernel.boot.BootSequence;
import org.legosim.kernel.boot.Booted;
import org.legosim.kernel.fpu.KernelWarnings;

/** A node's CPUs as its kernel knows them: what their boot has left, their variables and their call descriptors. */
public final class SmpKernel {
  private final SmpDefects defects;
  private final CallDescriptors descriptors;
  private final PerCpu perCpu;
  private final Booted booted;
  private final boolean isChecked;
  private final KernelWarnings warnings = new KernelWarnings();

  /**
   * Boots.
   *
   * @param isChecked whether invariants are judged
   * @param nameOf names a task in a message
   */
  public SmpKernel(int cpus, List<String> faults, boolean isChecked, IntFunction<String> nameOf) {
    this.isChecked = isChecked;
    defects = SmpDefects.of(faults);
    descriptors = new CallDescriptors(cpus, defects);
    perCpu = new PerCpu(cpus, defects, isChecked, nameOf);
    booted = BootSequence.legoOs().boot(cpus, BootDefects.of(faults), (step, cpu) -> {
      if (step.provides().contains(BootResource.CALL_DESCRIPTORS)) {
        descriptors.prepare(cpu);
      }
    });
  }

  public SmpDefects defects() {
    return defects;
  }

  public CallDescriptors descriptors() {
    return descriptors;
  }

  public PerCpu perCpu() {
    return perCpu;
  }

  /** What each CPU has. */
  public Booted booted() {
    return booted;
  }

  public boolean isChecked() {
    return isChecked;
  }

  /** What the kernel has warned of. */
  public KernelWarnings warnings() {
    return warnings;
  }
}
