package org.legosim.kernel.processor;

import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.EventKind;

/** Calls that sleep: until when, and where the time goes. */
final class SleepingCalls {
  private SleepingCalls() {}

  /** When the sleep ends whose return is the task's record; 0 when it does not sleep, or has slept. */
  static long endPs(Task task, ProcessorNode node) {
    if (task.batch.eventKind != EventKind.SYSCALL_RETURN || task.kernel.hasSlept) {
      return 0;
    }
    long result = task.batch.eventResult;
    long tickPs = node.tickPs();
    if (task.call == SyscallNumbers.FUTEX && result == Errno.ETIMEDOUT) {
      if (task.kernel.timeoutPs == TimerWheel.UNKNOWN) {
        node.approximate("futex: a timeout that the trace does not tell ends at the next tick");
        return (task.callStartPs / tickPs + 1) * tickPs;
      }
      return TimerWheel.endPs(task.callStartPs, task.kernel.timeoutPs, tickPs);
    }
    boolean isSleep =
        task.call == SyscallNumbers.NANOSLEEP || task.call == SyscallNumbers.CLOCK_NANOSLEEP;
    return isSleep && result == 0 && task.kernel.timeoutPs != TimerWheel.UNKNOWN
        ? TimerWheel.endPs(task.callStartPs, task.kernel.timeoutPs, tickPs)
        : 0;
  }

  /** Where the time of a task that is held before its next record goes. */
  static TimeCategory heldCategory(Task task) {
    if (task.call == SyscallNumbers.FUTEX) {
      return TimeCategory.FUTEX;
    }
    return task.call != Task.NO_CALL && SyscallNumbers.sleeps(task.call)
        ? TimeCategory.IDLE
        : TimeCategory.REPLAY_ORDER;
  }
}
