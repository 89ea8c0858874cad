package org.legosim.kernel.sched;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The completely fair scheduler's queue of one CPU: tasks ordered by virtual time. The task that runs is not
 * among them, but counts.
 *
 * <p>Source: LegoOS {@code kernel/sched/fair.c}, as Linux 4.8 without groups, bandwidth and balancing;
 * features START_DEBIT, GENTLE_FAIR_SLEEPERS, LAST_BUDDY and WAKEUP_PREEMPTION on, NEXT_BUDDY off.
 */
final class FairQueue {
  private final SchedParams params;
  /** By virtual time; equals in the order in which they came. */
  private SchedEntity[] waiting = new SchedEntity[4];

  private int waitingCount;
  private @Nullable SchedEntity current;
  private @Nullable SchedEntity last;
  private @Nullable SchedEntity next;
  private @Nullable SchedEntity skip;
  private long minVruntimeNs;
  private long weight;
  private int count;

  FairQueue(SchedParams params) {
    this.params = params;
  }

  /** Tasks, the running one included. */
  int count() {
    return count;
  }

  long minVruntimeNs() {
    return minVruntimeNs;
  }

  /**
   * Queues a task that does not run.
   *
   * @param wakes it slept here; otherwise its virtual time is relative to a queue's minimum
   */
  void enqueue(SchedEntity entity, boolean wakes, long nowNs) {
    update(nowNs);
    if (!wakes) {
      entity.vruntimeNs += minVruntimeNs;
    }
    weight += entity.weight();
    count++;
    if (wakes) {
      place(entity, false);
    }
    entity.isQueued = true;
    insert(entity);
  }

  /**
   * Takes a task out.
   *
   * @param sleeps its virtual time stays as it is; otherwise it becomes relative
   */
  void dequeue(SchedEntity entity, boolean sleeps, long nowNs) {
    update(nowNs);
    clearBuddies(entity);
    if (entity != current) {
      remove(entity);
    }
    entity.isQueued = false;
    weight -= entity.weight();
    count--;
    if (!sleeps) {
      entity.vruntimeNs -= minVruntimeNs;
    }
    updateMinimum();
  }

  /** Gives a sleeping task that leaves the class a virtual time that it may take to another queue. */
  void detachSleeper(SchedEntity entity) {
    place(entity, false);
    entity.vruntimeNs -= minVruntimeNs;
  }

  void attachSleeper(SchedEntity entity) {
    entity.vruntimeNs += minVruntimeNs;
  }

  /** Virtual time of a new task: after everybody here has had a turn. {@code parent} runs here, or null. */
  void fork(@Nullable SchedEntity parent, SchedEntity child, long nowNs) {
    update(nowNs);
    if (parent != null) {
      child.vruntimeNs = parent.vruntimeNs;
    }
    place(child, true);
    if (params.childRunsFirst() && parent != null && parent.isBefore(child)) {
      long vruntimeNs = parent.vruntimeNs;
      parent.vruntimeNs = child.vruntimeNs;
      child.vruntimeNs = vruntimeNs;
    }
    child.vruntimeNs -= minVruntimeNs;
  }

  /** True when the running task must give way at this tick. */
  boolean tick(long nowNs) {
    update(nowNs);
    SchedEntity running = current;
    if (running == null || count <= 1) {
      return false;
    }
    long idealNs = slice(running);
    long ranNs = running.sumExecNs - running.sumExecBeforeNs;
    if (ranNs > idealNs) {
      clearBuddies(running);
      return true;
    }
    if (ranNs < params.minGranularityNs()) {
      return false;
    }
    return waitingCount > 0 && running.vruntimeNs - waiting[0].vruntimeNs > idealNs;
  }

  /** True when a woken task takes the CPU from the running one. */
  boolean preempts(SchedEntity woken, long nowNs) {
    SchedEntity running = current;
    if (running == null || running == woken) {
      return false;
    }
    boolean isScaled = count >= params.tasksPerPeriod();
    if (running.policy() != Policy.IDLE || woken.policy() == Policy.IDLE) {
      if (woken.policy() != Policy.NORMAL) {
        return false;
      }
      update(nowNs);
      if (lag(running, woken) < 1) {
        return false;
      }
      next = woken;
    }
    if (isScaled && running.isQueued && running.policy() != Policy.IDLE) {
      last = running;
    }
    return true;
  }

  /** The running task lets the others go first. */
  void yieldCpu(long nowNs) {
    SchedEntity running = current;
    if (running == null || count <= 1) {
      return;
    }
    clearBuddies(running);
    if (running.policy() != Policy.BATCH) {
      update(nowNs);
    }
    skip = running;
  }

  /** The running task loses the CPU; if it still can run it waits from now on. */
  void putBack(long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      return;
    }
    if (running.isQueued) {
      update(nowNs);
      insert(running);
    }
    current = null;
  }

  /** The task that runs next, which is no longer among the waiting; null when there is none. */
  @Nullable
  SchedEntity pick(long nowNs) {
    if (waitingCount == 0) {
      return null;
    }
    SchedEntity left = waiting[0];
    SchedEntity best = left;
    if (skip == left && waitingCount > 1 && lag(waiting[1], left) < 1) {
      best = waiting[1];
    }
    if (last != null && lag(last, left) < 1) {
      best = last;
    }
    if (next != null && lag(next, left) < 1) {
      best = next;
    }
    clearBuddies(best);
    setCurrent(best, nowNs);
    return best;
  }

  /** Makes a queued task the running one. */
  void setCurrent(SchedEntity entity, long nowNs) {
    remove(entity);
    entity.execStartNs = nowNs;
    entity.sumExecBeforeNs = entity.sumExecNs;
    current = entity;
  }

  /** Gives the running task the time since the last look at it. */
  void update(long nowNs) {
    SchedEntity running = current;
    if (running == null) {
      return;
    }
    long deltaNs = nowNs - running.execStartNs;
    if (deltaNs <= 0) {
      return;
    }
    running.execStartNs = nowNs;
    running.sumExecNs += deltaNs;
    running.vruntimeNs += running.virtual(deltaNs);
    updateMinimum();
  }

  private void updateMinimum() {
    SchedEntity running = current;
    long vruntimeNs = minVruntimeNs;
    if (running != null && running.isQueued) {
      boolean isLeast = waitingCount == 0 || running.isBefore(waiting[0]);
      vruntimeNs = isLeast ? running.vruntimeNs : waiting[0].vruntimeNs;
    } else if (waitingCount > 0) {
      vruntimeNs = waiting[0].vruntimeNs;
    }
    if (vruntimeNs - minVruntimeNs > 0) {
      minVruntimeNs = vruntimeNs;
    }
  }

  private void place(SchedEntity entity, boolean isNew) {
    long vruntimeNs = minVruntimeNs;
    if (isNew) {
      vruntimeNs += entity.virtual(slice(entity));
    } else {
      vruntimeNs -= params.latencyNs() / 2;
    }
    if (vruntimeNs - entity.vruntimeNs > 0) {
      entity.vruntimeNs = vruntimeNs;
    }
  }

  /** The entity's share of a period. */
  private long slice(SchedEntity entity) {
    int tasks = entity.isQueued ? count : count + 1;
    long periodNs =
        tasks > params.tasksPerPeriod() ? tasks * params.minGranularityNs() : params.latencyNs();
    long total = entity.isQueued ? weight : weight + entity.weight();
    return Weights.scale(periodNs, entity.weight(), Weights.inverseOf(total));
  }

  /** -1: {@code other} is not behind {@code entity}; 1: by more than the wake-up granularity; else 0. */
  private int lag(SchedEntity entity, SchedEntity other) {
    long behindNs = entity.vruntimeNs - other.vruntimeNs;
    if (behindNs <= 0) {
      return -1;
    }
    return behindNs > other.virtual(params.wakeupGranularityNs()) ? 1 : 0;
  }

  private void clearBuddies(SchedEntity entity) {
    last = last == entity ? null : last;
    next = next == entity ? null : next;
    skip = skip == entity ? null : skip;
  }

  private void insert(SchedEntity entity) {
    if (waitingCount == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waitingCount);
    }
    int low = 0;
    int high = waitingCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entity.isBefore(waiting[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    System.arraycopy(waiting, low, waiting, low + 1, waitingCount - low);
    waiting[low] = entity;
    waitingCount++;
  }

  private void remove(SchedEntity entity) {
    int at = 0;
    while (waiting[at] != entity) {
      at++;
    }
    waitingCount--;
    System.arraycopy(waiting, at + 1, waiting, at, waitingCount - at);
  }
}
