package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.signal.Delivery;
import org.legosim.kernel.signal.Signals;

/**
 * Sending signals on a node. Who is meant is told by the captured numbers, which are those of one trace;
 * there are no process groups, so that only positive ones mean anybody: others find nobody (ESRCH). All programs run
 * as one user, so nobody is ever refused (EPERM).
 */
final class SignalSends {
  /** Ends of threads that signals and others decide. */
  final GroupEnds ends;

  private final ProcessorNode node;
  private long delivered;

  SignalSends(ProcessorNode node) {
    this.node = node;
    this.ends = new GroupEnds(node);
  }

  /** A handler begins. */
  void countDelivered() {
    delivered++;
  }

  /** Handlers that have begun. */
  long delivered() {
    return delivered;
  }

  /**
   * kill.
   *
   * @return the kernel's result
   */
  long toProcess(Task sender, int pid, int number, Cpu cpu) {
    return send(leader(sender, pid), pid, number, false, cpu);
  }

  /**
   * tkill and tgkill.
   *
   * @param pid the thread's process, or 0 for any
   * @return the kernel's result
   */
  long toThread(Task sender, int pid, int tid, int number, Cpu cpu) {
    Task target = null;
    for (Task task : node.tasks()) {
      boolean isMeant = task.firstTask == sender.firstTask
          && task.tid == tid
          && (pid == 0 || task.process.image().pid() == pid);
      if (isMeant && isThere(task)) {
        target = task;
      }
    }
    return send(target, tid, number, true, cpu);
  }

  private static boolean isThere(Task task) {
    return task.state != Task.State.ENDED && (task.state != Task.State.NEW || task.isMade);
  }

  private long send(@Nullable Task target, int id, int number, boolean toThread, Cpu cpu) {
    if (toThread && id <= 0) {
      return Errno.EINVAL;
    }
    if (target == null) {
      return Errno.ESRCH;
    }
    if (number != 0 && !Signals.isValid(number)) {
      return Errno.EINVAL;
    }
    if (number != 0) {
      send(target, number, toThread, cpu);
    }
    return 0;
  }

  /** Sends a signal to a thread, or to the process of one. */
  void send(Task target, int number, boolean toThread, Cpu cpu) {
    Task taker = toThread ? target : taker(target, number);
    if (taker.delivery.send(number, toThread) == Delivery.Sent.FATAL) {
      node.signals().ends.end(target.process, null, cpu);
    }
  }

  /** The thread that a signal for its process goes to: the first one if it takes it, else any that does. */
  private Task taker(Task leader, int number) {
    long bit = Signals.bit(number);
    if ((leader.kernel.signals.blocked() & bit) != 0 || leader.state == Task.State.ENDED) {
      for (Task task : node.tasks()) {
        if (task.process == leader.process
            && isThere(task)
            && (task.kernel.signals.blocked() & bit) == 0) {
          return task;
        }
      }
    }
    return leader;
  }

  /** A thread of the process with a captured pid, its first one before others; also of a zombie. */
  private @Nullable Task leader(Task sender, int pid) {
    Task found = null;
    for (Task task : node.tasks()) {
      ProcessLife.State life = task.process.life().state();
      boolean isMeant = task.firstTask == sender.firstTask
          && task.process.image().pid() == pid
          && (life == ProcessLife.State.LIVING || life == ProcessLife.State.ZOMBIE);
      if (isMeant && (found == null || found.process != task.process || task.tid == pid)) {
        found = task;
      }
    }
    return found;
  }

  /** A process has ended: tells its parent. */
  void childEnded(UserProcess child, Cpu cpu) {
    UserProcess parent = child.life().parent();
    if (parent == null || parent.life().state() != ProcessLife.State.LIVING) {
      return;
    }
    for (Task task : node.tasks()) {
      if (task.process == parent && isThere(task)) {
        send(task, Signals.CHLD, false, cpu);
        return;
      }
    }
  }
}
