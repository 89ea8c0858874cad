package org.legosim.kernel.processor;

import org.legosim.kernel.signal.GroupSignals;
import org.legosim.kernel.signal.Signals;
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
    if (Errno.isInterrupted(result) && SyscallNumbers.sleeps(task.call)) {
      return alarmPs(task, node);
    }
    boolean isSleep =
        task.call == SyscallNumbers.NANOSLEEP || task.call == SyscallNumbers.CLOCK_NANOSLEEP;
    return isSleep && result == 0 && task.kernel.timeoutPs != TimerWheel.UNKNOWN
        ? TimerWheel.endPs(task.callStartPs, task.kernel.timeoutPs, tickPs)
        : 0;
  }

  /** When the process's timer ends the sleep, if no other signal has; else 0. */
  private static long alarmPs(Task task, ProcessorNode node) {
    GroupSignals group = task.process.life().signals();
    group.tick(node.cpus().get(task.cpu).nowPs());
    boolean isBlocked = (task.kernel.signals.blocked() & Signals.bit(Signals.ALRM)) != 0;
    boolean isOff = group.timer().expiryPs() == Long.MAX_VALUE;
    return isOff || isBlocked || task.delivery.deliverable() != 0
        ? 0
        : group.timer().expiryPs();
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
