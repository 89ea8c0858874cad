package org.legosim.timing.engine;

import java.util.Arrays;
import org.legosim.timing.ModelException;

/**
 * A kernel lock with a first-come wait queue. Waiters sleep in the simulator while their CPUs count
 * as busy; on release the first waiter owns the lock at once and is woken after the hand-over time.
 */
public final class KernelLock {
  private static final int FREE = -1;

  private final String name;
  private int owner = FREE;
  private ExecutionContext[] waiters = new ExecutionContext[0];
  private int first;
  private int count;
  private long acquisitions;
  private long contended;

  public KernelLock(String name) {
    this.name = name;
  }

  /**
   * Takes the lock if it is free; otherwise queues the context, whose path then returns {@link
   * KernelPath#WAIT} and owns the lock when it is resumed.
   */
  @HotPath
  public boolean acquire(ExecutionContext context) {
    acquisitions++;
    if (owner == FREE) {
      owner = context.id();
      return true;
    }
    if (owner == context.id()) {
      throw new ModelException(
          context.name() + " takes " + name + " twice: " + context.stack().describe());
    }
    contended++;
    enqueue(context);
    context.beginWait(name);
    return false;
  }

  @HotPath
  public boolean tryAcquire(ExecutionContext context) {
    if (owner != FREE) {
      return false;
    }
    acquisitions++;
    owner = context.id();
    return true;
  }

  /** Gives the lock up; the first waiter has it and runs {@code handOverPs} from now. */
  @HotPath
  public void release(ExecutionContext context, long handOverPs) {
    if (owner != context.id()) {
      throw new ModelException(context.name() + " releases " + name + " without owning it");
    }
    if (count == 0) {
      owner = FREE;
      return;
    }
    ExecutionContext next = waiters[first];
    first = (first + 1) & (waiters.length - 1);
    count--;
    owner = next.id();
    next.wake(context.id(), context.nowPs() + handOverPs);
  }

  public boolean isFree() {
    return owner == FREE;
  }

  public boolean isHeldBy(ExecutionContext context) {
    return owner == context.id();
  }

  public String name() {
    return name;
  }

  public int waiterCount() {
    return count;
  }

  public long acquisitions() {
    return acquisitions;
  }

  public long contended() {
    return contended;
  }

  private void enqueue(ExecutionContext context) {
    if (count == waiters.length) {
      int length = Math.max(4, 2 * waiters.length);
      ExecutionContext[] longer = new ExecutionContext[length];
      for (int i = 0; i < count; i++) {
        longer[i] = waiters[(first + i) & (waiters.length - 1)];
      }
      waiters = longer;
      first = 0;
    }
    waiters[(first + count++) & (waiters.length - 1)] = context;
  }

  @Override
  public String toString() {
    return name + (owner == FREE ? " free" : " owned by actor " + owner) + ", " + count
        + " waiting "
        + Arrays.stream(waiters)
            .filter(java.util.Objects::nonNull)
            .map(ExecutionContext::name)
            .toList();
  }
}
