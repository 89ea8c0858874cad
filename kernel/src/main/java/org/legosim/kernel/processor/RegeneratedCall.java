package org.legosim.kernel.processor;

import org.legosim.kernel.futex.FutexCommand;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A futex call of which the trace knows nothing: in the replay by meaning a thread waits for a lock that it got at once in the
 * capture, or wakes somebody who did not wait there. A wait that is queued ends this path; its return is another call of it.
 */
final class RegeneratedCall extends KernelPath {
  private static final int ADDRESS = 0;
  private static final int COMMAND = 1;
  private static final int BEGAN_PS = 2;

  private static final int BEGIN = 0;
  private static final int ENTERED = 1;
  private static final int CALLED = 2;
  private static final int LEAVING = 3;
  private static final int LEFT = 4;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final FutexPath futex;

  RegeneratedCall(Cpu cpu, ProcessorNode node, FutexPath futex) {
    super("lock");
    this.cpu = cpu;
    this.node = node;
    this.futex = futex;
  }

  /** Pushes a wait for the lock that the task asks for, or a wake of one who does. */
  void call(long address, FutexCommand command) {
    Frame frame = cpu.stack().call(this);
    frame.slot[ADDRESS] = address;
    frame.slot[COMMAND] = command.ordinal();
    frame.slot[BEGAN_PS] = cpu.nowPs();
  }

  /** Pushes the way back to user mode of a task that was woken. */
  void callReturn() {
    Frame frame = cpu.stack().call(this);
    frame.step = LEAVING;
    frame.slot[BEGAN_PS] = cpu.nowPs();
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    switch (frame.step) {
      case BEGIN:
        task.kernel.syscalls.entered(SyscallNumbers.FUTEX);
        frame.step = ENTERED;
        if (!cpu.advance(node.costs().syscallEntry.charge())) {
          return WAIT;
        }
      // fall through
      case ENTERED:
        cpu.stamp(TimeCategory.TRAP);
        frame.step = CALLED;
        futex.call(frame.slot[ADDRESS], FutexCommand.values()[(int) frame.slot[COMMAND]]);
        return CALL;
      case CALLED:
        if (task.kernel.waiter.isQueued() || task.kernel.waiter.isWoken()) {
          task.meaning.queued();
          return DONE;
        }
      // fall through
      case LEAVING:
        frame.step = LEFT;
        if (!cpu.advance(node.costs().syscallExit.charge())) {
          return WAIT;
        }
      // fall through
      default: // LEFT
        cpu.stamp(TimeCategory.TRAP);
        task.kernel.syscalls.returned(SyscallNumbers.FUTEX, 0, cpu.nowPs() - frame.slot[BEGAN_PS]);
        return DONE;
    }
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    if (frame.step == BEGIN) {
      details.name("futex, by meaning").address("word", frame.slot[ADDRESS]);
    } else {
      details.name("return of futex, by meaning");
    }
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case BEGIN, ENTERED -> "entry";
      case CALLED -> "futex";
      default -> "exit";
    };
  }
}
