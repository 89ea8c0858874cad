package org.legosim.kernel.smp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;

/**
 * The call descriptors that one CPU has yet to see to ({@code call_single_queue}), in the order in which they came.
 *
 * <p>The real list is threaded through the descriptors: one that is queued twice points at itself, and the handler
 * never ends. Here it is seen to twice.
 */
public final class CallQueue {
  private @Nullable CallDescriptor[] waiting = new CallDescriptor[4];
  private int count;

  /** Queues a descriptor; true when it is the only one, whose CPU must be interrupted. */
  public boolean add(CallDescriptor descriptor) {
    if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * count);
    }
    waiting[count++] = descriptor;
    return count == 1;
  }

  public int count() {
    return count;
  }

  /** One of them, from 0. */
  public CallDescriptor get(int index) {
    CallDescriptor found = waiting[index];
    if (index >= count || found == null) {
      throw new ModelException("call queue of " + count + " has no number " + index);
    }
    return found;
  }

  /** The handler has taken all. */
  public void clear() {
    Arrays.fill(waiting, 0, count, null);
    count = 0;
  }
}
