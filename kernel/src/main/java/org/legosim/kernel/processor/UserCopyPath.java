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
  private static final int PART_END = 4;

  private static final int BEGIN = 0;
  private static final int PAGE = 1;
  private static final int FAULTED = 2;
  private static final int COPIED = 3;

  private final Cpu cpu;
  private final MemoryPaths memory;
  private final KernelCosts costs;
  private final AddressTranslation translation;
  private final AuditPoint audit;
  private boolean hasFaulted;

  UserCopyPath(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    super("user copy");
    this.cpu = cpu;
    this.memory = memory;
    this.costs = node.costs();
    this.translation = node.translation();
    this.audit = new AuditPoint(node.audit(), cpu.cpuIndex());
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
          long captured = frame.slot[ADDRESS];
          long address = translation.ofKernel(task, captured);
          long found = task.process.memory().walk(address, stores);
          if (found == ProcessMemory.NOT_PRESENT) {
            frame.step = FAULTED;
            cpu.stamp(TimeCategory.COPY);
            memory.callFault(
                task.process,
                address,
                stores ? MemoryPaths.FaultAccess.STORE : MemoryPaths.FaultAccess.LOAD,
                false);
            return CALL;
          }
          audit.load(task.process.memory().index());
          audit.access(task.tid, address, found >> 1, stores, cpu.nowPs());
          task.kernelLookups++;
          frame.step = COPIED;
          frame.slot[PART_END] =
              Math.min(captured + partBytes(task, captured, address), frame.slot[END]);
          if (!cpu.advance(costs.copyUser.chargeBytes(frame.slot[PART_END] - captured))) {
            return WAIT;
          }
        // fall through
        case COPIED:
          cpu.stamp(TimeCategory.COPY);
          frame.slot[ADDRESS] = frame.slot[PART_END];
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

  /** What is copied at once: to the end of a page, or of the part of it that the layout keeps together. */
  private long partBytes(Task task, long captured, long address) {
    long pageBytes = memory.translationBytes();
    return Math.min(
        pageBytes - (address & (pageBytes - 1)), AddressTranslation.bytesTogether(task, captured));
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.address("address", frame.slot[ADDRESS]).number("bytes", frame.slot[BYTES]);
  }
}
