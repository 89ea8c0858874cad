package org.legosim.kernel.sched;

import org.jspecify.annotations.Nullable;

/**
 * The tasks of one CPU that can run, and which of them does: stop before real time before fair before idle.
 * Times are nanoseconds and never go back; nothing here takes simulated time.
 *
 * <p>Source: LegoOS {@code kernel/sched/core.c}.
 */
public final class RunQueue {
  /** Number of the CPU's stopper thread. */
  public static final int STOPPER = -1;

  /** Number of the CPU's worker thread. */
  public static final int WORKER = -2;

  private final FairQueue fair;
  private final RealTimeQueue realTime;
  private final SchedEntity stopper;
  private @Nullable SchedEntity current;
  private boolean needsResched;

  /**
   * @param cpu number of the CPU
   * @param tickPs period of its tick
   */
  public RunQueue(int cpu, SchedParams params, long tickPs) {
    fair = new FairQueue(params);
    realTime = new RealTimeQueue(params.rrSliceTicks(tickPs));
    stopper = new SchedEntity(STOPPER, CpuMask.only(cpu), Policy.STOP);
  }

  /** The task that has the CPU, from the moment it was picked; null when the CPU idles. */
  public @Nullable SchedEntity current() {
    return current;
  }

  /** True when the running task gives way at its next return to user mode. */
  public boolean needsResched() {
    return needsResched;
  }

  /** Tasks that can run, the running one included. */
  public int count() {
    return fair.count() + realTime.count() + (stopper.isQueued ? 1 : 0);
  }

  /** Those of the fair class. */
  public int fairCount() {
    return fair.count();
  }

  /** A task that slept on this CPU can run. */
  public void wake(SchedEntity entity, long nowNs) {
    add(entity, true, nowNs);
    checkPreempt(entity, nowNs);
  }

  /** A task that is new, or comes from another CPU's queue, can run here. */
  public void add(SchedEntity entity, long nowNs) {
    add(entity, false, nowNs);
    checkPreempt(entity, nowNs);
  }

  /** The stopper thread of this CPU; {@link #wakeStopper} wakes it up. */
  public SchedEntity stopper() {
    return stopper;
  }

  /** The CPU's stopper has work. */
  public void wakeStopper() {
    if (!stopper.isQueued) {
      stopper.isQueued = true;
      needsResched = true;
    }
  }

  /** Gives a new task its virtual time; {@code parent} has this CPU, or nobody made the task. */
  public void fork(@Nullable SchedEntity parent, SchedEntity child, long nowNs) {
    if (child.policy().isFair()) {
      boolean runsHere = parent != null && parent == current && parent.policy().isFair();
      fair.fork(runsHere ? parent : null, child, nowNs);
    }
  }

  /** The running task sleeps or has ended; nobody has the CPU until the next {@link #pick}. */
  public void block(long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      return;
    }
    if (running == stopper) {
      stopper.isQueued = false;
    } else {
      take(running, true, nowNs);
    }
    putBack(nowNs);
  }

  /** A queued task that does not have the CPU leaves for another CPU's queue. */
  public void remove(SchedEntity entity, long nowNs) {
    take(entity, false, nowNs);
  }

  /**
   * A task that sleeps and last ran here will wake up on another CPU: what it has of this queue's time becomes
   * relative, as {@link #add} takes it.
   */
  public void detach(SchedEntity sleeper) {
    if (sleeper.policy().isFair()) {
      sleeper.vruntimeNs -= fair.minVruntimeNs();
    }
  }

  /** A task that {@link #detach} took from another CPU wakes up here. */
  public void wakeDetached(SchedEntity entity, long nowNs) {
    if (entity.policy().isFair()) {
      fair.attachSleeper(entity);
    }
    wake(entity, nowNs);
  }

  /** The periodic tick. */
  public void tick(long nowNs) {
    SchedEntity running = current;
    if (running == null || running == stopper) {
      return;
    }
    boolean isOver = running.policy().isFair() ? fair.tick(nowNs) : tickRealTime(running, nowNs);
    needsResched |= isOver;
  }

  private boolean tickRealTime(SchedEntity running, long nowNs) {
    updateRealTime(running, nowNs);
    return realTime.tick(running);
  }

  private static void updateRealTime(SchedEntity running, long nowNs) {
    running.sumExecNs += nowNs - running.execStartNs;
    running.execStartNs = nowNs;
  }

  /** sched_yield of the running task. */
  public void yieldCpu(long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      return;
    }
    if (running.policy().isFair()) {
      fair.yieldCpu(nowNs);
    } else if (running != stopper) {
      realTime.requeue(running);
    }
    needsResched = true;
  }

  /**
   * Takes the CPU from the running task and gives it to the one that is next, which may be the same.
   *
   * @return null when there is none: the CPU idles
   */
  public @Nullable SchedEntity pick(long nowNs) {
    putBack(nowNs);
    needsResched = false;
    if (stopper.isQueued) {
      current = stopper;
    } else {
      SchedEntity first = realTime.first();
      if (first != null) {
        first.execStartNs = nowNs;
      }
      current = first == null ? fair.pick(nowNs) : first;
    }
    return current;
  }

  private void putBack(long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      return;
    }
    if (running.policy().isFair()) {
      fair.putBack(nowNs);
    } else if (running != stopper && running.isQueued) {
      updateRealTime(running, nowNs);
    }
    current = null;
  }

  /**
   * Changes how a task of this CPU is scheduled; it may run, wait or sleep.
   *
   * @param nice -20 to 19; kept for later when the policy is a real-time one
   * @param priority 1 to 99 for a real-time policy, else 0
   */
  public void change(SchedEntity entity, Policy policy, int nice, int priority, long nowNs) {
    boolean runs = entity == current;
    boolean isQueued = entity.isQueued;
    boolean wasFair = entity.policy().isFair();
    int importance = importance(entity);
    if (isQueued) {
      take(entity, false, nowNs);
    }
    if (runs) {
      putBack(nowNs);
    }
    if (!isQueued && wasFair && !policy.isFair()) {
      fair.detachSleeper(entity);
    }
    entity.set(policy, nice, priority);
    if (!isQueued) {
      if (!wasFair && policy.isFair()) {
        fair.attachSleeper(entity);
      }
      return;
    }
    add(entity, false, nowNs);
    if (runs) {
      giveCpu(entity, nowNs);
      needsResched |= importance(entity) < importance;
    } else if (wasFair && policy == Policy.NORMAL) {
      needsResched |= importance(entity) > importance;
    } else {
      checkPreempt(entity, nowNs);
    }
  }

  /** A task's rank as one number: what is more runs before what is less. */
  private static int importance(SchedEntity entity) {
    return entity.policy().isFair() ? -entity.nice() - Weights.NICE_MAX - 1 : entity.priority();
  }

  private void giveCpu(SchedEntity entity, long nowNs) {
    if (entity.policy().isFair()) {
      fair.setCurrent(entity, nowNs);
    } else {
      entity.execStartNs = nowNs;
    }
    current = entity;
  }

  private void add(SchedEntity entity, boolean wakes, long nowNs) {
    if (entity.policy().isFair()) {
      fair.enqueue(entity, wakes, nowNs);
    } else {
      realTime.enqueue(entity);
    }
  }

  private void take(SchedEntity entity, boolean sleeps, long nowNs) {
    if (entity.policy().isFair()) {
      fair.dequeue(entity, sleeps, nowNs);
    } else {
      if (entity == current) {
        updateRealTime(entity, nowNs);
      }
      realTime.dequeue(entity);
    }
  }

  private void checkPreempt(SchedEntity entity, long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      needsResched = true;
      return;
    }
    int order = entity.policy().rank().compareTo(running.policy().rank());
    if (order < 0) {
      needsResched = true;
    } else if (order == 0 && !entity.policy().isFair()) {
      needsResched |= entity.priority() > running.priority();
    } else if (order == 0 && !needsResched) {
      needsResched = fair.preempts(entity, nowNs);
    }
  }

  @Override
  public String toString() {
    return count() + " runnable";
  }
}
