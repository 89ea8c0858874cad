package org.legosim.kernel.processor;

import org.legosim.kernel.signal.Delivery;
import org.legosim.kernel.signal.GroupSignals;
import org.legosim.kernel.signal.RealTimer;
import org.legosim.kernel.signal.SignalAction;
import org.legosim.kernel.signal.SignalText;
import org.legosim.kernel.signal.Signals;
import org.legosim.kernel.signal.ThreadSignals;

/**
 * System calls about signals, handlers that the trace has begin, and what the way back to the user finds.
 *
 * <p>What the arguments point to is told by the calls' strings, as {@link SignalText} reads them. Without
 * them an action has a handler that is not known, and a mask is not judged.
 */
final class SignalCalls {
  private static final int ITIMER_REAL = 0;
  private static final int ITIMER_VIRTUAL = 1;
  private static final int ITIMER_PROF = 2;
  private static final long SS_DISABLE = 2;
  private static final long PS_PER_SECOND = 1_000_000_000_000L;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final KernelCosts costs;

  SignalCalls(Cpu cpu, ProcessorNode node) {
    this.cpu = cpu;
    this.node = node;
    this.costs = node.costs();
  }

  /**
   * A call has been entered: those that act before they return.
   *
   * @return the time that takes
   */
  long entered(Task task) {
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.KILL, SyscallNumbers.RT_SIGQUEUEINFO ->
        task.kernel.simulate(
            node.signals().toProcess(task, (int) arguments[0], (int) arguments[1], cpu));
      case SyscallNumbers.TKILL ->
        task.kernel.simulate(
            node.signals().toThread(task, 0, (int) arguments[0], (int) arguments[1], cpu));
      case SyscallNumbers.TGKILL, SyscallNumbers.RT_TGSIGQUEUEINFO ->
        task.kernel.simulate(
            (int) arguments[0] <= 0
                ? Errno.EINVAL
                : node.signals()
                    .toThread(
                        task, (int) arguments[0], (int) arguments[1], (int) arguments[2], cpu));
      case SyscallNumbers.RT_SIGSUSPEND -> {
        Long mask = SignalText.set(task.batch.eventStrings);
        if (mask == null) {
          loseMask(task);
        } else {
          task.kernel.signals.suspend(mask);
        }
        return 0;
      }
      case SyscallNumbers.PPOLL, SyscallNumbers.PSELECT6, SyscallNumbers.EPOLL_PWAIT -> {
        task.kernel.signals.endSuspension();
        Long mask = SignalText.set(task.batch.eventStrings);
        if (mask != null) {
          task.kernel.signals.suspend(mask);
        }
        return 0;
      }
      default -> {
        if (task.call != SyscallNumbers.RT_SIGRETURN) {
          task.kernel.signals.endSuspension();
        }
        return 0;
      }
    }
    return costs.wakeUp.charge();
  }

  /** A call returns, with the captured result. */
  void returned(Task task) {
    long result = task.batch.eventResult;
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.RT_SIGACTION -> act(task, arguments);
      case SyscallNumbers.RT_SIGPROCMASK -> {
        if (arguments[1] != 0 && result == 0) {
          changeMask(task, (int) arguments[0]);
        }
      }
      case SyscallNumbers.SIGALTSTACK -> {
        if (arguments[0] != 0) {
          setStack(task);
        }
      }
      case SyscallNumbers.RT_SIGTIMEDWAIT -> {
        if (Signals.isValid(result) && !task.delivery.take((int) result)) {
          disagree(task, "rt_sigtimedwait", "took signal " + result, "not sent");
        }
      }
      case SyscallNumbers.SETITIMER -> {
        if (arguments[0] < ITIMER_REAL || arguments[0] > ITIMER_PROF) {
          task.kernel.simulate(Errno.EINVAL);
        } else if (result == 0) {
          setTimer(task, (int) arguments[0]);
        }
      }
      case SyscallNumbers.PPOLL, SyscallNumbers.PSELECT6, SyscallNumbers.EPOLL_PWAIT -> {
        if (!Errno.isInterrupted(result)) {
          task.kernel.signals.endSuspension();
        }
      }
      case SyscallNumbers.ALARM -> arm(task, arguments[0] * PS_PER_SECOND, 0);
      default -> {
        if (result == Errno.EPIPE && FileCalls.writes(task.call)) {
          node.signals().send(task, Signals.PIPE, true, cpu);
        }
      }
    }
  }

  /** On the way back to the user. */
  void returnToUser(Task task) {
    task.process.life().signals().tick(cpu.nowPs());
    if (task.delivery.deliverable() != 0 && task.delivery.returnToUser()) {
      node.signals().ends.end(task.process, null, cpu);
    }
  }

  /** The task's record is a signal: its handler begins with the next one. */
  void arrives(Task task) {
    long number = task.batch.eventNumber;
    if (!Signals.isValid(number)) {
      disagree(task, "signal " + number, "delivered", "there is none of that number");
      return;
    }
    task.process.life().signals().tick(cpu.nowPs());
    node.signals().countDelivered();
    Delivery.Arrival arrival = task.delivery.arrives((int) number, task.kernel.owedFrames);
    if (arrival != Delivery.Arrival.AGREED) {
      disagree(task, "signal " + number, "delivered", text(arrival));
    }
  }

  private static String text(Delivery.Arrival arrival) {
    return switch (arrival) {
      case AGREED -> throw new IllegalArgumentException("nothing to tell");
      case NOT_SENT -> "not sent";
      case MERGED -> "sent while it was pending: delivered once";
      case BLOCKED -> "blocked";
      case IGNORED -> "ignored";
      case FATAL -> "no handler: the process ends";
      case BEHIND_ANOTHER -> "another one goes first and blocks it";
      case FORCED -> "blocked or ignored: the process ends";
    };
  }

  private void act(Task task, long[] arguments) {
    int number = (int) arguments[0];
    boolean isValid = Signals.isValid(number);
    if (arguments[1] != 0 && isValid && task.batch.eventResult == 0) {
      SignalAction action = SignalText.action(task.kernel.callStrings);
      if (!action.isKnown()) {
        node.approximate("signals: a handler that the trace does not tell is taken as given");
      }
      isValid = task.delivery.setAction(number, action);
    } else if (arguments[1] != 0) {
      isValid &= number != Signals.KILL && number != Signals.STOP;
    }
    if (!isValid || task.batch.eventResult == 0) {
      task.kernel.simulate(isValid ? 0 : Errno.EINVAL);
    }
  }

  private void changeMask(Task task, int how) {
    Long mask = SignalText.set(task.kernel.callStrings);
    if (mask == null) {
      loseMask(task);
    } else {
      task.kernel.signals.changeMask(how, mask);
    }
  }

  private void loseMask(Task task) {
    node.approximate("signals: a mask that the trace does not tell is not judged");
    task.kernel.signals.loseMask();
  }

  private void setStack(Task task) {
    long[] stack = SignalText.stack(task.kernel.callStrings);
    if (stack == null) {
      node.approximate("signals: an alternate stack that the trace does not tell is not used");
      return;
    }
    ThreadSignals signals = task.kernel.signals;
    if (task.batch.eventResult == 0
        && !signals.setAlternate(stack[0], stack[2], (stack[1] & SS_DISABLE) != 0)) {
      task.kernel.simulate(signals.alternate().contains(stack[0]) ? Errno.EPERM : Errno.ENOMEM);
    }
  }

  private void setTimer(Task task, int which) {
    String[] strings = task.kernel.callStrings;
    long intervalPs = strings.length == 2 ? TimerWheel.parsePs(strings[0]) : TimerWheel.UNKNOWN;
    long valuePs = strings.length == 2 ? TimerWheel.parsePs(strings[1]) : TimerWheel.UNKNOWN;
    if (intervalPs == TimerWheel.UNKNOWN || valuePs == TimerWheel.UNKNOWN) {
      node.approximate("signals: a timer that the trace does not tell is never set");
      intervalPs = 0;
      valuePs = 0;
    }
    GroupSignals group = task.process.life().signals();
    switch (which) {
      case ITIMER_VIRTUAL -> group.virtualTimer().set(valuePs, intervalPs, node.tickPs());
      case ITIMER_PROF -> group.profilingTimer().set(valuePs, intervalPs, node.tickPs());
      default -> arm(task, valuePs, intervalPs);
    }
  }

  private void arm(Task task, long valuePs, long intervalPs) {
    RealTimer timer = task.process.life().signals().timer();
    if (valuePs == 0) {
      timer.clear();
      return;
    }
    long tickPs = node.tickPs();
    long everyPs = (intervalPs + tickPs - 1) / tickPs * tickPs;
    timer.set(TimerWheel.endPs(cpu.nowPs(), valuePs, tickPs), everyPs);
  }

  private void disagree(Task task, String what, String captured, String simulated) {
    node.kernel().disagreements().add(task, what, captured, simulated);
  }
}
