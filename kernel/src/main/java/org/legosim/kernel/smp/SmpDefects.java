package org.legosim.kernel.smp;

import java.util.List;

/**
 * Defects of the real kernel, each one decision in one place.
 *
 * @param keepsCurrent F-3: a switch does not store the next task as the CPU's current one
 * @param sharesPerCpuArea F-4: the base of every other CPU's variables is that of the CPU before it
 * @param sharesDescriptors F-5: the CPUs' variables are not prepared one by one, and all CPUs use the call
 *     descriptors of CPU 0
 * @param servesFirstOnly F-6: a CPU that finds several requests does what the first asks for, and unlocks all
 * @param inInterruptIsEmpty F-9: in_interrupt() always says no
 */
public record SmpDefects(
    boolean keepsCurrent,
    boolean sharesPerCpuArea,
    boolean sharesDescriptors,
    boolean servesFirstOnly,
    boolean inInterruptIsEmpty) {
  /** The corrected kernel. */
  public static final SmpDefects NONE = of(List.of());

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static SmpDefects of(List<String> faults) {
    return new SmpDefects(
        faults.contains("F-3"),
        faults.contains("F-4"),
        faults.contains("F-5"),
        faults.contains("F-6"),
        faults.contains("F-9"));
  }
}
