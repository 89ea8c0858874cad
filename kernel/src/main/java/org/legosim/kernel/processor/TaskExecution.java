package org.legosim.kernel.processor;

import java.util.EnumSet;
import java.util.Set;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;

/** Replays the records of whatever task its CPU runs: accesses, events, gates. */
@HotPath
final class TaskExecution {
  /** The CPU is resumed later: time must pass, or someone else acts first. */
  static final int LATER = 0;

  /** A kernel path was called. */
  static final int CALLED = 1;

  /** The task has left the CPU: held at a gate, or ended. */
  static final int GONE = 2;

  /** The task's slice is over and another task waits. */
  static final int PREEMPTED = 3;

  static final int NOTHING = -1;

  private static final Set<EventKind> IS_WITHOUT_WORK =
      EnumSet.of(EventKind.MARK, EventKind.EXIT, EventKind.SIGNAL);

  private final Cpu cpu;
  private final ProcessorNode node;
  private final UserMode user;
  private final MemoryPaths memory;
  private final SyscallPath syscalls;
  private final AddressTranslation translation;
  private final long lookAheadPs;
  private final LockReplay locks;
  private final LongComputation computation;
  private final RefusedAccess refusals;

  TaskExecution(Cpu cpu, ProcessorNode node, MemoryPaths memory, SyscallPath syscalls) {
    this.cpu = cpu;
    this.node = node;
    this.user = cpu.user();
    this.memory = memory;
    this.syscalls = syscalls;
    this.translation = node.translation();
    this.lookAheadPs = node.lookAheadPs();
    this.locks = new LockReplay(cpu, node, syscalls.regenerated());
    this.computation = new LongComputation(cpu, user, node.core());
    this.refusals = new RefusedAccess(cpu, memory, node.lostPrograms());
  }

  /**
   * Goes on with the task at the present until something must wait.
   *
   * @return {@link #LATER}, {@link #CALLED}, {@link #GONE} or {@link #PREEMPTED}
   */
  int step(Task task) {
    while (true) {
      if (task.isFaulting) {
        task.isFaulting = false;
        refusals.check(task);
      }
      int outcome = locks.waits(task);
      if (outcome != NOTHING) {
        return outcome;
      }
      if (task.kernel.isKilled && !user.isPending() && GroupEnds.canDie(task)) {
        outcome = die(task);
      } else if (task.nextRecord() > task.meaning.record() && !user.isPending()) {
        long retryPs = locks.decide(task);
        outcome = retryPs == LockReplay.CALLED ? CALLED : sync(retryPs) ? NOTHING : LATER;
      } else if (user.isPending()) {
        outcome = sync(user.shared(task, cpu.nowPs())) ? NOTHING : LATER;
      } else if (task.batchKind == AccessSource.ACCESSES && task.position < task.batch.count) {
        outcome = accesses(task);
      } else if (task.batchKind == AccessSource.EVENT && !task.isEventDone) {
        outcome = event(task);
      } else {
        outcome = fetch(task);
      }
      if (outcome != NOTHING) {
        return outcome;
      }
    }
  }

  /** A killed task is about to return to the user. */
  private int die(Task task) {
    if (task.isExhausted) {
      return end(task);
    }
    cpu.settle(task);
    if (task.kernel.waiter.isQueued()) {
      syscalls.futex().callLeave();
      return CALLED;
    }
    if (hasRecordsLeft(task)) {
      node.signals().ends.cutShort(task, cpu);
    }
    return exhausted(task);
  }

  private boolean hasRecordsLeft(Task task) {
    boolean isDone = switch (task.batchKind) {
      case AccessSource.ACCESSES -> task.position == task.batch.count;
      case AccessSource.EVENT -> task.isEventDone;
      default -> true;
    };
    if (isDone) {
      next(task);
    }
    return task.batchKind != AccessSource.END && !isEnd(task);
  }

  private static boolean isEnd(Task task) {
    return task.batchKind == AccessSource.END
        || (task.batchKind == AccessSource.EVENT && ResultCheck.isEndRecord(task));
  }

  private void next(Task task) {
    task.batchKind = task.source.next(task.batch);
    node.recordsRead().add(task.batchKind == AccessSource.ACCESSES ? task.batch.count : 1);
    task.position = 0;
    task.translated = 0;
    task.longAt = Task.UNKNOWN;
    task.isEventTimed = false;
    task.isEventDone = false;
  }

  private int exhausted(Task task) {
    task.batchKind = AccessSource.END;
    task.isExhausted = true;
    cpu.settle(task);
    syscalls.exit().callEnd();
    return CALLED;
  }

  private int fetch(Task task) {
    if (task.batchKind == AccessSource.ACCESSES && isDue()) {
      int outcome = attend(task);
      if (outcome != NOTHING) {
        return outcome;
      }
    }
    // an end is seen by others when all that it does is done
    if (task.batchKind == AccessSource.EVENT
        && node.gates().isSource(task)
        && !ResultCheck.isEndRecord(task)) {
      if (task.batch.eventKind == EventKind.SYSCALL_ENTER
          && SyscallNumbers.givesMappingsUp(task.call)) {
        node.gates().defer(task);
      } else {
        node.gates().performed(task, task.batch.firstRecord, cpu);
      }
    }
    if (task.isExhausted) {
      return end(task);
    }
    next(task);
    if (task.batchKind != AccessSource.END && syscalls.check().isAfterEnd(task, isEnd(task))) {
      node.signals().ends.bury(task, cpu);
      task.batchKind = AccessSource.END;
    }
    if (task.meaning.firstReplayed() > task.batch.firstRecord) {
      locks.leaveOut(task);
    }
    int outcome = task.batchKind == AccessSource.END ? exhausted(task) : NOTHING;
    if (!task.kernel.owedFrames.isEmpty()) {
      cpu.settle(task);
      syscalls.callFrames(task);
      outcome = CALLED;
    }
    return outcome;
  }

  private int end(Task task) {
    locks.ended(task);
    task.clock.stamp(TimeCategory.SCHEDULER, cpu.nowPs());
    node.ended(task, cpu);
    return GONE;
  }

  private int accesses(Task task) {
    if (isDue()) {
      int outcome = attend(task);
      if (outcome != NOTHING) {
        return outcome;
      }
    }
    node.gates().publishDeferred(task, cpu);
    long first = task.batch.firstRecord;
    if (node.gates().isHeldAt(task, task.nextRecord())) {
      return hold(task);
    }
    if (task.longAt < task.position) {
      task.longAt = LongComputation.next(task.batch, task.position);
    }
    boolean isLong = task.longAt == task.position;
    int divided = isLong ? divide(task) : NOTHING;
    if (divided != NOTHING) {
      return divided;
    }
    long stopRecord = Math.min(task.gates.waitRecord() - first, task.batch.count);
    stopRecord = Math.min(stopRecord, isLong ? task.position + 1 : task.longAt);
    boolean isSource = node.gates().isSource(task);
    long sourceStop = isSource ? task.position + 1 : task.gates.sourceRecord() - first;
    stopRecord = Math.min(stopRecord, sourceStop);
    stopRecord = Math.min(stopRecord, task.meaning.stopRecord() - first);
    AddressTable addresses = task.process.addresses();
    if (addresses != null && stopRecord > task.translated) {
      translation.translate(task, addresses, (int) stopRecord);
    }
    int before = task.position;
    int outcome = user.run(task, (int) stopRecord, cpu.nowPs(), horizonPs());
    if (task.position > before) {
      cpu.simulation().progress();
      if (isSource) {
        node.gates().performed(task, first + before, cpu);
      }
    }
    if (!sync(user.timePs())) {
      if (outcome == UserMode.WALK) {
        user.walkPutOff();
      }
      return LATER;
    }
    if (outcome != UserMode.WALK) {
      return NOTHING;
    }
    if (isDue()) {
      user.walkPutOff();
      return NOTHING;
    }
    return walk(task);
  }

  /** Executes what comes before the next record up to the last tick before it, with a look at each. */
  private int divide(Task task) {
    while (true) {
      int outcome = isDue() ? attend(task) : NOTHING;
      if (outcome != NOTHING) {
        return outcome;
      }
      long endPs = computation.part(task);
      if (endPs == LongComputation.FITS) {
        return NOTHING;
      }
      if (!sync(endPs)) {
        return LATER;
      }
    }
  }

  private boolean isDue() {
    return cpu.nowPs() >= cpu.scheduler().attentionPs();
  }

  /** In user mode, and something has happened: ticks, or another task that goes before this one. */
  private int attend(Task task) {
    cpu.settle(task);
    if (!sync(cpu.ticks().endPs())) {
      return LATER;
    }
    return cpu.scheduler().needsResched() ? PREEMPTED : NOTHING;
  }

  private long horizonPs() {
    if (!cpu.simulation().runsAhead()) {
      return cpu.nowPs();
    }
    long nextPs = cpu.simulation().nextEventPs();
    long aheadPs = cpu.isAnnounced() ? 0 : lookAheadPs;
    long horizon = nextPs > Long.MAX_VALUE - aheadPs ? Long.MAX_VALUE : nextPs + aheadPs;
    return Math.min(horizon, cpu.scheduler().attentionPs());
  }

  /** Makes {@code timePs} the present, or has the CPU resumed then. */
  private boolean sync(long timePs) {
    if (timePs <= cpu.nowPs() || cpu.simulation().tryAdvance(timePs)) {
      return true;
    }
    cpu.resumeAt(timePs);
    return false;
  }

  private int walk(Task task) {
    long address = user.address();
    refusals.requireUsers(task, address);
    long translation = task.process.memory().walk(address, user.isStore());
    if (translation != ProcessMemory.NOT_PRESENT) {
      long walkPs = user.translated(
          address, translation >> 1, (translation & ProcessMemory.MAY_STORE) != 0, cpu.nowPs());
      return sync(cpu.nowPs() + walkPs) ? NOTHING : LATER;
    }
    cpu.settle(task);
    task.isFaulting = true;
    node.smp().perCpu().exception(cpu.cpuIndex(), "a page fault", cpu.nowPs());
    memory.callFault(task.process, address, accessOf(task), true);
    return CALLED;
  }

  private static MemoryPaths.FaultAccess accessOf(Task task) {
    int kind = AccessBatch.kindOf(task.batch.shape[task.position]);
    if (kind == AccessKind.FETCH) {
      return MemoryPaths.FaultAccess.FETCH;
    }
    return AccessKind.writes(kind) ? MemoryPaths.FaultAccess.STORE : MemoryPaths.FaultAccess.LOAD;
  }

  private int event(Task task) {
    if (!task.isEventTimed) {
      int outcome = mayGiveWay(task) ? divide(task) : NOTHING;
      if (outcome != NOTHING) {
        return outcome;
      }
      task.isEventTimed = true;
      task.instructions += task.batch.eventInstructions;
      long endPs = user.elapse(cpu.nowPs(), task.batch.eventInstructions);
      if (!sync(cpu.ticks().userExecuted(endPs))) {
        return LATER;
      }
    }
    if (node.gates().isHeldAt(task, task.batch.firstRecord)) {
      return hold(task);
    }
    long wakePs = SleepingCalls.endPs(task, node);
    if (wakePs > cpu.nowPs()) {
      return sleep(task, wakePs);
    }
    if (node.isRemote() && NodeFiles.sleepsAtPipe(task)) {
      node.gates().publishDeferred(task, cpu);
      cpu.settle(task);
      task.heldCategory = TimeCategory.IDLE;
      node.block(task);
      return GONE;
    }
    if (task.batch.eventKind == EventKind.SYSCALL_RETURN && syscalls.sched().sleeps(task)) {
      return leave(task);
    }
    if (task.batch.eventKind == EventKind.EXEC && node.signals().ends.killForExec(task, cpu)) {
      return holdForExec(task);
    }
    task.consumeEvent();
    if (task.batch.eventKind != EventKind.SYSCALL_RETURN) {
      node.gates().publishDeferred(task, cpu);
    }
    if (task.batch.eventKind == EventKind.EXIT) {
      task.kernel.hasEndRecord = true;
    }
    if (task.batch.eventKind == EventKind.SIGNAL) {
      syscalls.signals().arrives(task);
    }
    if (IS_WITHOUT_WORK.contains(task.batch.eventKind)) {
      return NOTHING;
    }
    cpu.settle(task);
    syscalls.call(task);
    return CALLED;
  }

  /** Nothing is pre-empted between a call's records, in the kernel; but it can give the CPU away there. */
  private static boolean mayGiveWay(Task task) {
    return task.batch.eventKind != EventKind.SYSCALL_RETURN
        || task.call == SyscallNumbers.SCHED_YIELD;
  }

  private int sleep(Task task, long wakePs) {
    node.gates().publishDeferred(task, cpu);
    cpu.settle(task);
    task.kernel.hasSlept = true;
    task.heldCategory = SleepingCalls.heldCategory(task);
    if (task.heldCategory == TimeCategory.FUTEX) {
      node.countFutexWait();
    }
    node.sleep(task, cpu, wakePs);
    return GONE;
  }

  /** The task has asked to run on another CPU. */
  private int leave(Task task) {
    node.gates().publishDeferred(task, cpu);
    cpu.settle(task);
    task.heldCategory = TimeCategory.SCHEDULER;
    task.state = Task.State.HELD;
    cpu.scheduler().block();
    return GONE;
  }

  private int holdForExec(Task task) {
    node.gates().publishDeferred(task, cpu);
    cpu.settle(task);
    task.heldCategory = TimeCategory.IDLE;
    node.hold(task);
    return GONE;
  }

  private int hold(Task task) {
    node.gates().publishDeferred(task, cpu);
    cpu.settle(task);
    task.heldCategory = SleepingCalls.heldCategory(task);
    if (task.heldCategory == TimeCategory.FUTEX) {
      node.countFutexWait();
    }
    node.hold(task);
    return GONE;
  }
}
