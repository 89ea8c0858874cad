package org.legosim.kernel.processor;

import org.legosim.timing.trace.EventKind;

/**
 * Follows what calls do to the kernel's tables, and compares each captured result with what the simulated
 * kernel would have answered, as far as that does not depend on values that a trace lacks.
 */
final class ResultCheck {
  private static final long PAGE_BYTES = 4096;
  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final long CLONE_CHILD_CLEARTID = 0x200000;

  private final ProcessorNode node;
  private final NodeKernel kernel;
  private final WaitCheck waits;

  ResultCheck(ProcessorNode node) {
    this.node = node;
    this.kernel = node.kernel();
    this.waits = new WaitCheck(kernel);
  }

  /** A call has been entered. */
  void entered(Task task) {
    long[] arguments = task.callArguments;
    if (task.call == SyscallNumbers.CLONE) {
      Task child = node.children().madeBy(task);
      if (child != null && (arguments[0] & CLONE_CHILD_CLEARTID) != 0) {
        child.kernel.clearTidAddress = arguments[3];
      }
    }
  }

  /** The memory node has answered. */
  void answered(Task task, long status) {
    if (status < 0 && !Errno.isError(task.batch.eventResult)) {
      task.kernel.simulate(Errno.isError(status) ? status : Errno.EFAULT);
    }
  }

  /** True when the simulated kernel refused what the capture saw done. */
  static boolean isRefused(Task task) {
    return task.kernel.isSimulated
        && Errno.isError(task.kernel.simulated)
        && !Errno.isError(task.batch.eventResult);
  }

  /** The call returns. */
  void returned(Task task) {
    long result = task.batch.eventResult;
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.CLONE,
          SyscallNumbers.CLONE3,
          SyscallNumbers.FORK,
          SyscallNumbers.VFORK -> {
        if (result > 0 && node.children().madeBy(task) == null) {
          disagree(task, "made " + result, "the trace has no thread that begins here");
        }
      }
      case SyscallNumbers.WAIT4, SyscallNumbers.WAITID -> waits.returned(task);
      case SyscallNumbers.GETPID -> task.kernel.simulate(task.process.tgid());
      case SyscallNumbers.GETTID -> task.kernel.simulate(task.tid);
      case SyscallNumbers.SET_TID_ADDRESS -> {
        task.kernel.clearTidAddress = arguments[0];
        task.kernel.simulate(task.tid);
      }
      case SyscallNumbers.SET_ROBUST_LIST -> {
        if (result == 0) {
          task.kernel.robustHead = arguments[0];
        }
      }
      case SyscallNumbers.MUNMAP -> {
        // nothing need be mapped there
        boolean isValid = arguments[0] % PAGE_BYTES == 0 && arguments[1] > 0;
        task.kernel.simulate(isValid ? 0 : Errno.EINVAL);
      }
      default -> {
        // nothing else of it is known without values
        if (MissingCalls.has(task.call)) {
          task.kernel.simulate(Errno.ENOSYS);
        }
      }
    }
    if (!Errno.isError(result) && !isRefused(task)) {
      map(task, result);
    }
    if (task.kernel.isSimulated && task.kernel.simulated != result) {
      disagree(task, Errno.text(result), Errno.text(task.kernel.simulated));
    }
  }

  private void map(Task task, long result) {
    long[] arguments = task.callArguments;
    KnownMappings mappings = task.process.life().mappings();
    switch (task.call) {
      case SyscallNumbers.MMAP -> {
        boolean isShared = (arguments[3] & MAP_SHARED) != 0;
        if (isShared && (arguments[3] & MAP_ANONYMOUS) == 0) {
          node.approximate("futex: a file that is mapped twice is taken for two");
        }
        mappings.add(
            result,
            result + pages(arguments[1]),
            isShared ? kernel.newObject() : KnownMappings.PRIVATE);
      }
      case SyscallNumbers.MUNMAP ->
        mappings.remove(arguments[0], arguments[0] + pages(arguments[1]));
      case SyscallNumbers.MREMAP ->
        mappings.move(arguments[0], pages(arguments[1]), result, pages(arguments[2]));
      default -> {
        // no other call maps or unmaps; breaks are followed where they are moved
      }
    }
  }

  private static long pages(long bytes) {
    return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
  }

  private void disagree(Task task, String captured, String simulated) {
    kernel.disagreements().add(task, SyscallNames.of(task.call), captured, simulated);
  }

  /** A return without a call: a child's from the call that made it, or a contradiction. */
  void strayReturn(Task task) {
    if (task.isMade && task.batch.firstRecord == 0 && task.batch.eventResult == 0) {
      return;
    }
    kernel
        .disagreements()
        .add(task, "return", Errno.text(task.batch.eventResult), "no call is in progress");
  }

  /**
   * A record of a thread has been fetched.
   *
   * @param isEnd it is the record of the thread's end, or there is none
   * @return true when the thread has ended before: nothing of it is replayed any more
   */
  boolean isAfterEnd(Task task, boolean isEnd) {
    TaskKernel own = task.kernel;
    if (own.hasEndRecord || (own.isGone && !isEnd)) {
      kernel
          .disagreements()
          .add(task, "exit", "went on after its end", "ended: the rest is left out");
      return true;
    }
    return false;
  }

  /** True for the record of a thread's end. */
  static boolean isEndRecord(Task task) {
    return task.batch.eventKind == EventKind.EXIT;
  }
}
