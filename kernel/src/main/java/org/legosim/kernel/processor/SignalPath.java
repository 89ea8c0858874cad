package org.legosim.kernel.processor;

import org.legosim.kernel.signal.AlternateStack;
import org.legosim.kernel.signal.SignalFrame;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.Sites;

/**
 * Delivering signals: each frame is written to the user's stack through the pcache, the registers into its
 * part that is aligned to 64 bytes; and rt_sigreturn, which reads it back.
 *
 * <p>Where the stack is, the handler's first records tell. Source: Linux 4.x {@code
 * arch/x86/kernel/signal.c}.
 */
final class SignalPath extends KernelPath {
  private static final int DELIVER = 0;
  private static final int SAVED = 1;
  private static final int WRITTEN = 2;
  private static final int RETURN = 3;
  private static final int READ = 4;
  private static final int RESTORED = 5;
  private static final int LEFT = 6;

  /** Argument: place of the last frame, or 0. */
  private static final int PLACE = 0;

  private static final int NEXT = 1;
  private static final int ADDRESS = 2;

  private static final int STACK_POINTER = 1 << 4;
  /** Below the stack pointer, functions that call none keep data. */
  private static final int RED_ZONE_BYTES = 128;

  private static final int FRAME_ALIGNMENT = 16;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final KernelCosts costs;
  private final UserCopyPath copy;
  private final SignalCalls calls;

  SignalPath(Cpu cpu, ProcessorNode node, UserCopyPath copy, SignalCalls calls) {
    super("signal");
    this.cpu = cpu;
    this.node = node;
    this.costs = node.costs();
    this.copy = copy;
    this.calls = calls;
  }

  /** Pushes the frames that the task is owed; its next records have been fetched. */
  void callFrames(Task task) {
    Frame frame = cpu.stack().call(this);
    frame.slot[PLACE] = placeOf(task);
    frame.slot[NEXT] = 0;
  }

  /** Pushes the body of an rt_sigreturn that has been entered. */
  void callReturn() {
    cpu.stack().call(this).step = RETURN;
  }

  /** Where the handler finds its return address; 0 when its records up to the next call do not tell. */
  private static long placeOf(Task task) {
    AccessBatch batch = task.batch;
    int most = task.batchKind == AccessSource.ACCESSES ? batch.count : 0;
    for (int i = 0; i < most; i++) {
      boolean isStore = AccessBatch.kindOf(batch.shape[i]) == AccessKind.STORE;
      int registers =
          batch.site[i] == Sites.UNKNOWN ? 0 : batch.sites.addressRegisters(batch.site[i]);
      boolean isFirstStore = registers == 0 && i == 0 && isStore;
      if (registers == STACK_POINTER || isFirstStore) {
        return batch.address[i] + (isStore ? AccessBatch.bytesOf(batch.shape[i]) : 0);
      }
    }
    return SignalFrame.UNKNOWN_PLACE;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    while (true) {
      switch (frame.step) {
        case DELIVER:
          if (frame.slot[NEXT] == task.kernel.owedFrames.size()) {
            task.kernel.owedFrames.clear();
            return DONE;
          }
          frame.step = SAVED;
          if (!cpu.advance(costs.signalDelivery.charge() + costs.saveRegisters.charge())) {
            return WAIT;
          }
        // fall through
        case SAVED:
          cpu.stamp(TimeCategory.TRAP);
          frame.step = WRITTEN;
          SignalFrame owed = task.kernel.owedFrames.get((int) frame.slot[NEXT]);
          frame.slot[ADDRESS] = addressOf(task, owed, frame);
          if (frame.slot[ADDRESS] != SignalFrame.UNKNOWN_PLACE) {
            copy.call(frame.slot[ADDRESS], bytesAt(frame.slot[ADDRESS]), true);
            return CALL;
          }
        // fall through
        case WRITTEN:
          written(task, frame);
          frame.slot[NEXT]++;
          frame.step = DELIVER;
          continue;
        case RETURN:
          SignalFrame returning = task.kernel.signals.giveBack();
          frame.step = LEFT;
          if (returning == null) {
            disagree(task, "rt_sigreturn", "returned", "no frame: SIGSEGV");
            continue;
          }
          task.kernel.returning = returning;
          frame.step = READ;
          if (returning.address() != SignalFrame.UNKNOWN_PLACE) {
            copy.call(returning.address(), bytesAt(returning.address()), false);
            return CALL;
          }
        // fall through
        case READ:
          frame.step = RESTORED;
          if (!cpu.advance(costs.signalReturn.charge() + costs.restoreRegisters.charge())) {
            return WAIT;
          }
        // fall through
        case RESTORED:
          restore(task);
          frame.step = LEFT;
          if (!cpu.advance(costs.syscallExit.charge())) {
            return WAIT;
          }
        // fall through
        default: // LEFT
          cpu.stamp(TimeCategory.TRAP);
          task.kernel.syscalls.returned(task.call, 0, cpu.nowPs() - task.callStartPs);
          task.call = Task.NO_CALL;
          calls.returnToUser(task);
          return DONE;
      }
    }
  }

  private long bytesAt(long address) {
    return SignalFrame.bytes(address, costs.stateBytes);
  }

  /** The handler's own frame is where it finds it; those that run after it lie above, in order. */
  private long addressOf(Task task, SignalFrame owed, Frame frame) {
    long place = frame.slot[PLACE];
    SignalFrame outer = task.kernel.signals.outerOf(owed);
    if (place == SignalFrame.UNKNOWN_PLACE && outer != null) {
      place = SignalFrame.below(outer.address() - RED_ZONE_BYTES, costs.stateBytes);
    }
    AlternateStack alternate = task.kernel.signals.alternate();
    if (owed.isOnAlternate() && alternate.bytes() > 0) {
      boolean fits = alternate.contains(place) && place + bytesAt(place) <= alternate.end();
      if (place != SignalFrame.UNKNOWN_PLACE && !alternate.contains(place)) {
        disagree(task, "signal " + owed.number(), "on another stack", "on the alternate stack");
      }
      place = fits ? place : SignalFrame.below(alternate.end(), costs.stateBytes);
    }
    if (place == SignalFrame.UNKNOWN_PLACE) {
      node.approximate("signals: a frame whose place the trace does not tell is not written");
      return place;
    }
    long above = task.kernel.owedFrames.size() - 1 - frame.slot[NEXT];
    for (long i = 0; i < above; i++) {
      place = ((place + bytesAt(place) + FRAME_ALIGNMENT - 1) & -FRAME_ALIGNMENT) + Long.BYTES;
    }
    return place;
  }

  private void written(Task task, Frame frame) {
    SignalFrame owed = task.kernel.owedFrames.get((int) frame.slot[NEXT]);
    boolean isPlaced = frame.slot[ADDRESS] != SignalFrame.UNKNOWN_PLACE;
    if (isPlaced && copy.hasFaulted()) {
      disagree(task, "signal " + owed.number(), "handled", "its stack is not mapped: SIGSEGV");
      isPlaced = false;
    }
    long registers = node.taskMemory().registers().signalFrame(cpu.cpuIndex(), task.index);
    long address = isPlaced ? frame.slot[ADDRESS] : SignalFrame.UNKNOWN_PLACE;
    task.kernel.signals.made(owed, address, registers);
  }

  private void restore(Task task) {
    SignalFrame returning = task.kernel.returning;
    if (returning != null) {
      node.taskMemory().registers().signalReturn(cpu.cpuIndex(), task.index, returning.registers());
      task.kernel.returning = null;
    }
  }

  private void disagree(Task task, String what, String captured, String simulated) {
    node.kernel().disagreements().add(task, what, captured, simulated);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case DELIVER, SAVED, WRITTEN -> "signal frame";
      case RETURN, READ, RESTORED -> "sigreturn";
      default -> "exit";
    };
  }
}
