package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;

/**
 * Ends of threads that others decide: exit_group, a fatal signal, another thread's exec. Each dies at its
 * next return to the user, woken if it sleeps; one that runs elsewhere is interrupted.
 *
 * <p>What a killed thread records after that is left out, and so is everything that it would have made.
 */
final class GroupEnds {
  private final ProcessorNode node;

  GroupEnds(ProcessorNode node) {
    this.node = node;
  }

  /** The process ends; {@code but} ends by itself. */
  void end(UserProcess process, @Nullable Task but, Cpu cpu) {
    if (process.life().isEnding()) {
      return;
    }
    process.life().setEnding();
    for (Task task : node.tasks()) {
      if (task.process == process && task != but) {
        kill(task, cpu);
      }
    }
  }

  /**
   * An exec begins: the other threads are to end first.
   *
   * @return true when the caller must wait for them
   */
  boolean killForExec(Task caller, Cpu cpu) {
    boolean isAlone = true;
    for (Task task : node.tasks()) {
      if (task.process == caller.process && task != caller && isAlive(task)) {
        isAlone = false;
        kill(task, cpu);
      }
    }
    caller.process.life().setExecWaiter(isAlone ? null : caller);
    // it waits for a record that it never gets to, until the last of them wakes it
    caller.awaited = caller;
    caller.awaitedRecord = Long.MAX_VALUE;
    return !isAlone;
  }

  private static boolean isAlive(Task task) {
    return task.state != Task.State.ENDED && (task.state != Task.State.NEW || task.isMade);
  }

  private void kill(Task task, Cpu cpu) {
    switch (task.state) {
      case ENDED -> {
        // it has been faster
      }
      case NEW -> task.kernel.isKilled = task.isMade;
      case RUNNABLE -> task.kernel.isKilled = true;
      case RUNNING -> {
        if (cpu.current() == task) {
          task.kernel.isKilled = true;
        } else {
          kick(task, cpu);
        }
      }
      case HELD -> wake(task, cpu);
    }
  }

  private void wake(Task task, Cpu waker) {
    task.kernel.isKilled = true;
    if (task.isSleeping) {
      task.isSleeping = false;
      Cpu target = node.cpus().get(task.cpu);
      task.isWokenFromAfar = target != waker;
      long delayPs = target == waker ? 0 : node.costs().shootdown.delivery.ps();
      target.enqueueAt(waker.id(), waker.nowPs() + delayPs, task);
    } else if (task.wakePs == Task.NOT_WAKING) {
      task.awaited.watchers.remove(task);
      node.wakeUp(task, waker);
    }
  }

  private void kick(Task task, Cpu sender) {
    long arrivalPs = sender.nowPs() + node.costs().shootdown.delivery.ps();
    node.cpus().get(task.cpu).orderAt(sender.id(), arrivalPs, Cpu.Order.KICK, task);
  }

  /** The interrupt that a killed thread's CPU was sent arrives. */
  void kicked(Task task, Cpu cpu) {
    if (task.state == Task.State.RUNNING && cpu.current() != task) {
      // it has moved to another CPU meanwhile
      kick(task, cpu);
    } else if (task.state == Task.State.HELD) {
      wake(task, cpu);
    } else if (task.state != Task.State.ENDED) {
      task.kernel.isKilled = true;
    }
  }

  /** True when a killed thread is where it can die: not in a call that goes on to its end. */
  static boolean canDie(Task task) {
    int call = task.call;
    return call == Task.NO_CALL
        || call == SyscallNumbers.EXIT
        || call == SyscallNumbers.EXIT_GROUP
        || call == SyscallNumbers.FUTEX
        || SyscallNumbers.sleeps(call);
  }

  /** A killed thread dies although its records go on. */
  void cutShort(Task task, Cpu cpu) {
    boolean isGroup = task.process.life().isEnding();
    node.kernel()
        .disagreements()
        .add(
            task,
            isGroup ? "exit_group" : "exec",
            isGroup ? "went on after its group's end" : "went on after another thread's exec",
            "killed at its next return");
    bury(task, cpu);
  }

  /** What a thread would have made after its end is never born. */
  void bury(Task maker, Cpu cpu) {
    for (Task child : node.children().unmadeBy(maker)) {
      node.kernel().disagreements().add(child, "clone", "began", "its maker had ended before");
      child.state = Task.State.ENDED;
      child.performed = Long.MAX_VALUE;
      child.awaited.watchers.remove(child);
      child.source.close();
      if (child.process.threadEnded() && child.process.life().state() == ProcessLife.State.UNBORN) {
        child.process.life().setState(ProcessLife.State.REAPED);
      }
      node.buried();
      bury(child, cpu);
      node.gates().open(child, cpu);
    }
  }

  /**
   * A thread has ended. Others see that at once; but a group that was ended is there for its parent until the
   * last thread is gone.
   */
  void ended(Task task, Cpu cpu) {
    if (!task.process.life().isEnding()) {
      publish(task, cpu);
    } else if (!task.process.hasThreads()) {
      for (Task member : node.tasks()) {
        if (member.process == task.process && member.state == Task.State.ENDED) {
          publish(member, cpu);
        }
      }
    }
    goOnWithExec(task, cpu);
  }

  private void publish(Task task, Cpu cpu) {
    task.performed = Long.MAX_VALUE;
    node.gates().open(task, cpu);
  }

  /** An exec that waited for the others to end goes on. */
  private void goOnWithExec(Task task, Cpu cpu) {
    Task waiter = task.process.life().execWaiter();
    if (waiter == null) {
      return;
    }
    for (Task other : node.tasks()) {
      if (other.process == task.process && other != waiter && isAlive(other)) {
        return;
      }
    }
    task.process.life().setExecWaiter(null);
    if (waiter.state == Task.State.HELD) {
      waiter.watchers.remove(waiter);
      node.wakeUp(waiter, cpu);
    }
  }
}
