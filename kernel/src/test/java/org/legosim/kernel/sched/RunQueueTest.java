package org.legosim.kernel.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes and their order, by hand. Times in milliseconds. */
class RunQueueTest {
  private static final long MS = 1_000_000;
  private static final CpuMask ALL = CpuMask.first(1);

  private final RunQueue queue = new RunQueue(0, SchedParams.DEFAULT, 10 * MS * 1000);

  private SchedEntity task(int id, Policy policy, int nice, int priority) {
    SchedEntity task = new SchedEntity(id, ALL);
    task.set(policy, nice, priority);
    return task;
  }

  private int pick(long ms) {
    SchedEntity picked = queue.pick(ms * MS);
    return picked == null ? -2 : picked.task();
  }

  /** Task that has the CPU after each tick, from 10 ms on. */
  private List<Integer> ticks(int count) {
    List<Integer> running = new ArrayList<>();
    for (int tick = 1; tick <= count; tick++) {
      queue.tick(tick * 10L * MS);
      if (queue.needsResched()) {
        pick(tick * 10L);
      }
      running.add(queue.current() == null ? -2 : queue.current().task());
    }
    return running;
  }

  @Test
  void twoEqualTasksTakeTurnsAtTicks() {
    queue.add(task(1, Policy.NORMAL, 0, 0), 0);
    queue.add(task(2, Policy.NORMAL, 0, 0), 0);
    assertEquals(1, pick(0));
    // 3 ms each would be fair, but only a tick looks
    assertEquals(List.of(2, 1, 2, 1, 2, 1), ticks(6));
  }

  /** Row 11: RR tasks change after 100 ms, ten ticks; fair ones get nothing meanwhile. */
  @Test
  void row11_roundRobinSlicesAreAHundredMilliseconds() {
    queue.add(task(1, Policy.RR, 0, 50), 0);
    queue.add(task(2, Policy.RR, 0, 50), 0);
    queue.add(task(3, Policy.NORMAL, -20, 0), 0);
    queue.add(task(4, Policy.RR, 0, 49), 0);
    assertEquals(1, pick(0));
    List<Integer> running = ticks(30);
    for (int tick = 1; tick <= 30; tick++) {
      assertEquals(
          tick < 10 || (tick >= 20 && tick < 30) ? 1 : 2, running.get(tick - 1), "tick " + tick);
    }
  }

  @Test
  void aFifoTaskGoesOnUntilItYieldsOrAMoreImportantOneComes() {
    queue.add(task(1, Policy.FIFO, 0, 50), 0);
    queue.add(task(2, Policy.FIFO, 0, 50), 0);
    assertEquals(1, pick(0));
    assertEquals(List.of(1, 1, 1), ticks(3));
    queue.add(task(3, Policy.FIFO, 0, 50), 30 * MS);
    assertFalse(queue.needsResched());
    queue.yieldCpu(30 * MS);
    assertEquals(2, pick(30));
    queue.add(task(4, Policy.FIFO, 0, 51), 30 * MS);
    assertTrue(queue.needsResched());
    assertEquals(4, pick(30));
    queue.block(30 * MS);
    // whoever lost the CPU to a more important one is still the first of its priority
    assertEquals(2, pick(30));
  }

  @Test
  void stopGoesBeforeRealTimeBeforeFairBeforeIdle() {
    assertEquals(-2, pick(0));
    queue.add(task(1, Policy.NORMAL, 0, 0), 0);
    assertEquals(1, pick(0));
    queue.add(task(2, Policy.FIFO, 0, 1), 0);
    assertTrue(queue.needsResched());
    assertEquals(2, pick(0));
    queue.wakeStopper();
    assertTrue(queue.needsResched());
    assertEquals(RunQueue.STOPPER, pick(0));
    queue.add(task(3, Policy.FIFO, 0, 99), 0);
    assertFalse(queue.needsResched());
    assertEquals(4, queue.count());
    queue.block(0);
    assertEquals(3, pick(0));
    queue.block(0);
    assertEquals(2, pick(0));
    queue.block(0);
    assertEquals(1, pick(0));
    queue.block(0);
    assertNull(queue.pick(0));
  }

  /** A task that slept goes first if the running one is more than the granularity ahead of it. */
  @Test
  void aWokenTaskTakesTheCpuFromOneThatHasRunLonger() {
    SchedEntity sleeper = task(2, Policy.NORMAL, 0, 0);
    queue.add(task(1, Policy.NORMAL, 0, 0), 0);
    queue.add(sleeper, 0);
    assertEquals(1, pick(0));
    queue.tick(10 * MS);
    assertEquals(2, pick(10));
    queue.block(10 * MS);
    assertEquals(1, pick(10));
    // it slept one millisecond: at 0 of virtual time, the other one at 11
    queue.wake(sleeper, 11 * MS);
    assertTrue(queue.needsResched());
    assertEquals(2, pick(11));
    queue.block(11 * MS);
    assertEquals(1, pick(11));
    // a batch task, or a sleeper that is ahead, does not
    queue.change(sleeper, Policy.BATCH, 0, 0, 11 * MS);
    queue.wake(sleeper, 20 * MS);
    assertFalse(queue.needsResched());
  }

  @Test
  void yieldLetsTheNextOneRunOnceThoughItIsBehind() {
    queue.add(task(1, Policy.NORMAL, 0, 0), 0);
    queue.add(task(2, Policy.NORMAL, 0, 0), 0);
    assertEquals(1, pick(0));
    queue.yieldCpu(0);
    assertEquals(2, pick(0));
    // alone on its CPU it just goes on
    queue.block(0);
    assertEquals(1, pick(0));
    queue.yieldCpu(0);
    assertEquals(1, pick(0));
    assertFalse(queue.needsResched());
  }

  @Test
  void aChangeOfImportanceReschedules() {
    SchedEntity one = task(1, Policy.NORMAL, 0, 0);
    SchedEntity two = task(2, Policy.NORMAL, 0, 0);
    queue.add(one, 0);
    queue.add(two, 0);
    assertEquals(1, pick(0));
    queue.change(one, Policy.NORMAL, -5, 0, MS);
    assertFalse(queue.needsResched());
    queue.change(two, Policy.NORMAL, 5, 0, MS);
    assertFalse(queue.needsResched());
    queue.change(two, Policy.NORMAL, 4, 0, MS);
    assertTrue(queue.needsResched());
    assertEquals(2, pick(1));
    queue.change(one, Policy.RR, 4, 1, MS);
    assertTrue(queue.needsResched());
    assertEquals(1, pick(1));
    queue.change(one, Policy.NORMAL, 4, 0, 2 * MS);
    assertTrue(queue.needsResched());
    assertEquals(2, queue.fairCount());
    assertEquals(MS, one.sumExecNs() - MS);
  }

  /** Between two CPUs a task keeps how far it is ahead of others, not its absolute time. */
  @Test
  void aMovedTaskIsNeitherFavouredNorPunished() {
    RunQueue other = new RunQueue(1, SchedParams.DEFAULT, 10 * MS * 1000);
    SchedEntity old = task(9, Policy.NORMAL, 0, 0);
    other.add(old, 0);
    other.pick(0);
    other.tick(5000 * MS);
    SchedEntity one = task(1, Policy.NORMAL, 0, 0);
    SchedEntity two = task(2, Policy.NORMAL, 0, 0);
    queue.add(one, 0);
    queue.add(two, 0);
    assertEquals(1, pick(0));
    queue.tick(10 * MS);
    queue.remove(two, 10 * MS);
    other.add(two, 5000 * MS);
    assertEquals(5000 * MS, two.vruntimeNs);
    other.remove(two, 5000 * MS);
    queue.add(two, 10 * MS);
    assertEquals(10 * MS, two.vruntimeNs);
  }

  @Test
  void tickClock_chargesWhatIsInterrupted() {
    TickClock clock = new TickClock(100, 1_500_000);
    long tick = clock.periodPs();
    assertEquals(10_000_000_000L, tick);
    // work over a tick is longer by it; a wait is not
    assertEquals(tick - 1, clock.executed(tick - 5, tick - 1));
    assertEquals(tick + 5 + 1_500_000, clock.executed(tick - 5, tick + 5));
    assertEquals(3 * tick + 7_000_000, clock.waited(3 * tick + 7_000_000));
    assertEquals(4 * tick + 1_500_000, clock.waited(4 * tick + 10));
    // a program that ran over three ticks
    assertEquals(7 * tick + 4_500_000, clock.interrupted(7 * tick));
    assertEquals(7 * tick + 1, clock.interrupted(7 * tick + 1));
    assertEquals(5, clock.interruptions());
    // the scheduler sees every tick of a busy CPU, none of an idle one
    clock.show(queue, 7 * tick);
    assertEquals(8 * tick, clock.attentionPs());
    queue.add(task(1, Policy.RR, 0, 1), 70 * MS);
    queue.add(task(2, Policy.RR, 0, 1), 70 * MS);
    assertEquals(1, pick(70));
    clock.show(queue, 16 * tick);
    assertFalse(queue.needsResched());
    clock.show(queue, 17 * tick);
    assertTrue(queue.needsResched());
  }
}
