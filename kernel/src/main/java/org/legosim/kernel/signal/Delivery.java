package org.legosim.kernel.signal;

import java.util.List;

/**
 * What a kernel does with signals at a given moment. Taken first is what an instruction raised, then the
 * lowest number, the thread's own before the process's. Several at once make several frames: the last one
 * taken runs first.
 *
 * <p>Source: Linux 4.x {@code kernel/signal.c}, which LegoOS ported.
 */
public final class Delivery {
  private final ThreadSignals thread;
  private final GroupSignals group;

  /** Signals of one thread of a process. */
  public Delivery(ThreadSignals thread, GroupSignals group) {
    this.thread = thread;
    this.group = group;
  }

  /** What becomes of a signal that is sent. */
  public enum Sent {
    /** The process ignores it, and it is gone. */
    DROPPED,
    PENDING,
    /** The process ends. */
    FATAL
  }

  /** How the captured beginning of a handler compares with what this kernel would do. */
  public enum Arrival {
    AGREED,
    /** Nobody has sent it. */
    NOT_SENT,
    /** It was sent again while it was pending, and so but once. */
    MERGED,
    BLOCKED,
    /** It has no handler here, and is ignored. */
    IGNORED,
    /** It has no handler here, and the process would have ended. */
    FATAL,
    /** Another one goes first, and blocks it until its handler returns. */
    BEHIND_ANOTHER,
    /** Raised by an instruction while it is blocked or ignored: the process would have ended. */
    FORCED
  }

  /**
   * Sends a signal.
   *
   * @param toThread to this thread alone, or to any of its process
   */
  public Sent send(int number, boolean toThread) {
    SignalAction action = group.actions.of(number);
    boolean isBlocked = thread.blocks(number);
    if (action.ignores(number) && !isBlocked) {
      return Sent.DROPPED;
    }
    (toThread ? thread.pending : group.pending).add(number);
    boolean isCertain = thread.isMaskKnown() || number == Signals.KILL;
    return action.isFatal(number) && !isBlocked && isCertain ? Sent.FATAL : Sent.PENDING;
  }

  /** Signals that are pending and not blocked. */
  public long deliverable() {
    return (thread.pending.set() | group.pending.set()) & ~thread.blocked();
  }

  /** Signals that are pending here, blocked or not: what rt_sigpending tells, without the mask. */
  public long pending() {
    return thread.pending.set() | group.pending.set();
  }

  /** Takes a signal as the kernel does: the thread's own before the process's. */
  public boolean take(int number) {
    return thread.pending.take(number) || group.pending.take(number);
  }

  /**
   * On the way back to the user: drops what is ignored.
   *
   * @return true when one of them ends the process
   */
  public boolean returnToUser() {
    for (long set = deliverable(); set != 0; ) {
      int number = Signals.first(set);
      set &= ~Signals.bit(number);
      SignalAction action = group.actions.of(number);
      if (action.isFatal(number) && thread.isMaskKnown()) {
        return true;
      }
      if (action.ignores(number)) {
        take(number);
      }
    }
    return false;
  }

  /**
   * The trace has a handler of {@code number} begin. Makes the frames that this kernel would make for it, the
   * captured one at last whatever it would have done.
   *
   * @param frames takes the frames that are still to be written, in the order in which they are made
   */
  public Arrival arrives(int number, List<SignalFrame> frames) {
    SignalFrame top = thread.top();
    if (top != null && top.number == number && !top.isRunning()) {
      // it was taken together with the one that has just returned
      top.run();
      return Arrival.AGREED;
    }
    boolean isBlocked = thread.isMaskKnown() && thread.blocks(number);
    SignalAction action = group.actions.of(number);
    Arrival arrival = arrivalOf(number, isBlocked, action);
    boolean isPending = (pending() & Signals.bit(number)) != 0;
    if (arrival == Arrival.AGREED && isPending && !takeEarlier(number, frames)) {
      arrival = Arrival.BEHIND_ANOTHER;
    }
    take(number);
    SignalFrame own = frame(number);
    own.run();
    frames.add(own);
    return arrival;
  }

  private Arrival arrivalOf(int number, boolean isBlocked, SignalAction action) {
    boolean isPending = (pending() & Signals.bit(number)) != 0;
    if (Signals.isSynchronous(number) && !isPending) {
      return isBlocked || action.handler() == SignalAction.IGNORE_HANDLER
          ? Arrival.FORCED
          : handled(number, action);
    }
    if (!isPending) {
      boolean isMerged = thread.pending.takeMerged(number) || group.pending.takeMerged(number);
      Arrival without = handled(number, action);
      if (without == Arrival.IGNORED) {
        return without;
      }
      return isMerged ? Arrival.MERGED : Arrival.NOT_SENT;
    }
    return isBlocked ? Arrival.BLOCKED : handled(number, action);
  }

  private static Arrival handled(int number, SignalAction action) {
    if (action.isHandled()) {
      return Arrival.AGREED;
    }
    return action.ignores(number) ? Arrival.IGNORED : Arrival.FATAL;
  }

  /**
   * Takes those that go before {@code number}, which are to run after it.
   *
   * @return false when one of them blocks it
   */
  private boolean takeEarlier(int number, List<SignalFrame> frames) {
    while (true) {
      long set = deliverable();
      if ((set & Signals.bit(number)) == 0) {
        return false;
      }
      int first = Signals.first(set);
      if (first == number) {
        return true;
      }
      SignalAction action = group.actions.of(first);
      if (!action.isKnown() || action.isFatal(first)) {
        return true;
      }
      take(first);
      if (action.isHandled()) {
        frames.add(frame(first));
      }
    }
  }

  /** The mask, the action and the stack as the delivery leaves them. */
  private SignalFrame frame(int number) {
    SignalAction action = group.actions.of(number);
    boolean isOnAlternate = thread.isOnAlternate()
        || (action.has(SignalAction.SA_ONSTACK) && thread.alternate().isEnabled());
    SignalFrame frame = new SignalFrame(number, thread.maskAfterHandler(), isOnAlternate);
    thread.suspensionIsOver();
    long mask = action.mask() | (action.has(SignalAction.SA_NODEFER) ? 0 : Signals.bit(number));
    thread.setBlocked(thread.blocked() | mask);
    if (action.has(SignalAction.SA_RESETHAND)) {
      group.actions.set(number, SignalAction.DEFAULT);
    }
    thread.push(frame);
    return frame;
  }

  /**
   * rt_sigaction. What is pending and ignored from now on is gone.
   *
   * @return false when a kernel refuses
   */
  public boolean setAction(int number, SignalAction action) {
    if (!group.actions.set(number, action)) {
      return false;
    }
    if (action.ignores(number)) {
      thread.pending.drop(number);
      group.pending.drop(number);
    }
    return true;
  }
}
