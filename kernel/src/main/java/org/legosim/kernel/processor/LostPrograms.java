package org.legosim.kernel.processor;

/** Programs that the kernel kills for want of memory, or of the node that has it: the report names each. */
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
    String target = services.nodeName(cpu.request().targetNode);
    kill(
        task,
        cpu,
        "failure",
        address,
        " at " + target
            + (cpu.request().status == Errno.ETIMEDOUT
                ? " got no answer within fit.timeout"
                : " was refused after calls that got no answer"));
    return true;
  }

  /**
   * A miss got no line, which the kernel answers with SIGSEGV.
   *
   * @return false when everything is checked at every step: then the run ends there
   */
  boolean isKilled(Task task, Cpu cpu, long address, String reason) {
    if (services.setup().judgesWarnings()) {
      return false;
    }
    if (!task.process.life().isEnding()) {
      kill(task, cpu, "pcache", address, " got no line within the kernel's limit: " + reason);
    }
    return true;
  }

  private void kill(Task task, Cpu cpu, String part, long address, String reason) {
    count++;
    node.approximate(part + ": process " + task.process.image().pid() + " of " + node.name()
        + " was killed at " + cpu.nowPs() / PS_PER_NS + " ns: its miss of 0x"
        + Long.toHexString(address) + reason);
    node.signals().ends.end(task.process, null, cpu);
  }
}
