package org.legosim.kernel.futex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.engine.KernelLock;

/** One hash bucket: a lock, how many wait or are about to, and the waiters in order of priority. */
public final class FutexBucket {
  private final int index;
  private final KernelLock lock;
  private final List<FutexWaiter> waiters = new ArrayList<>();
  private int announced;
  private int[] lastWoken = new int[4];
  private int lastWokenCount;

  FutexBucket(int index) {
    this.index = index;
    this.lock = new KernelLock("futex bucket " + index);
  }

  public int index() {
    return index;
  }

  public KernelLock lock() {
    return lock;
  }

  /** A waiter is on its way to the lock: from now on a waker must look. */
  public void announce() {
    announced++;
  }

  /** It does not queue after all. */
  public void retract() {
    announced--;
  }

  /** False when a wake may go home without taking the lock. */
  public boolean mayHaveWaiters() {
    return announced > 0;
  }

  /** Queues a waiter that was announced, behind those of its priority. */
  public void queue(FutexWaiter waiter, long owner, long address, int bitset) {
    waiter.queued(owner, address, bitset);
    insert(waiter);
  }

  private void insert(FutexWaiter waiter) {
    int place = waiters.size();
    while (place > 0 && waiters.get(place - 1).priority > waiter.priority) {
      place--;
    }
    waiters.add(place, waiter);
    waiter.bucket = this;
  }

  /** Takes a waiter off without a wake: its time is over, or its word had another value. */
  public void remove(FutexWaiter waiter) {
    waiters.remove(waiter);
    waiter.bucket = null;
    announced--;
  }

  /**
   * Wakes the first {@code most} waiters of a key whose bit sets meet.
   *
   * @return how many it were
   */
  public int wake(long owner, long address, int bitset, int most) {
    int woken = 0;
    int kept = 0;
    lastWokenCount = 0;
    for (int i = 0; i < waiters.size(); i++) {
      FutexWaiter waiter = waiters.get(i);
      boolean isMeant =
          waiter.owner == owner && waiter.address == address && (waiter.bitset & bitset) != 0;
      if (isMeant && woken < most) {
        waiter.woken();
        announced--;
        woken++;
        note(waiter.task);
      } else {
        waiters.set(kept++, waiter);
      }
    }
    truncate(kept);
    return woken;
  }

  private void note(int task) {
    if (lastWokenCount == lastWoken.length) {
      lastWoken = Arrays.copyOf(lastWoken, 2 * lastWokenCount);
    }
    lastWoken[lastWokenCount++] = task;
  }

  /** The tasks that the last {@link #wake} woke, in an array that is {@code reuse} when it is large enough. */
  public int[] lastWoken(int[] reuse) {
    int[] target = reuse.length < lastWokenCount ? new int[lastWoken.length] : reuse;
    System.arraycopy(lastWoken, 0, target, 0, lastWokenCount);
    return target;
  }

  /**
   * Moves the first {@code most} waiters of a key to another key.
   *
   * @return how many it were
   */
  public int requeue(
      long owner, long address, FutexBucket to, long newOwner, long newAddress, int most) {
    List<FutexWaiter> moved = new ArrayList<>();
    for (FutexWaiter waiter : waiters) {
      if (moved.size() < most && waiter.owner == owner && waiter.address == address) {
        moved.add(waiter);
      }
    }
    for (FutexWaiter waiter : moved) {
      waiter.owner = newOwner;
      waiter.address = newAddress;
      if (to != this) {
        waiters.remove(waiter);
        announced--;
        to.announced++;
        to.insert(waiter);
      }
    }
    return moved.size();
  }

  private void truncate(int size) {
    while (waiters.size() > size) {
      waiters.remove(waiters.size() - 1);
    }
  }

  int size() {
    return waiters.size();
  }
}
