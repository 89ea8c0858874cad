package org.legosim.kernel.futex;

import org.jspecify.annotations.Nullable;

/** A task's place in a futex queue; a task has one, as it can wait for one word only. */
public final class FutexWaiter {
  /** Priority of every task of the fair class; real-time tasks have lower numbers and go first. */
  public static final int FAIR_PRIORITY = 100;

  final int task;
  long owner;
  long address;
  int bitset;
  int priority = FAIR_PRIORITY;

  @Nullable
  FutexBucket bucket;

  private boolean isWoken;

  /** The place of the task with that number. */
  public FutexWaiter(int task) {
    this.task = task;
  }

  void queued(long keyOwner, long keyAddress, int bits) {
    owner = keyOwner;
    address = keyAddress;
    bitset = bits;
    isWoken = false;
  }

  void woken() {
    bucket = null;
    isWoken = true;
  }

  /** A wait begins that has met nobody yet. */
  public void reset() {
    isWoken = false;
  }

  public int task() {
    return task;
  }

  /** Lower numbers are woken first; equal ones in the order of their waits. */
  public void setPriority(int number) {
    priority = number;
  }

  public boolean isQueued() {
    return bucket != null;
  }

  /** A wake has taken it off its queue. */
  public boolean isWoken() {
    return isWoken;
  }

  /** The bucket that it is queued in, which a requeue may have changed. */
  public @Nullable FutexBucket bucket() {
    return bucket;
  }
}
