package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;

/** What the kernel keeps of a process besides its memory: its parent, its end, its known mappings. */
final class ProcessLife {
  /** Where a process is. */
  enum State {
    LIVING,
    ZOMBIE,
    REAPED
  }

  private final KnownMappings mappings = new KnownMappings();
  private State state = State.LIVING;
  private @Nullable UserProcess parent;
  private @Nullable Task endedBy;

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

  /** The thread that ended the whole group, when one did. */
  @Nullable
  Task endedBy() {
    return endedBy;
  }

  void setEndedBy(Task task) {
    endedBy = task;
  }
}
