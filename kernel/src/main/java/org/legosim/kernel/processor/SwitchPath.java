package org.legosim.kernel.processor;

import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/** A context switch to the first task of the CPU's run queue. */
final class SwitchPath extends KernelPath {
  /** Argument: 1 when the next task has another address space. */
  static final int NEW_SPACE = 0;

  private static final int SWITCH = 0;
  private static final int SWITCHED = 1;

  private final Cpu cpu;
  private final KernelCosts costs;

  SwitchPath(Cpu cpu, KernelCosts costs) {
    super("context switch");
    this.cpu = cpu;
    this.costs = costs;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    switch (frame.step) {
      case SWITCH:
        frame.step = SWITCHED;
        long ps = costs.contextSwitch.charge()
            + costs.saveRegisters.charge()
            + costs.restoreRegisters.charge();
        if (frame.slot[NEW_SPACE] != 0) {
          ps += costs.addressSpaceSwitch.charge();
        }
        if (!cpu.advanceIrqsOff(IrqsOff.CONTEXT_SWITCH, ps)) {
          return WAIT;
        }
      // fall through
      default:
        cpu.switched();
        return DONE;
    }
  }
}
