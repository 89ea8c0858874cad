package org.legosim.kernel.processor;

/** What clone, fork and vfork give a new thread or process of its parent's. */
final class Births {
  private final ProcessorNode node;
  private final NodeServices services;

  Births(ProcessorNode node, NodeServices services) {
    this.node = node;
    this.services = services;
  }

  /** Makes the task of a clone that is entered, if it makes one. */
  void cloned(Task task, Cpu cpu) {
    Task child = node.children().madeBy(task);
    node.taskMemory().cloned(cpu, task, child);
    if (child != null) {
      child.isMade = true;
      child.sched.inherit(task.sched);
      NodeFiles.cloned(task, child);
      child.kernel.signals.inherit(task.kernel.signals, child.process == task.process);
    }
  }

  /** Makes the process of a fork, and pushes the copying of its parent's pages, or nothing when it shares them. */
  void fork(Task task, MemoryPaths memory, Cpu cpu) {
    UserProcess child = node.children().childProcess(task);
    child.life().setState(ProcessLife.State.LIVING);
    child.life().signals().fork(task.process.life().signals());
    child.life().mappings().copyFrom(task.process.life().mappings());
    boolean sharesMemory =
        SyscallNumbers.sharesMemory(task.call, task.callArguments[0]) && memory.sharesOnVfork();
    if (sharesMemory) {
      child.shareMemory(task.process);
    } else {
      child.replaceMemory(services.createMemory(child));
    }
    // Its first image is the copy that it gets here; exec begins the one after.
    child.takeNextImage();
    child.setBreakAddress(task.process.breakAddress());
    child.inheritAddresses(task.process);
    if (sharesMemory) {
      cpu.stack().call(KernelPaths.NOTHING);
    } else {
      memory.callFork(
          task.process, child, SyscallNumbers.sharesMemory(task.call, task.callArguments[0]));
    }
  }
}
