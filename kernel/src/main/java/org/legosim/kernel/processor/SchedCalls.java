package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.kernel.sched.Policy;
import org.legosim.kernel.sched.SchedEntity;

/**
 * System calls by which programs tell the scheduler what they want. What a pointer points to is the call's
 * string, if the trace has it: a mask in hexadecimal, a priority in decimal.
 *
 * <p>Source: LegoOS {@code kernel/sched/core.c}.
 */
final class SchedCalls {
  private static final int PRIO_PROCESS = 0;
  private static final long RESET_ON_FORK = 0x40000000;
  private static final int NICE_MIN = -20;
  private static final int NICE_MAX = 19;
  private static final int PRIORITY_MAX = 99;

  private final Cpu cpu;
  private final ProcessorNode node;

  SchedCalls(Cpu cpu, ProcessorNode node) {
    this.cpu = cpu;
    this.node = node;
  }

  /**
   * A call is about to return.
   *
   * @return true when the caller sleeps before
   */
  boolean sleeps(Task task) {
    switch (task.call) {
      case SyscallNumbers.SCHED_SETAFFINITY,
          SyscallNumbers.SETPRIORITY,
          SyscallNumbers.SCHED_SETPARAM,
          SyscallNumbers.SCHED_SETSCHEDULER -> {
        if (task.kernel.isScheduled || Errno.isError(task.batch.eventResult)) {
          return false;
        }
        task.kernel.isScheduled = true;
        return perform(task, task.callArguments);
      }
      default -> {
        return false;
      }
    }
  }

  private boolean perform(Task task, long[] arguments) {
    boolean isPriority = task.call == SyscallNumbers.SETPRIORITY;
    if (isPriority && arguments[0] != PRIO_PROCESS) {
      node.approximate("setpriority: process groups and users are not modelled");
      return false;
    }
    Task subject = find(task, (int) arguments[isPriority ? 1 : 0]);
    if (subject == null) {
      task.kernel.simulate(Errno.ESRCH);
      return false;
    }
    SchedEntity sched = subject.sched;
    switch (task.call) {
      case SyscallNumbers.SCHED_SETAFFINITY -> {
        return setAffinity(task, subject);
      }
      case SyscallNumbers.SETPRIORITY -> {
        int nice = Math.max(NICE_MIN, Math.min(NICE_MAX, (int) arguments[2]));
        change(subject, sched.policy(), nice, sched.priority());
      }
      case SyscallNumbers.SCHED_SETPARAM -> setPolicy(task, subject, sched.policy());
      default -> {
        Policy policy = Policy.of(arguments[1] & ~RESET_ON_FORK);
        if (policy == null) {
          task.kernel.simulate(Errno.EINVAL);
        } else {
          setPolicy(task, subject, policy);
        }
      }
    }
    return false;
  }

  /** The thread with that id in the caller's program; 0 is the caller. */
  private @Nullable Task find(Task task, int tid) {
    if (tid == 0 || tid == task.tid) {
      return task;
    }
    for (Task other : node.tasks()) {
      boolean lives = other.state != Task.State.NEW && other.state != Task.State.ENDED;
      if (other.tid == tid && other.firstTask == task.firstTask && lives) {
        return other;
      }
    }
    return null;
  }

  private boolean setAffinity(Task task, Task subject) {
    CpuMask mask = CpuMask.parse(task.kernel.text);
    if (mask == null) {
      node.approximate("sched_setaffinity: a mask that the trace does not tell changes nothing");
      return false;
    }
    if (mask.firstIn(node.scheduling().placement().active()) < 0) {
      task.kernel.simulate(Errno.EINVAL);
      return false;
    }
    return node.scheduling().affinity().set(cpu, task, subject, mask);
  }

  private void setPolicy(Task task, Task subject, Policy policy) {
    int priority = 0;
    if (!policy.isFair()) {
      priority = priority(task.kernel.text);
      if (priority == 0) {
        node.approximate("sched_setscheduler: a priority that the trace does not tell is 1");
        priority = 1;
      }
    }
    change(subject, policy, subject.sched.nice(), priority);
  }

  private static int priority(String text) {
    boolean isNumber = !text.isEmpty() && text.length() <= 2;
    int value = 0;
    for (int i = 0; isNumber && i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), 10);
      isNumber = digit >= 0;
      value = 10 * value + digit;
    }
    return isNumber && value <= PRIORITY_MAX ? value : 0;
  }

  private void change(Task subject, Policy policy, int nice, int priority) {
    TaskKernel wanted = subject.kernel;
    wanted.policy = policy;
    wanted.nice = nice;
    wanted.priority = priority;
    Cpu target = node.cpus().get(subject.cpu);
    if (target == cpu) {
      cpu.scheduler().change(subject);
    } else {
      target.orderAt(cpu.id(), node.scheduling().arrivalPs(cpu, target), Cpu.Order.CHANGE, subject);
    }
  }
}
