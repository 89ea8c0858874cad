package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.trace.EventKind;

/**
 * System calls as their records come. Work that depends on the captured result (an
 * address, a length) is done at the return record; a call that sleeps is held there by its gate.
 *
 * <p>Source: LegoOS {@code syscall_64.tbl} and the handlers it names. Approximations of this level
 * are reported by name through {@link ProcessorNode#approximate}.
 */
final class SyscallPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int ENTERED = 1;
  private static final int FORKED = 2;
  private static final int CHILD_READY = 3;
  private static final int CALLED = 4;
  private static final int RETURNING = 5;
  private static final int DETACHED = 6;
  private static final int REPLIED = 7;
  private static final int UPDATED = 8;
  private static final int COPIED = 9;
  private static final int FINISHED = 10;
  private static final int FORKING = 11;
  private static final int SERIALISED = 12;
  private static final int DETACHING = 13;
  private static final int DISPATCHED = 14;
  private static final int DISPATCHED_AGAIN = 15;
  private static final int EXEC = 16;
  private static final int EXEC_DISPATCHED = 17;
  private static final int EXECUTED = 18;

  private static final List<String> ARGUMENT_NAMES =
      List.of("argument 0", "argument 1", "argument 2");

  private final Cpu cpu;
  private final ProcessorNode node;
  private final KernelCosts costs;
  private final MemoryPaths memory;
  private final UserCopyPath copy;
  private final AddressCalls addressCalls;
  private final RemoteCalls remote;
  private final CallBuffers buffers;
  private final FilePath files;
  private final SignalCalls signals;
  private final SignalPath signal;
  private final ExecPath exec;
  private final FutexPath futex;
  private final ExitPath exit;
  private final RegeneratedCall regenerated;
  private final ResultCheck check;
  private final SchedCalls sched;
  private final DispatchLock dispatch;

  SyscallPath(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    super("system call");
    this.cpu = cpu;
    this.node = node;
    this.costs = node.costs();
    this.memory = memory;
    this.copy = new UserCopyPath(cpu, node, memory);
    this.addressCalls = new AddressCalls(cpu, node, memory);
    this.remote = new RemoteCalls(cpu, node, addressCalls);
    this.buffers = new CallBuffers(node, copy);
    this.files = new FilePath(cpu, node, copy);
    this.signals = new SignalCalls(cpu, node);
    this.signal = new SignalPath(cpu, node, copy, signals);
    this.exec = new ExecPath(cpu, node, memory);
    this.futex = new FutexPath(cpu, node, memory);
    this.exit = new ExitPath(cpu, node, memory, copy, futex);
    this.regenerated = new RegeneratedCall(cpu, node, futex);
    this.check = new ResultCheck(node);
    this.sched = new SchedCalls(cpu, node);
    this.dispatch = node.dispatchLock();
  }

  /** Pushes the path for the event in the task's batch. */
  void call(Task task) {
    switch (task.batch.eventKind) {
      case EXEC -> {
        if (dispatch.isOn()) {
          cpu.stack().call(this).step = EXEC;
        } else {
          cpu.stack().call(exec);
        }
      }
      case SYSCALL_ENTER -> cpu.stack().call(this);
      case SYSCALL_RETURN -> cpu.stack().call(this).step = RETURNING;
      case EXIT, MARK, SIGNAL ->
        throw new ModelException("no kernel work belongs to " + task.describe());
    }
  }

  SchedCalls sched() {
    return sched;
  }

  RegeneratedCall regenerated() {
    return regenerated;
  }

  ExitPath exit() {
    return exit;
  }

  FutexPath futex() {
    return futex;
  }

  SignalCalls signals() {
    return signals;
  }

  /** Pushes the frames of signals that have arrived. */
  void callFrames(Task task) {
    signal.callFrames(task);
  }

  ResultCheck check() {
    return check;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    switch (frame.step) {
      case EXEC:
        frame.step = EXEC_DISPATCHED;
        if (!dispatch.enter(cpu)) {
          return WAIT;
        }
      // fall through
      case EXEC_DISPATCHED:
        stampDispatch();
        frame.step = EXECUTED;
        cpu.stack().call(exec);
        return CALL;
      case EXECUTED:
        dispatch.leave(cpu);
        return DONE;
      case BEGIN:
        frame.step = ENTERED;
        if (!cpu.advance(begin(task))) {
          return WAIT;
        }
      // fall through
      case ENTERED:
        cpu.stamp(TimeCategory.TRAP);
        node.smp().perCpu().onKernelStack(cpu.cpuIndex(), task.index, cpu.nowPs());
        frame.step = DISPATCHED;
        if (!dispatch.enter(cpu)) {
          return WAIT;
        }
      // fall through
      case DISPATCHED:
        stampDispatch();
        frame.step = CALLED;
        if (SyscallNumbers.isClone(task.call) && node.children().forksProcess(task)) {
          frame.step = FORKING;
          if (node.serialisesMappingCalls() && !task.process.mappingLock().acquire(cpu)) {
            return WAIT;
          }
        } else if (callsOwnPath(task)) {
          return CALL;
        } else {
          return cpu.advance(enterBody(task)) ? finishEnter(task) : WAIT;
        }
      // fall through
      case FORKING:
        cpu.stamp(TimeCategory.LOCK_WAIT);
        frame.step = FORKED;
        node.audit().forkBegins(task.process.memory().index());
        if (node.isRemote()) {
          prepareFork(task);
          cpu.stack().call(cpu.sendReply());
          memory.pin(task.process, 0, AddressCalls.USER_SPACE_BYTES, MemoryPaths.Change.FORK);
          memory.callSettle(
              task.process, 0, AddressCalls.USER_SPACE_BYTES, MemoryPaths.Change.FORK);
          return CALL;
        }
      // fall through
      case FORKED:
        if (node.isRemote()) {
          cpu.stampRequest();
        }
        frame.step = CHILD_READY;
        node.births().fork(task, memory, cpu);
        return CALL;
      case CHILD_READY:
        forkEnded(task);
        memory.unpin(task.process);
        if (node.serialisesMappingCalls()) {
          task.process.mappingLock().release(cpu, 0);
        }
        frame.step = CALLED;
        if (!cpu.advance(costs.cloneThread.charge())) {
          return WAIT;
        }
      // fall through
      case CALLED:
        return finishEnter(task);
      case RETURNING:
        if (task.call == Task.NO_CALL) {
          check.strayReturn(task);
          return DONE;
        }
        frame.step = DISPATCHED_AGAIN;
        if (!dispatch.enter(cpu)) {
          return WAIT;
        }
      // fall through
      case DISPATCHED_AGAIN:
        stampDispatch();
        frame.step = SERIALISED;
        if (isSerialised(task) && !task.process.mappingLock().acquire(cpu)) {
          return WAIT;
        }
      // fall through
      case SERIALISED:
        frame.step = DETACHING;
        if (isSerialised(task)) {
          cpu.stamp(TimeCategory.LOCK_WAIT);
        }
        addressCalls.begin(task);
        if (task.call == SyscallNumbers.FUTEX && futex.callReturn(task)) {
          return CALL;
        }
      // fall through
      case DETACHING:
        frame.step = DETACHED;
        if (node.isRemote() && addressCalls.detach(task)) {
          return CALL;
        }
      // fall through
      case DETACHED:
        frame.step = REPLIED;
        if (remote.prepare(task)) {
          cpu.stack().call(cpu.sendReply());
          addressCalls.settle(task);
          return CALL;
        }
        if (!cpu.advance(costs.localCall.charge())) {
          return WAIT;
        }
      // fall through
      case REPLIED:
        stampReturn(task);
        frame.step = UPDATED;
        if (addressCalls.replied(task, check)) {
          return CALL;
        }
      // fall through
      case UPDATED:
        if (addressCalls.next(task) || remote.next()) {
          frame.step = DETACHING;
          return resume(frame);
        }
        frame.step = COPIED;
        if (isSerialised(task)) {
          task.process.mappingLock().release(cpu, 0);
        }
        if (files.call(task) || buffers.call(task)) {
          return CALL;
        }
      // fall through
      case COPIED:
        if (task.isCopying && copy.hasFaulted() && task.call != SyscallNumbers.CLONE) {
          task.kernel.simulate(Errno.EFAULT);
        }
        dispatch.leave(cpu);
        frame.step = FINISHED;
        long straceExitPs = costs.clockRead.charge(costs.straceReads);
        cpu.irqsOff(IrqsOff.SYSTEM_CALL, straceExitPs, costs.syscallExit.ps(), 1);
        if (!cpu.advance(straceExitPs + costs.syscallExit.charge())) {
          return WAIT;
        }
      // fall through
      default: // FINISHED
        cpu.stamp(TimeCategory.TRAP);
        finishReturn(task);
        return DONE;
    }
  }

  private void stampDispatch() {
    if (dispatch.isOn()) {
      cpu.stamp(TimeCategory.LOCK_WAIT);
    }
  }

  /** The corrected kernel lets one call at a time change a process's mappings, here and at its memory node. */
  private boolean isSerialised(Task task) {
    return node.serialisesMappingCalls()
        && AddressCalls.changesMappings(task.call, task.batch.eventResult);
  }

  private long begin(Task task) {
    task.call = (int) task.batch.eventNumber;
    System.arraycopy(task.batch.eventArguments, 0, task.callArguments, 0, 6);
    task.callRecord = task.batch.firstRecord;
    task.callStartPs = cpu.nowPs();
    task.kernel.beginCall(task.batch.eventStrings);
    check.entered(task);
    task.isRemoteCall = false;
    task.kernel.syscalls.entered(task.call);
    if (SyscallNumbers.isClone(task.call)) {
      node.births().cloned(task, cpu);
    }
    node.smp().perCpu().entered(cpu.cpuIndex(), task.index);
    cpu.irqsOff(IrqsOff.SYSTEM_CALL, 0, costs.syscallEntry.ps(), 1);
    return costs.syscallEntry.charge() + costs.clockRead.charge(costs.straceReads);
  }

  /** Pushes the path of a call that has one of its own. */
  private boolean callsOwnPath(Task task) {
    switch (task.call) {
      case SyscallNumbers.FUTEX -> futex.call(task);
      case SyscallNumbers.EXIT -> exit.callExit();
      case SyscallNumbers.EXIT_GROUP -> {
        node.signals().ends.end(task.process, task, cpu);
        exit.callExit();
      }
      case SyscallNumbers.RT_SIGRETURN -> signal.callReturn();
      default -> {
        return false;
      }
    }
    return true;
  }

  private long enterBody(Task task) {
    if (SyscallNumbers.isClone(task.call) && node.children().madeBy(task) != null) {
      return costs.cloneThread.charge();
    }
    return signals.entered(task);
  }

  private int finishEnter(Task task) {
    dispatch.leave(cpu);
    if (task.batch.eventKind == EventKind.SYSCALL_ENTER) {
      if (task.call == SyscallNumbers.SCHED_YIELD) {
        cpu.scheduler().yieldCpu();
      }
      cpu.stamp(task.call == SyscallNumbers.FUTEX ? TimeCategory.FUTEX : TimeCategory.TRAP);
    } else {
      cpu.stamp(TimeCategory.TRAP);
    }
    return DONE;
  }

  private void prepareFork(Task task) {
    UserProcess child = node.children().childProcess(task);
    node.kernel().number(child);
    Request request = cpu.request().prepare(Opcode.FORK, task.process.homeNode());
    request.tgid = child.tgid();
    request.argument[0] = task.process.memoryTgid();
  }

  private void forkEnded(Task task) {
    node.audit()
        .forkEnds(
            task.process.memory().index(),
            node.children().childProcess(task).memory().index());
  }

  private void stampReturn(Task task) {
    if (task.isRemoteCall) {
      cpu.stampRequest();
    } else {
      cpu.stamp(
          SleepingCalls.heldCategory(task) == TimeCategory.FUTEX
              ? TimeCategory.FUTEX
              : TimeCategory.TRAP);
    }
  }

  private void finishReturn(Task task) {
    long result = task.batch.eventResult;
    node.taskMemory().transferred(task);
    signals.returned(task);
    check.returned(task);
    node.files().returned(task, cpu);
    task.kernel.syscalls.returned(task.call, result, cpu.nowPs() - task.callStartPs);
    task.call = Task.NO_CALL;
    signals.returnToUser(task);
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    Task task = cpu.running();
    if (task.batch.eventKind == EventKind.SYSCALL_ENTER) {
      long[] arguments = task.batch.eventArguments;
      details.name(SyscallNames.of((int) task.batch.eventNumber)).text("part", "entry");
      for (int i = 0; i < 3; i++) {
        details.address(ARGUMENT_NAMES.get(i), arguments[i]);
      }
    } else if (task.batch.eventKind == EventKind.EXEC) {
      details.name("execve").text("part", "image");
    } else {
      String call = task.call == Task.NO_CALL ? name() : SyscallNames.of(task.call);
      details.name(call).text("part", "return").number("result", task.batch.eventResult);
    }
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case BEGIN -> "entry";
      case ENTERED, FORKED, CHILD_READY, CALLED -> "call";
      case DISPATCHED, DISPATCHED_AGAIN, EXEC, EXEC_DISPATCHED -> "big lock";
      case FORKING, SERIALISED -> "another call that changes the mappings";
      case RETURNING, DETACHING, DETACHED, REPLIED -> "remote part";
      case UPDATED -> "page tables";
      case COPIED -> "user copy";
      default -> "exit";
    };
  }
}
