package org.legosim.kernel.boot;

import java.util.List;

/**
 * One step of the boot.
 *
 * @param name the function that does it, or what the specification calls it
 * @param scope whom it is done for
 * @param isCallback one of the callbacks that a CPU which comes up is announced by
 * @param needs what must be there; of a resource that each CPU has, the step's CPU's, and all CPUs' in a step
 *     for the machine
 * @param provides what is there afterwards
 */
public record BootStep(
    String name,
    Scope scope,
    boolean isCallback,
    List<BootResource> needs,
    List<BootResource> provides) {

  /** Whom a step is done for. */
  public enum Scope {
    /** Once, on CPU 0. */
    MACHINE,
    /** For CPU 0 alone. */
    BOOT_CPU,
    /** For each other CPU; steps in a row are done for one CPU after the other. */
    SECONDARY_CPU
  }

  /** A step for the machine. */
  static BootStep machine(String name, List<BootResource> needs, BootResource... provides) {
    return new BootStep(name, Scope.MACHINE, false, needs, List.of(provides));
  }

  /** A step for CPU 0. */
  static BootStep first(String name, List<BootResource> needs, BootResource... provides) {
    return new BootStep(name, Scope.BOOT_CPU, false, needs, List.of(provides));
  }

  /** A step for each other CPU. */
  static BootStep secondary(String name, List<BootResource> needs, BootResource... provides) {
    return new BootStep(name, Scope.SECONDARY_CPU, false, needs, List.of(provides));
  }

  /** A callback for each other CPU. */
  static BootStep callback(String name, List<BootResource> needs, BootResource... provides) {
    return new BootStep(name, Scope.SECONDARY_CPU, true, needs, List.of(provides));
  }
}
