package org.legosim.kernel.smp;

/** Who can be interrupted, and says when it cannot. */
public interface InterruptMask {
  /** For contexts that nobody interrupts. */
  InterruptMask NEVER = (reason, leadPs, partPs, parts) -> {};

  /**
   * After {@code leadPs} from now, {@code parts} times {@code partPs} follow, and in each part the CPU takes no
   * interrupts.
   */
  void irqsOff(IrqsOff reason, long leadPs, long partPs, long parts);
}
