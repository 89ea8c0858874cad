package org.legosim.kernel.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Row 11: a CPU's fair class against a slow reference, and what fairness means in the long run. */
class RunQueueLawTest {
  private static final long TICK_NS = 10_000_000;
  private static final CpuMask ALL = CpuMask.first(1);

  private static RunQueue queue() {
    return new RunQueue(0, SchedParams.DEFAULT, TICK_NS * 1000);
  }

  @Test
  void picksAndPreemptionsAreThoseOfTheSlowReference() {
    long first = Long.getLong("test.seed", 11);
    System.out.println("schedules run with -Dtest.seed=" + first);
    long preemptions = 0;
    for (long seed = first; seed < first + 200; seed++) {
      preemptions += compare(seed);
    }
    assertTrue(preemptions > 1000, "only " + preemptions + " pre-emptions");
  }

  private static long compare(long seed) {
    Random random = new Random(seed);
    RunQueue queue = queue();
    SlowScheduler slow = new SlowScheduler();
    List<SchedEntity> fast = new ArrayList<>();
    long nowNs = 0;
    long preemptions = 0;
    int tasks = 2 + random.nextInt(14);
    for (int step = 0; step < 600; step++) {
      long nextNs = nowNs + random.nextInt(4_000_000);
      if (nextNs / TICK_NS > nowNs / TICK_NS) {
        queue.tick(nextNs / TICK_NS * TICK_NS);
        slow.tick(nextNs / TICK_NS * TICK_NS);
      }
      nowNs = nextNs;
      assertEquals(slow.needsResched, queue.needsResched(), "seed " + seed + " step " + step);
      preemptions += queue.needsResched() && queue.current() != null ? 1 : 0;
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          if (fast.size() < tasks) {
            int nice = random.nextInt(3) == 0 ? random.nextInt(40) - 20 : 0;
            fork(queue, slow, fast, nice, random.nextInt(6) == 0, nowNs);
          }
        }
        case 2, 3 -> {
          for (SlowScheduler.Entity entity : slow.all) {
            if (!entity.canRun && random.nextInt(3) > 0) {
              queue.wake(fast.get(entity.id), nowNs);
              slow.wake(entity, nowNs);
            }
          }
        }
        case 4 -> {
          queue.yieldCpu(nowNs);
          slow.yieldCpu(nowNs);
        }
        case 5 -> {
          queue.block(nowNs);
          slow.block(nowNs);
          pickBoth(queue, slow, nowNs, "seed " + seed + " step " + step);
        }
        default -> {
          if (queue.needsResched() || queue.current() == null) {
            pickBoth(queue, slow, nowNs, "seed " + seed + " step " + step);
          }
        }
      }
    }
    return preemptions;
  }

  private static void fork(
      RunQueue queue,
      SlowScheduler slow,
      List<SchedEntity> fast,
      int nice,
      boolean isBatch,
      long nowNs) {
    SchedEntity child = new SchedEntity(fast.size(), ALL);
    child.set(isBatch ? Policy.BATCH : Policy.NORMAL, nice, 0);
    SlowScheduler.Entity other = new SlowScheduler.Entity(fast.size(), nice);
    other.policy = child.policy();
    fast.add(child);
    queue.fork(queue.current(), child, nowNs);
    queue.add(child, nowNs);
    slow.fork(other, nowNs);
  }

  private static void pickBoth(RunQueue queue, SlowScheduler slow, long nowNs, String where) {
    SchedEntity picked = queue.pick(nowNs);
    SlowScheduler.Entity expected = slow.pick(nowNs);
    assertEquals(expected == null ? -1 : expected.id, picked == null ? -1 : picked.task(), where);
    if (picked != null && expected != null) {
      assertEquals(expected.vruntimeNs, picked.vruntimeNs, where);
    }
  }

  /** Tasks that never sleep get CPU time as their weights are, within one slice each. */
  @Test
  void cpuTimeIsSharedByWeight() {
    int[] nices = {-10, -5, 0, 0, 5, 10};
    RunQueue queue = queue();
    List<SchedEntity> tasks = new ArrayList<>();
    long weights = 0;
    for (int nice : nices) {
      SchedEntity task = new SchedEntity(tasks.size(), ALL);
      task.set(Policy.NORMAL, nice, 0);
      tasks.add(task);
      queue.add(task, 0);
      weights += task.weight();
    }
    queue.pick(0);
    long ticks = 100_000;
    for (long tick = 1; tick <= ticks; tick++) {
      queue.tick(tick * TICK_NS);
      if (queue.needsResched()) {
        queue.pick(tick * TICK_NS);
      }
    }
    long totalNs = 0;
    for (SchedEntity task : tasks) {
      long fairNs = ticks * TICK_NS / weights * task.weight();
      // whoever has the CPU keeps it for whole ticks
      long leewayNs = fairNs / 100 + 2 * TICK_NS;
      assertTrue(Math.abs(task.sumExecNs() - fairNs) <= leewayNs, task + ": " + task.sumExecNs());
      totalNs += task.sumExecNs();
    }
    assertEquals(ticks * TICK_NS, totalNs);
  }
}
