package org.legosim.kernel.processor;

import org.legosim.kernel.futex.FutexCommand;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessSource;

/**
 * What a task does at records that ask for a lock or give it up, when locks are replayed by meaning: it has the lock, spins or
 * waits for it, or wakes who does.
 */
final class LockReplay {
  /** A kernel path was called. */
  static final long CALLED = -1;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final RegeneratedCall regenerated;
  private final int spinInstructions;

  LockReplay(Cpu cpu, ProcessorNode node, RegeneratedCall regenerated) {
    this.cpu = cpu;
    this.node = node;
    this.regenerated = regenerated;
    this.spinInstructions = node.spinInstructions();
  }

  /**
   * A wait for a lock has been queued, or has ended.
   *
   * @return what {@link TaskExecution#step} returns then, or {@link TaskExecution#NOTHING}
   */
  int waits(Task task) {
    boolean sleeps = task.meaning.mustSleep();
    if (sleeps && !task.kernel.waiter.isWoken() && !task.kernel.isKilled) {
      task.heldCategory = TimeCategory.FUTEX;
      node.countFutexWait();
      node.holdForLock(task);
      return TaskExecution.GONE;
    }
    if (task.meaning.wakeUp()) {
      regenerated.callReturn();
      return TaskExecution.CALLED;
    }
    return TaskExecution.NOTHING;
  }

  /**
   * An access that asks for a lock or gives it up has been performed.
   *
   * @return when the task goes on, in picoseconds, or {@link #CALLED}
   */
  long decide(Task task) {
    TaskMeaning meaning = task.meaning;
    long address = task.batch.address[task.position - 1];
    boolean spins = meaning.spins();
    if (meaning.acquires()) {
      return meaning.take(task.index) ? done(task) : askAgain(task, address, spins);
    }
    boolean wakes = meaning.lock().giveUp();
    long nowPs = done(task);
    return wakes && !spins ? call(task, address, FutexCommand.WAKE) : nowPs;
  }

  private long done(Task task) {
    task.meaning.done();
    leaveOut(task);
    return cpu.nowPs();
  }

  private long askAgain(Task task, long address, boolean spins) {
    task.position--;
    if (!spins) {
      return call(task, address, FutexCommand.WAIT);
    }
    task.instructions += spinInstructions;
    return cpu.user().elapse(cpu.nowPs(), spinInstructions);
  }

  private long call(Task task, long address, FutexCommand command) {
    cpu.settle(task);
    regenerated.call(address, command);
    return CALLED;
  }

  /** The task ends. A lock that it was killed with is given up, as nobody else would: a program would hang. */
  void ended(Task task) {
    if (!node.replaysByMeaning()) {
      return;
    }
    for (TracedLock lock : task.meaning.heldBy(task.index)) {
      node.approximate("replay by meaning: a lock whose owner is killed is free");
      if (lock.giveUp()) {
        for (Task other : node.tasks()) {
          if (other.meaning.isAsleep() && other.meaning.lock() == lock) {
            node.kernel().forget(other);
            node.wakeUp(other, cpu);
          }
        }
      }
    }
  }

  /** Passes over records of the batch that the capture needed for a lock, and tells who waits for them. */
  void leaveOut(Task task) {
    long first = task.meaning.firstReplayed();
    long begin = task.batch.firstRecord;
    if (task.batchKind == AccessSource.ACCESSES) {
      int count = (int) Math.min(task.batch.count, first - begin);
      task.position = Math.max(task.position, count);
    } else if (task.batchKind == AccessSource.EVENT) {
      task.isEventDone |= first > begin;
    }
    long passed = Math.min(first, task.nextRecord());
    while (task.gates.sourceRecord() < passed) {
      node.gates().performed(task, task.gates.sourceRecord(), cpu);
    }
  }
}
