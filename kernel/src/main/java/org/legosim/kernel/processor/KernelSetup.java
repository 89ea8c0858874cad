package org.legosim.kernel.processor;

import java.util.List;

/**
 * How a node's kernel is run.
 *
 * @param faults numbers of the defects to reproduce
 * @param judgesInvariants what must hold at switches, interrupts and entries to the kernel is judged as it happens,
 *     which costs next to nothing: also where everything else is checked at the end alone
 * @param judgesWarnings a warning of the kernel fails the run
 */
public record KernelSetup(List<String> faults, boolean judgesInvariants, boolean judgesWarnings) {
  /** The corrected kernel, unchecked. */
  public static final KernelSetup CORRECTED = new KernelSetup(List.of(), false, false);
}
