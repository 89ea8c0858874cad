package org.legosim.kernel.processor;

import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;

/**
 * The end of a thread: robust futexes whose owner died, the word that its joiner waits for, and with the
 * last thread the address space. Its exit call does all but the last; a thread without one does it at its
 * last record.
 *
 * <p>The list of robust futexes lies in user memory, whose values a trace does not carry: an exit call
 * may name the words that it owns as strings. Source: LegoOS {@code kernel/exit.c}, {@code
 * kernel/futex.c}.
 */
final class ExitPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int HEAD_READ = 1;
  private static final int OWNED = 2;
  private static final int OWNED_MARKED = 3;
  private static final int CLEAR = 4;
  private static final int CLEARED = 5;
  private static final int RELEASE = 6;
  private static final int RELEASED = 7;

  /** Argument: 1 at the thread's last record, 0 in its exit call. */
  private static final int IS_LAST = 0;

  private static final int NEXT_OWNED = 1;
  private static final int WORD = 2;

  private static final int ROBUST_HEAD_BYTES = 24;
  private static final int WORD_BYTES = 4;
  /** Most entries of a robust list that a kernel looks at. */
  private static final int ROBUST_LIMIT = 2048;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final MemoryPaths memory;
  private final UserCopyPath copy;
  private final FutexPath futex;

  ExitPath(Cpu cpu, ProcessorNode node, MemoryPaths memory, UserCopyPath copy, FutexPath futex) {
    super("exit");
    this.cpu = cpu;
    this.node = node;
    this.memory = memory;
    this.copy = copy;
    this.futex = futex;
  }

  /** Pushes the work of an exit call. */
  void callExit() {
    cpu.stack().call(this).slot[IS_LAST] = 0;
  }

  /** Pushes what the thread's end leaves to do. */
  void callEnd() {
    cpu.stack().call(this).slot[IS_LAST] = 1;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    TaskKernel kernel = task.kernel;
    while (true) {
      switch (frame.step) {
        case BEGIN:
          frame.slot[NEXT_OWNED] = 0;
          node.kernel().forget(task);
          if (kernel.isGone) {
            frame.step = RELEASE;
            continue;
          }
          kernel.isGone = true;
          frame.step = HEAD_READ;
          if (kernel.robustHead != 0) {
            copy.call(kernel.robustHead, ROBUST_HEAD_BYTES, false);
            return CALL;
          }
        // fall through
        case HEAD_READ:
          frame.step = OWNED;
        // fall through
        case OWNED:
          long owned = nextOwned(frame, task);
          if (owned != 0) {
            frame.slot[NEXT_OWNED]++;
            frame.slot[WORD] = owned;
            frame.step = OWNED_MARKED;
            copy.call(owned, WORD_BYTES, true);
            return CALL;
          }
          frame.step = CLEAR;
        // fall through
        case CLEAR:
          frame.step = RELEASE;
          // nobody else sees the word when the address space goes with this thread
          if (kernel.clearTidAddress != 0 && task.process.livingThreads() > 1) {
            frame.step = CLEARED;
            copy.call(kernel.clearTidAddress, WORD_BYTES, true);
            return CALL;
          }
          continue;
        case OWNED_MARKED:
          frame.step = OWNED;
          if (copy.hasFaulted()) {
            continue;
          }
          futex.callWakeOne(frame.slot[WORD]);
          return CALL;
        case CLEARED:
          frame.step = RELEASE;
          if (copy.hasFaulted()) {
            continue;
          }
          futex.callWakeOne(kernel.clearTidAddress);
          return CALL;
        case RELEASE:
          cpu.stamp(TimeCategory.TRAP);
          if (frame.slot[IS_LAST] == 0 || !node.lastOfProcess(task)) {
            return DONE;
          }
          frame.step = RELEASED;
          if (!task.process.leaveMemory()) {
            continue;
          }
          node.audit().released(task.process.memory().index());
          memory.callRelease(task.process);
          return CALL;
        default: // RELEASED
          node.kernel().ended(task.process);
          node.signals().childEnded(task.process, cpu);
          return DONE;
      }
    }
  }

  private static long nextOwned(Frame frame, Task task) {
    long next = frame.slot[NEXT_OWNED];
    boolean isListed = task.kernel.robustHead != 0
        && next < Math.min(ROBUST_LIMIT, task.batch.eventStrings.length);
    return isListed ? address(task.batch.eventStrings[(int) next]) : 0;
  }

  /** An address in hexadecimal, or 0. */
  private static long address(String text) {
    boolean isNumber = text.startsWith("0x") && text.length() > 2 && text.length() < 18;
    for (int i = 2; isNumber && i < text.length(); i++) {
      isNumber = Character.digit(text.charAt(i), 16) >= 0;
    }
    return isNumber ? Long.parseLong(text.substring(2), 16) : 0;
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case BEGIN, HEAD_READ, OWNED, OWNED_MARKED -> "robust list";
      case CLEAR, CLEARED -> "clear tid";
      default -> "release";
    };
  }
}
