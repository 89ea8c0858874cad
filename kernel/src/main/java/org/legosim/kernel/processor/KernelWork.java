package org.legosim.kernel.processor;

/** Something that a kernel thread of a CPU does: its stopper or its worker. */
interface KernelWork {
  /** Time that it takes before {@link #perform}. */
  long beginPs();

  /**
   * Goes on at the present.
   *
   * @return false when it waits for something and is to be called again then, by a wait that was begun
   */
  boolean perform(Cpu cpu);

  /** For dumps. */
  String name();
}
