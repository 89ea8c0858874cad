package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;

/**
 * Which call of which task begins which task: the first gate of a child stands before its first
 * record and names its parent's clone.
 */
final class Children {
  private record Call(int task, long record) {}

  private final Map<Call, Task> byCall = new LinkedHashMap<>();

  void add(Task child) {
    if (child.gates.waitRecord() == 0) {
      byCall.put(new Call(child.firstTask + child.gates.onThread(), child.gates.onRecord()), child);
    }
  }

  /** The task that the call in progress of {@code parent} makes; null when the trace knows none. */
  @Nullable
  Task madeBy(Task parent) {
    return of(parent, parent.callRecord);
  }

  /** True when that task is the first of a process. */
  boolean forksProcess(Task parent) {
    Task child = madeBy(parent);
    return child != null && child.process != parent.process;
  }

  /** The process that the call in progress makes. */
  UserProcess childProcess(Task parent) {
    Task child = madeBy(parent);
    if (child == null) {
      throw new ModelException(parent.describe() + " makes no process");
    }
    return child.process;
  }

  /** Tasks that calls of {@code maker} were to make, and have not. */
  List<Task> unmadeBy(Task maker) {
    List<Task> unmade = new ArrayList<>();
    byCall.forEach((call, child) -> {
      if (call.task == maker.index && !child.isMade && child.state == Task.State.NEW) {
        unmade.add(child);
      }
    });
    return unmade;
  }

  /** The task that begins with {@code record} of {@code parent}; null when there is none. */
  @Nullable
  Task of(Task parent, long record) {
    return byCall.get(new Call(parent.index, record));
  }
}
