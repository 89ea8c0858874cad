package org.legosim.kernel.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Real-time tasks of one CPU: a list per priority; the running task stays in its own. A task of the policy RR
 * goes to the end of its list when its slice is over, one of the policy FIFO only when it yields.
 *
 * <p>Source: LegoOS {@code kernel/sched/rt.c}. Real-time throttling is left out.
 */
final class RealTimeQueue {
  private static final int PRIORITIES = 100;

  private final int sliceTicks;
  private final List<ArrayDeque<SchedEntity>> lists = new ArrayList<>();
  private int count;

  /**
   * @param sliceTicks ticks of an RR task's slice
   */
  RealTimeQueue(int sliceTicks) {
    this.sliceTicks = sliceTicks;
  }

  int count() {
    return count;
  }

  void enqueue(SchedEntity entity) {
    while (lists.size() < PRIORITIES) {
      // most CPUs never see a real-time task
      lists.add(new ArrayDeque<>(2));
    }
    if (entity.sliceTicks == 0) {
      entity.sliceTicks = sliceTicks;
    }
    lists.get(entity.priority()).addLast(entity);
    entity.isQueued = true;
    count++;
  }

  void dequeue(SchedEntity entity) {
    lists.get(entity.priority()).remove(entity);
    entity.isQueued = false;
    count--;
  }

  /** Puts a task behind the others of its priority. */
  void requeue(SchedEntity entity) {
    ArrayDeque<SchedEntity> list = lists.get(entity.priority());
    list.remove(entity);
    list.addLast(entity);
  }

  /** True when the running task must give way at this tick. */
  boolean tick(SchedEntity running) {
    if (running.policy() != Policy.RR || --running.sliceTicks > 0) {
      return false;
    }
    running.sliceTicks = sliceTicks;
    if (lists.get(running.priority()).size() == 1) {
      return false;
    }
    requeue(running);
    return true;
  }

  /** The first task of the highest priority; it stays in its list. */
  @Nullable
  SchedEntity first() {
    for (int priority = PRIORITIES - 1; count > 0 && priority > 0; priority--) {
      SchedEntity first = lists.get(priority).peekFirst();
      if (first != null) {
        return first;
      }
    }
    return null;
  }
}
