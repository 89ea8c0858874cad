package org.legosim.kernel.processor;

/** User memory that a returning call reads or writes. */
final class CallBuffers {
  private static final int CLONE_PARENT_SETTID = 0x100000;
  private static final int TID_BYTES = 4;
  private static final int UNAME_BYTES = 6 * 65;

  private final ProcessorNode node;
  private final UserCopyPath copy;

  CallBuffers(ProcessorNode node, UserCopyPath copy) {
    this.node = node;
    this.copy = copy;
  }

  /** Pushes the copy of the task's call; false when it has none. */
  boolean call(Task task) {
    long bytes = task.batch.eventResult;
    boolean reads = FileCalls.reads(task.call);
    task.isCopying = true;
    if (task.call == SyscallNumbers.CLONE
        && (task.callArguments[0] & CLONE_PARENT_SETTID) != 0
        && node.children().madeBy(task) != null) {
      copy.call(task.callArguments[2], TID_BYTES, true);
      return true;
    }
    if (task.call == SyscallNumbers.UNAME && bytes == 0) {
      node.approximate("uname: LegoOS answers release 4.0.0, whatever the capture saw");
      copy.call(task.callArguments[0], UNAME_BYTES, true);
      return true;
    }
    if (bytes <= 0 || !(reads || FileCalls.writes(task.call)) || FileCalls.isVectored(task.call)) {
      task.isCopying = false;
      return false;
    }
    copy.call(task.callArguments[1], bytes, reads);
    return true;
  }
}
