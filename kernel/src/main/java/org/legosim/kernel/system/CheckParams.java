package org.legosim.kernel.system;

import java.util.List;
import org.legosim.kernel.processor.KernelSetup;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Checking the simulated kernel, and breaking it on purpose. */
public record CheckParams(
    @Parameter(
        key = "check",
        unit = Unit.TEXT,
        defaultValue = "final",
        doc =
            "When the kernel's invariants are checked: never, at the end of the run, or at every step"
                + " of the kernel with what each load reads.")
    When when,

    @Parameter(
        key = "faults",
        unit = Unit.TEXT,
        defaultValue = "[]",
        range =
            "F-1 | F-2 | F-3 | F-4 | F-5 | F-6 | F-7 | F-8 | F-9 | F-10 | F-11 | F-12 | F-13 | F-14 | F-15 | F-16 | F-17 | F-18 | F-19 | F-20 | F-21 | F-22 | F-23 | F-24 | F-25 | F-26 | F-27 | F-28 | F-29 | F-30 | F-31 |"
                + " F-32 | F-33 | F-34",
        doc = "Defects of the real kernel to reproduce, by number; this version knows the ones"
            + " listed. F-17 and F-25 are always there: naming them changes nothing.")
    List<String> faults) {

  /** What a node's kernel takes from here. */
  KernelSetup setup() {
    return new KernelSetup(faults, when != When.OFF, when == When.ALWAYS);
  }

  /** When invariants are checked. */
  public enum When {
    OFF,
    FINAL,
    ALWAYS
  }
}
