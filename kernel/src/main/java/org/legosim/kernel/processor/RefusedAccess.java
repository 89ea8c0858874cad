package org.legosim.kernel.processor;

import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.TraceException;

/** What becomes of a run in which a fault of a program's access fails: whose mistake that is. */
final class RefusedAccess {
  private final Cpu cpu;
  private final MemoryPaths memory;
  private final LostPrograms lostPrograms;

  RefusedAccess(Cpu cpu, MemoryPaths memory, LostPrograms lostPrograms) {
    this.cpu = cpu;
    this.memory = memory;
    this.lostPrograms = lostPrograms;
  }

  /** The address of the task's next access is one that user memory can have. */
  void requireUsers(Task task, long address) {
    if (AccessFault.isNoUsers(address)) {
      throw new TraceException(describe(task, address)
          + "; the access cannot have succeeded where the trace was captured. Correct the trace");
    }
  }

  private static String describe(Task task, long address) {
    return task.describe() + ": 0x" + Long.toHexString(address) + " is "
        + AccessFault.of(address).text() + ", and SIGSEGV";
  }

  /** The fault of the task's next access is over. */
  void check(Task task) {
    int outcome = memory.faultOutcome();
    if (outcome == MemoryPaths.SEGMENTATION_FAULT) {
      if (lostPrograms.isLost(task, cpu, cpu.user().address())) {
        return;
      }
      refuse(task);
      throw new TraceException(task.describe()
          + ": no mapping explains address 0x"
          + Long.toHexString(capturedAddress(task))
          + "; the trace lacks the call that made it. Give --map-on-touch to accept such pages. On the"
          + " real machine this is "
          + AccessFault.of(capturedAddress(task)).text() + ", and SIGSEGV");
    }
    if (outcome == MemoryPaths.OUT_OF_MEMORY) {
      long address = cpu.user().address();
      if (lostPrograms.isKilled(task, cpu, address, memory.describeOutOfMemory())) {
        return;
      }
      throw new InvariantViolation(cpu.simulation()
          .dump(task.describe()
              + ": no pcache line could be allocated for 0x"
              + Long.toHexString(cpu.user().address())
              + " within the kernel's limit, and the program would be killed: "
              + memory.describeOutOfMemory()));
    }
  }

  private long capturedAddress(Task task) {
    AddressTable table = task.process.addresses();
    return table == null ? cpu.user().address() : table.capturedOf(cpu.user().address());
  }

  /** The memory node refuses an address: whose fault is it? */
  private void refuse(Task task) {
    if (cpu.request().status == Errno.ENOMEM) {
      throw new InvariantViolation(cpu.simulation()
          .dump(task.describe() + ": memory node " + task.process.homeNode()
              + " has no page left for 0x" + Long.toHexString(cpu.user().address())
              + ", and the program would be killed; raise memory.capacity"));
    }
    if (cpu.request().status == Errno.ETIMEDOUT) {
      throw new InvariantViolation(cpu.simulation()
          .dump(task.describe() + ": memory node " + task.process.homeNode()
              + " gave no answer to the miss of 0x"
              + Long.toHexString(cpu.user().address())
              + " within fit.timeout, and the program would be killed"));
    }
    if (task.process.life().mappings().explains(capturedAddress(task))) {
      throw new ModelException(cpu.simulation()
          .dump(task.describe() + ": the simulated kernel refuses 0x"
              + Long.toHexString(cpu.user().address()) + ", which the trace's mappings explain"));
    }
  }
}
