package org.legosim.kernel.sched;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One CPU's fair class written as slowly and plainly as it can be: no cached sums, no order kept, numbers
 * without end. What {@link RunQueue} must agree with.
 */
final class SlowScheduler {
  /** A task of it. */
  static final class Entity {
    final int id;
    int nice;
    Policy policy = Policy.NORMAL;
    long vruntimeNs;
    long ranNs;
    long startNs;
    boolean canRun;
    long arrival;

    Entity(int id, int nice) {
      this.id = id;
      this.nice = nice;
    }

    long weight() {
      return Weights.of(policy, nice);
    }
  }

  private static final long LATENCY_NS = 6_000_000;
  private static final long GRANULARITY_NS = 750_000;
  private static final long WAKEUP_NS = 1_000_000;
  private static final int BUDDIES_FROM = 8;

  final List<Entity> all = new ArrayList<>();

  @Nullable
  Entity current;

  boolean needsResched;
  private @Nullable Entity last;
  private @Nullable Entity next;
  private @Nullable Entity skip;
  private long minimumNs;
  private long arrivals;

  private static long divide(long delta, long weight, long inverse) {
    BigInteger product = BigInteger.valueOf(weight);
    int shift = 32;
    while (product.bitLength() > 32) {
      product = product.shiftRight(1);
      shift--;
    }
    product = product.multiply(BigInteger.valueOf(inverse));
    while (product.bitLength() > 32) {
      product = product.shiftRight(1);
      shift--;
    }
    return BigInteger.valueOf(delta).multiply(product).shiftRight(shift).longValueExact();
  }

  private static long virtual(Entity entity, long deltaNs) {
    return entity.weight() == 1024
        ? deltaNs
        : divide(deltaNs, 1024, Weights.inverseOf(entity.policy, entity.nice));
  }

  private long slice(Entity entity) {
    long weights = 0;
    int tasks = 0;
    for (Entity other : all) {
      if (other.canRun || other == entity) {
        weights += other.weight();
        tasks++;
      }
    }
    long period = tasks <= BUDDIES_FROM ? LATENCY_NS : tasks * GRANULARITY_NS;
    return divide(period, entity.weight(), 0xffffffffL / weights);
  }

  private int running() {
    return (int) all.stream().filter(e -> e.canRun).count();
  }

  private @Nullable Entity first(@Nullable Entity except) {
    Entity best = null;
    for (Entity entity : all) {
      boolean waits = entity.canRun && entity != current && entity != except;
      if (waits
          && (best == null
              || entity.vruntimeNs < best.vruntimeNs
              || (entity.vruntimeNs == best.vruntimeNs && entity.arrival < best.arrival))) {
        best = entity;
      }
    }
    return best;
  }

  private void account(long nowNs) {
    if (current != null && nowNs > current.startNs) {
      long delta = nowNs - current.startNs;
      current.startNs = nowNs;
      current.ranNs += delta;
      current.vruntimeNs += virtual(current, delta);
      raiseMinimum();
    }
  }

  private void raiseMinimum() {
    List<Long> times = new ArrayList<>();
    if (current != null && current.canRun) {
      times.add(current.vruntimeNs);
    }
    Entity first = first(null);
    if (first != null) {
      times.add(first.vruntimeNs);
    }
    times.stream().min(Long::compare).ifPresent(low -> minimumNs = Math.max(minimumNs, low));
  }

  private void forget(Entity entity) {
    last = last == entity ? null : last;
    next = next == entity ? null : next;
    skip = skip == entity ? null : skip;
  }

  void fork(Entity child, long nowNs) {
    account(nowNs);
    if (current != null) {
      child.vruntimeNs = current.vruntimeNs;
    }
    all.add(child);
    child.vruntimeNs = Math.max(child.vruntimeNs, minimumNs + virtual(child, slice(child)));
    child.canRun = true;
    child.arrival = arrivals++;
    preempt(child, nowNs);
  }

  void wake(Entity entity, long nowNs) {
    account(nowNs);
    entity.vruntimeNs = Math.max(entity.vruntimeNs, minimumNs - LATENCY_NS / 2);
    entity.canRun = true;
    entity.arrival = arrivals++;
    preempt(entity, nowNs);
  }

  private void preempt(Entity entity, long nowNs) {
    Entity running = current;
    if (running == null) {
      needsResched = true;
      return;
    }
    if (needsResched || entity.policy == Policy.BATCH) {
      return;
    }
    account(nowNs);
    if (lag(running, entity) == 1) {
      next = entity;
      needsResched = true;
      if (running() >= BUDDIES_FROM) {
        last = running;
      }
    }
  }

  private static int lag(Entity entity, Entity other) {
    long behind = entity.vruntimeNs - other.vruntimeNs;
    return behind <= 0 ? -1 : behind > virtual(other, WAKEUP_NS) ? 1 : 0;
  }

  void block(long nowNs) {
    account(nowNs);
    Entity running = current;
    if (running != null) {
      forget(running);
      running.canRun = false;
      raiseMinimum();
      current = null;
    }
  }

  void tick(long nowNs) {
    account(nowNs);
    Entity running = current;
    if (running == null || running() < 2) {
      return;
    }
    if (running.ranNs > slice(running)) {
      forget(running);
      needsResched = true;
    } else if (running.ranNs >= GRANULARITY_NS) {
      Entity first = first(null);
      needsResched |= first != null && running.vruntimeNs - first.vruntimeNs > slice(running);
    }
  }

  void yieldCpu(long nowNs) {
    if (current == null) {
      return;
    }
    if (running() > 1) {
      forget(current);
      if (current.policy != Policy.BATCH) {
        account(nowNs);
      }
      skip = current;
    }
    needsResched = true;
  }

  @Nullable
  Entity pick(long nowNs) {
    account(nowNs);
    if (current != null) {
      current.arrival = arrivals++;
    }
    current = null;
    needsResched = false;
    Entity left = first(null);
    if (left == null) {
      return null;
    }
    Entity best = left;
    if (skip == left) {
      Entity second = first(left);
      best = second != null && lag(second, left) < 1 ? second : left;
    }
    best = last != null && lag(last, left) < 1 ? last : best;
    best = next != null && lag(next, left) < 1 ? next : best;
    forget(best);
    best.ranNs = 0;
    best.startNs = nowNs;
    current = best;
    return best;
  }
}
