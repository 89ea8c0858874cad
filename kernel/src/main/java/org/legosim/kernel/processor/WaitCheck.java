package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;

/** What wait4 and waitid answer, against what was captured; and who is reaped. */
final class WaitCheck {
  private static final int WAITID_PID = 1;
  private static final long WAITID_NOWAIT = 0x01000000;
  private static final long NO_HANG = 1;
  private static final long ANY = -1;

  private final NodeKernel kernel;

  WaitCheck(NodeKernel kernel) {
    this.kernel = kernel;
  }

  /** One of the two calls returns. */
  void returned(Task task) {
    long[] arguments = task.callArguments;
    long result = task.batch.eventResult;
    if (task.call == SyscallNumbers.WAIT4) {
      long pid = (int) arguments[0] > 0 ? (int) arguments[0] : ANY;
      waited(task, pid, result, arguments[2], true);
    } else if (arguments[0] == WAITID_PID) {
      // with WNOHANG a 0 may mean that nobody has ended: the answer is in memory
      boolean hasReaped = result == 0 && (arguments[3] & NO_HANG) == 0;
      boolean reaps = (arguments[3] & WAITID_NOWAIT) == 0;
      if (hasReaped || result == Errno.ECHILD) {
        waited(task, arguments[1], hasReaped ? arguments[1] : result, arguments[3], reaps);
      }
    }
  }

  private void waited(Task task, long wanted, long result, long options, boolean reaps) {
    if (result > 0) {
      reaped(task, result, reaps);
      return;
    }
    UserProcess zombie = kernel.childIn(task.process, wanted, ProcessLife.State.ZOMBIE);
    UserProcess living = kernel.childIn(task.process, wanted, ProcessLife.State.LIVING);
    if (result == Errno.ECHILD && (zombie != null || living != null)) {
      disagree(task, "ECHILD", answer(zombie, options));
    } else if (result == 0 && zombie == null && living == null) {
      disagree(task, "0", "ECHILD");
    } else if (result == 0 && zombie != null) {
      disagree(task, "0", answer(zombie, options));
    }
  }

  private static String answer(@Nullable UserProcess zombie, long options) {
    if (zombie != null) {
      return Integer.toString(zombie.image().pid());
    }
    return (options & NO_HANG) != 0 ? "0" : "would wait: it still runs";
  }

  private void reaped(Task task, long pid, boolean reaps) {
    UserProcess child = kernel.childOf(task.process, pid);
    ProcessLife.State state =
        child == null ? ProcessLife.State.REAPED : child.life().state();
    switch (state) {
      case UNBORN, REAPED -> disagree(task, "reaped " + pid, "ECHILD");
      case LIVING -> disagree(task, "reaped " + pid, "would wait: it still runs");
      case ZOMBIE -> {
        if (reaps && child != null) {
          child.life().setState(ProcessLife.State.REAPED);
        }
      }
    }
  }

  private void disagree(Task task, String captured, String simulated) {
    kernel.disagreements().add(task, SyscallNames.of(task.call), captured, simulated);
  }
}
