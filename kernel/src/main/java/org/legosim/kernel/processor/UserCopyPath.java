package org.legosim.kernel.processor;

import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Copying between the kernel and user memory: each page of the buffer is faulted in through the
 * pcache like a user access, then its part is copied. Counted apart from the program's accesses.
 */
final class UserCopyPath extends KernelPath {
  static final int ADDRESS = 0;
  static final int BYTES = 1;
  /** Argument: 1 when user memory is written. */
  static final int STORES = 2;

  private static final int END = 3;

  private static final int BEGIN = 0;
  private static final int PAGE = 1;
  private static final int FAULTED = 2;
  private static final int COPIED = 3;

  private final Cpu cpu;
  private final MemoryPaths memory;
  private final KernelCosts costs;
  private final AuditPoint audit;
  private boolean hasFaulted;

  UserCopyPath(Cpu cpu, MemoryPaths memory, KernelCosts costs, AccessAudit audit) {
    super("user copy");
    this.cpu = cpu;
    this.memory = memory;
    this.costs = costs;
    this.audit = new AuditPoint(audit, cpu.cpuIndex());
  }

  /** Pushes a copy; {@code stores} when user memory is written. */
  void call(long address, long bytes, boolean stores) {
    Frame frame = cpu.stack().call(this);
    frame.slot[ADDRESS] = address;
    frame.slot[BYTES] = bytes;
    frame.slot[STORES] = stores ? 1 : 0;
  }

  /** The last copy met an address that is in no mapping: the call answers EFAULT. */
  boolean hasFaulted() {
    return hasFaulted;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    boolean stores = frame.slot[STORES] != 0;
    while (true) {
      switch (frame.step) {
        case BEGIN:
          hasFaulted = false;
          frame.slot[END] = frame.slot[ADDRESS] + frame.slot[BYTES];
          frame.step = PAGE;
        // fall through
        case PAGE:
          if (frame.slot[ADDRESS] >= frame.slot[END]) {
            return DONE;
          }
          long translation = task.process.memory().walk(frame.slot[ADDRESS], stores);
          if (translation == ProcessMemory.NOT_PRESENT) {
            frame.step = FAULTED;
            cpu.stamp(TimeCategory.COPY);
            memory.callFault(
                task.process,
                frame.slot[ADDRESS],
                stores ? MemoryPaths.FaultAccess.STORE : MemoryPaths.FaultAccess.LOAD,
                false);
            return CALL;
          }
          audit.load(task.process.memory().index());
          audit.access(task.tid, frame.slot[ADDRESS], translation >> 1, stores, cpu.nowPs());
          task.kernelLookups++;
          frame.step = COPIED;
          if (!cpu.advance(costs.copyUser.chargeBytes(pageEnd(frame) - frame.slot[ADDRESS]))) {
            return WAIT;
          }
        // fall through
        case COPIED:
          cpu.stamp(TimeCategory.COPY);
          frame.slot[ADDRESS] = pageEnd(frame);
          frame.step = PAGE;
          continue;
        default: // FAULTED
          if (memory.faultOutcome() == MemoryPaths.OUT_OF_MEMORY) {
            throw new InvariantViolation(cpu.simulation()
                .dump(task.describe()
                    + ": no pcache line could be allocated for a system call's buffer at 0x"
                    + Long.toHexString(frame.slot[ADDRESS])
                    + " within the kernel's limit: "
                    + memory.describeOutOfMemory()));
          }
          if (memory.faultOutcome() != MemoryPaths.HANDLED) {
            hasFaulted = true;
            return DONE;
          }
          frame.step = PAGE;
      }
    }
  }

  private long pageEnd(Frame frame) {
    long pageBytes = memory.translationBytes();
    long nextPage = (frame.slot[ADDRESS] & -pageBytes) + pageBytes;
    return Math.min(nextPage, frame.slot[END]);
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.address("address", frame.slot[ADDRESS]).number("bytes", frame.slot[BYTES]);
  }
}
