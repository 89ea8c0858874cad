package org.legosim.kernel.processor;

import java.util.List;

/**
 * How a node's kernel is run.
 *
 * @param faults numbers of the defects to reproduce
 * @param isChecked invariants of a switch are judged
 * @param judgesWarnings a warning of the kernel fails the run
 */
public record KernelSetup(List<String> faults, boolean isChecked, boolean judgesWarnings) {
  /** The corrected kernel, unchecked. */
  public static final KernelSetup CORRECTED = new KernelSetup(List.of(), false, false);
}
