package org.legosim.kernel.processor;

import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;

/** A signal's delivery, where the trace has its handler begin. */
final class SignalPath extends KernelPath {
  private static final int BEGIN = 0;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final KernelCosts costs;

  SignalPath(Cpu cpu, ProcessorNode node) {
    super("signal");
    this.cpu = cpu;
    this.node = node;
    this.costs = node.costs();
  }

  @Override
  public int resume(Frame frame) {
    if (frame.step == BEGIN) {
      node.approximate("signals: delivery is charged, masks and queues are not modelled");
      frame.step++;
      if (!cpu.advance(costs.signalFrame.charge())) {
        return WAIT;
      }
    }
    cpu.stamp(TimeCategory.TRAP);
    return DONE;
  }
}
