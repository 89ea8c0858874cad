package org.legosim.kernel.processor;

/**
 * Kernel work on user memory, for one CPU. Each {@code call} pushes a path on that CPU's stack; the
 * caller returns {@link org.legosim.timing.engine.KernelPath#CALL}.
 */
public interface MemoryPaths {
  int HANDLED = 0;
  int SEGMENTATION_FAULT = 1;
  int OUT_OF_MEMORY = 2;

  /** What the memory node is about to be asked to do to a range, with which pages in flight could clash. */
  enum Change {
    /** Drop or replace it: munmap, brk down, mmap over it. */
    UNMAP,
    /** Move or shorten it: mremap. */
    MOVE,
    /** Copy it: fork. */
    FORK,
    /** Replace all of the program: exec. */
    EXEC
  }

  /** What an access that faults does. */
  enum FaultAccess {
    LOAD,
    STORE,
    FETCH
  }

  /** A page fault; {@code isUser} is false when the kernel touches a user buffer. */
  void callFault(UserProcess process, long address, FaultAccess access, boolean isUser);

  /** Outcome of the fault that has just ended. */
  int faultOutcome();

  /** Why the last fault that ended in {@link #OUT_OF_MEMORY} got nothing, as a sentence. */
  String describeOutOfMemory();

  /**
   * Notes which memory nodes own which ranges of a process, from a reply.
   *
   * @param regions as {@link org.legosim.kernel.rpc.Request#regions} carries them
   */
  default void learnRegions(UserProcess process, long[] regions) {}

  /** After a successful mmap of anonymous memory. */
  void callMapped(UserProcess process, long start, long length);

  /** Drops the pages of a range: munmap, shrink, brk down. */
  void callUnmap(UserProcess process, long start, long length);

  /**
   * Before the memory node changes what is mapped in a range: gives up the units of translation that
   * are only partly in it. It uses the context's request.
   *
   * @return false when nothing has to be done
   */
  default boolean callDetach(UserProcess process, long start, long length) {
    return false;
  }

  /** The same before the memory node moves the pages of a range. */
  default boolean callDetachMove(
      UserProcess process, long oldStart, long oldLength, long newStart, long newLength) {
    return false;
  }

  /** Bytes of the unit of translation, which the kernel walks one by one in a user buffer. */
  default long translationBytes() {
    return LocalMemory.PAGE_BYTES;
  }

  /** Moves the pages of a range to another address. */
  void callMove(UserProcess process, long oldStart, long newStart, long length);

  /** Keeps the pages of a range where they are while the memory node is asked to copy or move them. */
  default void pin(UserProcess process, long start, long length, Change change) {}

  /**
   * The memory node has moved a range, and this node's page table follows with the next {@link #callMove}: until then, what leaves the
   * range goes to its new place.
   */
  default void moving(UserProcess process, long oldStart, long newStart, long length) {}

  /** The memory node has answered, and this node has caught up. */
  default void unpin(UserProcess process) {}

  /**
   * Waits until no page of a range is on its way to its memory node; before that node is asked to move,
   * copy or drop the range.
   */
  void callSettle(UserProcess process, long start, long length, Change change);

  /** False when the kernel copies the page table of vfork's parent onto itself. */
  default boolean sharesOnVfork() {
    return true;
  }

  /**
   * Gives the child, whose address space is empty, the parent's pages, copied on write.
   *
   * @param sharesMemory the call asked for the parent's address space itself: vfork, posix_spawn
   */
  void callFork(UserProcess parent, UserProcess child, boolean sharesMemory);

  /** Drops every page of a process. */
  void callRelease(UserProcess process);
}
