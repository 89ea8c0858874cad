package org.legosim.kernel.processor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** The task that begins with {@code record} of {@code parent}; null when there is none. */
  @Nullable
  Task of(Task parent, long record) {
    return byCall.get(new Call(parent.index, record));
  }
}
