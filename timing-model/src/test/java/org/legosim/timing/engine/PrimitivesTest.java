package org.legosim.timing.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.legosim.timing.Frequency;
import org.legosim.timing.ModelException;
import org.legosim.timing.Units;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Status;
import org.legosim.timing.results.TimeCategory;

/** Contexts, locks, servers, ports, spinning, clocks. */
class PrimitivesTest {
  /** A context that runs one path from time 0. */
  private static final class Runner extends ExecutionContext {
    Runner(Simulation simulation, String name, KernelPath path) {
      super(simulation, name);
      stack().call(path);
      resumeAt(0);
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        stack().run();
      }
    }
  }

  /** Takes a lock, holds it for a while, gives it up. */
  private static final class Holder extends KernelPath {
    private final KernelLock lock;
    private final long holdPs;
    private final List<String> log;
    private ExecutionContext[] context = new ExecutionContext[1];

    Holder(KernelLock lock, long holdPs, List<String> log) {
      super("holder");
      this.lock = lock;
      this.holdPs = holdPs;
      this.log = log;
    }

    @Override
    @SuppressWarnings("fallthrough")
    public int resume(Frame frame) {
      switch (frame.step) {
        case 0:
          frame.step = 1;
          if (!lock.acquire(context[0])) {
            return WAIT;
          }
        // fall through
        case 1:
          log.add(context[0].name() + "@" + context[0].nowPs());
          frame.step = 2;
          if (!context[0].advance(holdPs)) {
            return WAIT;
          }
        // fall through
        default:
          lock.release(context[0], 3);
          return DONE;
      }
    }
  }

  private static List<String> contend(boolean runsAhead) {
    Simulation simulation = new Simulation(1, runsAhead);
    KernelLock lock = new KernelLock("lock");
    List<String> log = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Holder path = new Holder(lock, 10, log);
      path.context[0] = new Runner(simulation, "cpu" + i, path);
    }
    simulation.run();
    simulation.verifyQuiescent();
    assertTrue(lock.isFree());
    assertEquals(4, lock.contended());
    return log;
  }

  @Test
  void aLock_isHandedOverFirstComeFirstServed() {
    // each holds 10 ps, the hand-over takes 3
    List<String> expected = List.of("cpu0@0", "cpu1@13", "cpu2@26", "cpu3@39", "cpu4@52");
    assertEquals(expected, contend(true));
    assertEquals(expected, contend(false));
  }

  @Test
  void aLockTakenTwice_isADefect() {
    Simulation simulation = new Simulation(1);
    KernelLock lock = new KernelLock("lock");
    Holder path = new Holder(lock, 1, new ArrayList<>());
    Runner runner = new Runner(simulation, "cpu", path);
    assertTrue(lock.acquire(runner));
    assertThrows(ModelException.class, () -> lock.acquire(runner));
  }

  @Test
  void aLateWakeUp_doesNotEndANewerWait() {
    Simulation simulation = new Simulation(1);
    List<Long> resumed = new ArrayList<>();
    KernelPath path = new KernelPath("waiter") {
      @Override
      public int resume(Frame frame) {
        resumed.add(simulation.nowPs());
        return frame.step++ < 2 ? WAIT : DONE;
      }
    };
    Runner runner = new Runner(simulation, "cpu", path);
    simulation.run();
    long token = runner.beginWait("reply");
    runner.wake(runner.id(), 10, token);
    runner.wake(runner.id(), 20, token);
    simulation.run();
    assertEquals(List.of(0L, 10L), resumed);
  }

  @Test
  void aServersWaits_addUpToTheIntegralOfItsQueue() {
    // Little's law, exactly: sum of waits == integral of the number waiting
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      Server server = new Server("station");
      int jobs = 200;
      long[] arrivals = new long[jobs];
      long[] starts = new long[jobs];
      long nowPs = 0;
      for (int i = 0; i < jobs; i++) {
        nowPs += random.nextInt(30);
        arrivals[i] = nowPs;
        starts[i] = server.submit(nowPs, random.nextInt(40));
      }
      long integral = 0;
      for (long timePs = 0; timePs < starts[jobs - 1]; timePs++) {
        for (int i = 0; i < jobs; i++) {
          integral += arrivals[i] <= timePs && timePs < starts[i] ? 1 : 0;
        }
      }
      assertEquals(integral, server.waitPs(), "seed " + seed);
      assertEquals(jobs, server.jobs());
    }
  }

  @Test
  void aFullPort_refusesAndTellsTheSenderOfCredit() {
    BoundedPort port = new BoundedPort("port", 2);
    List<String> credits = new ArrayList<>();
    port.onCredit(p -> credits.add(p.name()));
    assertTrue(port.offer(1));
    assertTrue(port.offer(2));
    assertFalse(port.offer(3));
    assertEquals(1, port.take());
    assertEquals(List.of("port"), credits);
    assertTrue(port.offer(3));
    assertEquals(2, port.take());
    assertEquals(3, port.take());
    assertThrows(ModelException.class, port::take);
    assertEquals(1, port.refused());
  }

  @Test
  void aSpinLoop_noticesAtItsNextPoll() {
    // polls at 100, 107, 114: an event at 108 is seen at 114, by the third poll
    assertEquals(114, Spin.noticePs(100, 108, 7));
    assertEquals(107, Spin.noticePs(100, 107, 7));
    assertEquals(100, Spin.noticePs(100, 40, 7));
    assertEquals(3, Spin.polls(100, 114, 7));
  }

  @Test
  void aThreadsCategories_addUpToItsLife() {
    ThreadClock clock = new ThreadClock();
    clock.start(100);
    clock.stamp(TimeCategory.COMPUTE, 150);
    assertEquals(20, clock.part(TimeCategory.NETWORK_QUEUE, 20, 200));
    clock.stamp(TimeCategory.WIRE, 200);
    clock.verify();
    assertEquals(50, clock.ps(TimeCategory.COMPUTE));
    assertEquals(30, clock.ps(TimeCategory.WIRE));
    assertEquals(100, clock.totalPs());
    assertThrows(ModelException.class, () -> clock.stamp(TimeCategory.WIRE, 199));
  }

  @Test
  void theLedger_knowsWhatRestsOnAssumedConstants() {
    Ledger ledger = new Ledger();
    Cost assumed = ledger.cost(new Constant("a", 7, Status.ASSUMED));
    Cost sourced = ledger.cost(new Constant("b", 1000, Status.PAPER));
    assertEquals(14, assumed.charge(2));
    // 1000 ps per KiB, 1536 bytes: 1500 ps
    assertEquals(1500, sourced.chargeBytes(1536));
    assertEquals(14, ledger.assumedPs());
    assertEquals(java.util.Map.of("a", 14L), ledger.assumed());
  }

  @Test
  void aClockEdge_isRoundedOnceAndNeverDrifts() {
    Frequency clock = new Frequency(2_400_000_000L);
    // 10^12 cycles of 2.4 GHz last 416.66.. s
    assertEquals(416_666_666_666_666L, clock.edgePs(1_000_000_000_000L));
    assertEquals(417, clock.durationPs(1));
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long cycle = random.nextInt(Integer.MAX_VALUE);
      assertEquals(cycle, clock.cycleAt(clock.edgePs(cycle) + 1));
    }
    assertEquals(1000, Units.serialisationPs(4, 32_000_000_000L));
  }

  @Test
  void aPathThatCallsPathsForEver_overflowsWithItsStack() {
    KernelStack stack = new KernelStack();
    KernelPath endless = new KernelPath("endless") {
      @Override
      public int resume(Frame frame) {
        stack.call(this);
        return CALL;
      }
    };
    stack.call(endless);
    ModelException overflow = assertThrows(ModelException.class, stack::run);
    assertTrue(String.valueOf(overflow.getMessage()).contains("endless"));
  }
}
