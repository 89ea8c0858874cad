package org.legosim.kernel.signal;

import java.util.Arrays;

/** The actions of a process, one for each signal; its threads share them. */
public final class SignalActions {
  private final SignalAction[] actions = new SignalAction[Signals.LAST + 1];

  public SignalActions() {
    Arrays.fill(actions, SignalAction.DEFAULT);
  }

  /** The action of a signal. */
  public SignalAction of(int number) {
    return actions[number];
  }

  /**
   * rt_sigaction.
   *
   * @return whether the kernel does that: SIGKILL and SIGSTOP keep their action
   */
  boolean set(int number, SignalAction action) {
    if ((Signals.UNBLOCKABLE & Signals.bit(number)) != 0) {
      return false;
    }
    actions[number] = action;
    return true;
  }

  /** A forked child gets its parent's. */
  void copyFrom(SignalActions other) {
    System.arraycopy(other.actions, 0, actions, 0, actions.length);
  }

  /** exec: handlers are gone with the program; what is ignored stays so. */
  void exec() {
    for (int number = 1; number <= Signals.LAST; number++) {
      if (actions[number].handler() != SignalAction.IGNORE_HANDLER) {
        actions[number] = SignalAction.DEFAULT;
      }
    }
  }

  /** True when children that end leave nothing to wait for. */
  boolean reapsChildren() {
    SignalAction action = actions[Signals.CHLD];
    return action.handler() == SignalAction.IGNORE_HANDLER || action.has(SignalAction.SA_NOCLDWAIT);
  }
}
