package org.legosim.kernel.signal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Signals of one thread: what it blocks, what is pending for it alone, its frames and alternate stack. */
public final class ThreadSignals {
  /** A program that leaves its handlers by longjmp never gives its frames back. */
  private static final int MOST_FRAMES = 1024;

  final PendingSignals pending = new PendingSignals();
  private final Deque<SignalFrame> frames = new ArrayDeque<>();
  private long blocked;
  private boolean isMaskKnown = true;
  private boolean isSuspended;
  private long suspendedMask;
  private AlternateStack alternate = AlternateStack.NONE;

  /** The blocked signals. */
  public long blocked() {
    return blocked;
  }

  /** False once the trace did not tell which signals a call blocks. */
  public boolean isMaskKnown() {
    return isMaskKnown;
  }

  /** Signals that are pending for this thread alone. */
  public PendingSignals pending() {
    return pending;
  }

  boolean blocks(int number) {
    return (blocked & Signals.bit(number)) != 0;
  }

  void setBlocked(long mask) {
    blocked = mask & ~Signals.UNBLOCKABLE;
  }

  /** rt_sigprocmask. {@code how}: 0 adds to the blocked ones, 1 takes from them, 2 replaces them. */
  public void changeMask(int how, long mask) {
    endSuspension();
    switch (how) {
      case 0 -> setBlocked(blocked | mask);
      case 1 -> setBlocked(blocked & ~mask);
      default -> {
        setBlocked(mask);
        isMaskKnown = true;
      }
    }
  }

  /** A mask is set that the trace does not tell. */
  public void loseMask() {
    isMaskKnown = false;
  }

  /** rt_sigsuspend, and the mask of a wait: another mask, until a handler has run. */
  public void suspend(long mask) {
    endSuspension();
    suspendedMask = blocked;
    isSuspended = true;
    setBlocked(mask);
  }

  /** No handler came: the mask from before applies again. */
  public void endSuspension() {
    if (isSuspended) {
      isSuspended = false;
      blocked = suspendedMask;
    }
  }

  /** The mask that comes back when a handler that begins now has returned. */
  long maskAfterHandler() {
    return isSuspended ? suspendedMask : blocked;
  }

  void suspensionIsOver() {
    isSuspended = false;
  }

  public AlternateStack alternate() {
    return alternate;
  }

  /**
   * sigaltstack.
   *
   * @return false when a kernel refuses: it is in use, or too small
   */
  public boolean setAlternate(long start, long bytes, boolean isDisabled) {
    if (isOnAlternate() || (!isDisabled && bytes < AlternateStack.LEAST_BYTES)) {
      return false;
    }
    alternate = isDisabled ? AlternateStack.NONE : new AlternateStack(start, bytes);
    return true;
  }

  /** True while a handler runs on the alternate stack. */
  boolean isOnAlternate() {
    SignalFrame top = frames.peek();
    return top != null && top.isOnAlternate;
  }

  void push(SignalFrame frame) {
    if (frames.size() == MOST_FRAMES) {
      frames.removeLast();
    }
    frames.push(frame);
  }

  @Nullable
  SignalFrame top() {
    return frames.peek();
  }

  /** The latest frame of the same stack whose handler a new frame interrupts and whose place is known. */
  public @Nullable SignalFrame outerOf(SignalFrame made) {
    for (SignalFrame frame : frames) {
      boolean isPlaced = frame.address() != SignalFrame.UNKNOWN_PLACE;
      if (frame != made && isPlaced && frame.isOnAlternate == made.isOnAlternate) {
        return frame;
      }
    }
    return null;
  }

  /**
   * A frame is made at {@code address}: those of the same stack that lie below were left by longjmp, and are
   * gone.
   */
  public void made(SignalFrame made, long address, long registers) {
    if (address != SignalFrame.UNKNOWN_PLACE) {
      frames.removeIf(frame -> frame != made
          && frame.isRunning()
          && frame.isOnAlternate == made.isOnAlternate
          && frame.address() != SignalFrame.UNKNOWN_PLACE
          && frame.address() <= address);
    }
    made.made(address, registers);
  }

  /**
   * rt_sigreturn.
   *
   * @return the frame whose handler returns; null when none runs, which ends a process by SIGSEGV
   */
  public @Nullable SignalFrame giveBack() {
    for (SignalFrame frame : frames) {
      if (frame.isRunning()) {
        frames.remove(frame);
        isSuspended = false;
        setBlocked(frame.oldMask);
        return frame;
      }
    }
    return null;
  }

  /** Handlers that have begun and not returned, and frames whose handler is still to begin. */
  public int frameCount() {
    return frames.size();
  }

  /** clone, fork: the child has the parent's mask; a thread of its own stack has no alternate one. */
  public void inherit(ThreadSignals parent, boolean sharesMemory) {
    blocked = parent.maskAfterHandler();
    isMaskKnown = parent.isMaskKnown;
    alternate = sharesMemory ? AlternateStack.NONE : parent.alternate;
    if (!sharesMemory) {
      frames.addAll(parent.frames);
    }
  }

  /** exec: frames and alternate stack are gone with the memory that they were in. */
  public void exec() {
    endSuspension();
    frames.clear();
    alternate = AlternateStack.NONE;
  }
}
