package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.signal.GroupSignals;

/** What the kernel keeps of a process besides its memory: its parent, its end, its signals, its known mappings. */
final class ProcessLife {
  /** Where a process is. */
  enum State {
    /** Its parent has not made it yet. */
    UNBORN,
    LIVING,
    ZOMBIE,
    REAPED
  }

  private final KnownMappings mappings = new KnownMappings();
  private State state = State.UNBORN;
  private @Nullable UserProcess parent;
  private final GroupSignals signals = new GroupSignals();
  private boolean isEnding;
  private @Nullable Task execWaiter;

  KnownMappings mappings() {
    return mappings;
  }

  State state() {
    return state;
  }

  void setState(State next) {
    state = next;
  }

  /** The process that may wait for this one; null when it is outside the trace or has ended. */
  @Nullable
  UserProcess parent() {
    return parent;
  }

  void setParent(@Nullable UserProcess process) {
    parent = process;
  }

  GroupSignals signals() {
    return signals;
  }

  /** exit_group or a fatal signal: every thread is to end. */
  boolean isEnding() {
    return isEnding;
  }

  void setEnding() {
    isEnding = true;
  }

  /** The thread whose exec waits for the others to end. */
  @Nullable
  Task execWaiter() {
    return execWaiter;
  }

  void setExecWaiter(@Nullable Task task) {
    execWaiter = task;
  }
}
