package org.legosim.kernel.memory;

import java.util.ArrayDeque;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * An address space's semaphore: many readers or one writer, first come first served, so a waiting
 * writer holds up the readers behind it.
 */
final class RwSemaphore {
  private record Waiter(ExecutionContext context, boolean isWriter) {}

  private final String name;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private int readers;
  private boolean hasWriter;
  private long contended;

  RwSemaphore(String name) {
    this.name = name;
  }

  /** False when the context must wait; it holds the semaphore when it is resumed. */
  @HotPath
  boolean acquire(ExecutionContext context, boolean isWriter) {
    if (waiters.isEmpty() && !hasWriter && (!isWriter || readers == 0)) {
      enter(isWriter);
      return true;
    }
    contended++;
    waiters.add(new Waiter(context, isWriter));
    context.beginWait(name);
    return false;
  }

  @HotPath
  void release(ExecutionContext context, boolean isWriter) {
    if (isWriter ? !hasWriter : readers == 0) {
      throw new ModelException(context.name() + " releases " + name + " without holding it");
    }
    if (isWriter) {
      hasWriter = false;
    } else {
      readers--;
    }
    while (!waiters.isEmpty()) {
      Waiter next = waiters.element();
      if (hasWriter || (next.isWriter && readers > 0)) {
        return;
      }
      waiters.remove();
      enter(next.isWriter);
      next.context.wake(context.id(), context.nowPs());
    }
  }

  private void enter(boolean isWriter) {
    if (isWriter) {
      hasWriter = true;
    } else {
      readers++;
    }
  }

  long contended() {
    return contended;
  }

  boolean isFree() {
    return readers == 0 && !hasWriter && waiters.isEmpty();
  }
}
