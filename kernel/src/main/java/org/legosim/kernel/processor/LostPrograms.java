package org.legosim.kernel.processor;

/** Programs that are killed because a node which fails has their memory: the report names each. */
final class LostPrograms {
  private static final long PS_PER_NS = 1000;

  private final ProcessorNode node;
  private final NodeServices services;
  private long count;

  LostPrograms(ProcessorNode node, NodeServices services) {
    this.node = node;
    this.services = services;
  }

  long count() {
    return count;
  }

  /**
   * A memory node has not answered a task's miss, or refuses it.
   *
   * @return false when that is not for a failure
   */
  boolean isLost(Task task, Cpu cpu, long address) {
    if (!services.mayBeCutOff()) {
      return false;
    }
    if (task.process.life().isEnding()) {
      return true; // another of its threads was first
    }
    count++;
    node.approximate("failure: process " + task.process.image().pid() + " of " + node.name()
        + " was killed at " + cpu.nowPs() / PS_PER_NS + " ns: its miss of 0x"
        + Long.toHexString(address) + " at " + services.nodeName(cpu.request().targetNode)
        + (cpu.request().status == Errno.ETIMEDOUT
            ? " got no answer within fit.timeout"
            : " was refused after calls that got no answer"));
    node.signals().ends.end(task.process, null, cpu);
    return true;
  }
}
