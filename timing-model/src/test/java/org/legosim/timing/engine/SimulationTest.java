package org.legosim.timing.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;

/** Order, ties, the past, the watchdog. */
class SimulationTest {
  /** Notes what it is delivered. */
  private static class Recorder implements Actor {
    private final String name;
    private final List<String> log;
    private final int id;

    Recorder(Simulation simulation, String name, List<String> log) {
      this.name = name;
      this.log = log;
      this.id = simulation.register(this);
    }

    @Override
    public void onEvent(long payload) {
      log.add(name + payload);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void describe(StringBuilder out) {
      out.append("recording");
    }

    @Override
    public boolean isQuiescent() {
      return false;
    }
  }

  @Test
  void ties_areOrderedByPriorityThenSenderThenItsSequence() {
    Simulation simulation = new Simulation(1);
    List<String> log = new ArrayList<>();
    Recorder a = new Recorder(simulation, "a", log);
    Recorder b = new Recorder(simulation, "b", log);
    simulation.schedule(b.id, a.id, Simulation.PRIORITY_NORMAL, 5, 4);
    simulation.schedule(b.id, a.id, Simulation.PRIORITY_HARDWARE, 5, 1);
    simulation.schedule(a.id, b.id, Simulation.PRIORITY_NORMAL, 5, 2);
    simulation.schedule(a.id, b.id, Simulation.PRIORITY_NORMAL, 5, 3);
    simulation.schedule(b.id, a.id, Simulation.PRIORITY_NORMAL, 4, 0);
    simulation.run();
    assertEquals(List.of("a0", "a1", "b2", "b3", "a4"), log);
    assertEquals(5, simulation.nowPs());
  }

  /** A key of the queue, as the obvious reference sorts it. */
  private record Key(long timePs, long order, int tag) {}

  @Test
  void queue_equalsASortedList_inAnyOrderOfInsertion() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      List<Key> keys = new ArrayList<>();
      long[] sequence = new long[4];
      for (int i = 0; i < 300; i++) {
        int sender = random.nextInt(4);
        long order = EventQueue.orderOf(random.nextInt(3), sender, sequence[sender]++);
        keys.add(new Key(random.nextInt(20), order, i));
      }
      List<Key> sorted = new ArrayList<>(keys);
      sorted.sort(Comparator.comparingLong(Key::timePs).thenComparingLong(Key::order));
      Collections.shuffle(keys, random);
      EventQueue queue = new EventQueue();
      keys.forEach(key -> queue.add(key.timePs(), key.order(), 0, key.tag()));
      for (Key expected : sorted) {
        assertEquals(expected.tag(), queue.firstPayload(), "seed " + seed);
        queue.removeFirst();
      }
      assertTrue(queue.isEmpty());
    }
  }

  @Test
  void aHoldModel_deliversInOrderWhileEventsComeAndGo() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      EventQueue queue = new EventQueue();
      long sequence = 0;
      for (int i = 0; i < 64; i++) {
        queue.add(random.nextInt(1000), EventQueue.orderOf(0, 0, sequence++), 0, 0);
      }
      long lastPs = 0;
      for (int i = 0; i < 2000; i++) {
        long timePs = queue.firstTimePs();
        assertTrue(timePs >= lastPs, "seed " + seed);
        lastPs = timePs;
        queue.removeFirst();
        queue.add(timePs + random.nextInt(1000), EventQueue.orderOf(0, 0, sequence++), 0, 0);
      }
      assertEquals(64, queue.size());
    }
  }

  @Test
  void schedulingInThePast_isAnError() {
    Simulation simulation = new Simulation(1);
    Recorder a = new Recorder(simulation, "a", new ArrayList<>());
    simulation.schedule(a.id, a.id, Simulation.PRIORITY_NORMAL, 10, 0);
    simulation.run();
    assertThrows(
        ModelException.class,
        () -> simulation.schedule(a.id, a.id, Simulation.PRIORITY_NORMAL, 9, 0));
  }

  @Test
  void advancingInline_stopsAtATieAndNeverHappensInThePlainEngine() {
    Simulation simulation = new Simulation(1);
    Recorder a = new Recorder(simulation, "a", new ArrayList<>());
    simulation.schedule(a.id, a.id, Simulation.PRIORITY_NORMAL, 10, 0);
    assertTrue(simulation.tryAdvance(9));
    assertFalse(simulation.tryAdvance(10));
    assertFalse(new Simulation(1, false).tryAdvance(1));
  }

  @Test
  void whatIsStillInFlight_isNamedAtTheEnd() {
    Simulation simulation = new Simulation(7);
    new Recorder(simulation, "stuck", new ArrayList<>());
    simulation.run();
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, simulation::verifyQuiescent);
    assertTrue(String.valueOf(violation.getMessage()).contains("stuck: recording"));
    assertTrue(String.valueOf(violation.getMessage()).contains("seed 7"));
  }

  @Test
  void aLiveLock_isStoppedWithADump() {
    Simulation simulation = new Simulation(1);
    int[] id = new int[1];
    Recorder recorder = new Recorder(simulation, "spinner", new ArrayList<>()) {
      @Override
      public void onEvent(long payload) {
        simulation.schedule(id[0], id[0], Simulation.PRIORITY_NORMAL, simulation.nowPs() + 1, 0);
      }
    };
    id[0] = recorder.id;
    simulation.schedule(id[0], id[0], Simulation.PRIORITY_NORMAL, 0, 0);
    InvariantViolation violation = assertThrows(InvariantViolation.class, simulation::run);
    assertTrue(String.valueOf(violation.getMessage()).contains("live-locked"));
  }

  @Test
  void streams_dependOnSeedAndPathAlone() {
    long first = new Simulation(3).stream("p0.cpu1.l1d").nextLong();
    Simulation other = new Simulation(3);
    other.stream("another").nextLong();
    assertEquals(first, other.stream("p0.cpu1.l1d").nextLong());
    assertFalse(first == new Simulation(4).stream("p0.cpu1.l1d").nextLong());
  }

  /** Sends itself the next event {@code stepPs} later, {@code events} times. */
  private static void spin(Simulation simulation, long stepPs, int events, int progressEvery) {
    Recorder spinner = new Recorder(simulation, "spinner", new ArrayList<>()) {
      @Override
      public void onEvent(long payload) {
        if (progressEvery > 0 && payload % progressEvery == 0) {
          simulation.progress();
        }
        if (payload < events) {
          int id = 0;
          simulation.schedule(
              id, id, Simulation.PRIORITY_NORMAL, simulation.nowPs() + stepPs, payload + 1);
        }
      }
    };
    assertEquals("spinner", spinner.name());
    simulation.schedule(0, 0, Simulation.PRIORITY_NORMAL, 0, 1);
    simulation.run();
  }

  @Test
  void theWatchdogWaitsForTheModelsOwnLimitsWhileTimeAdvances() {
    Simulation patient = new Simulation(1, true, 10);
    patient.mayWait(1_000, "some.limit");
    patient.mayWait(500, "shorter.limit");
    spin(patient, 10, 200, 0); // 1,990 ps, not more than twice 1,000
    assertEquals(1_990, patient.nowPs());

    Simulation late = new Simulation(1, true, 10);
    late.mayWait(1_000, "some.limit");
    String message =
        assertThrows(InvariantViolation.class, () -> spin(late, 10, 1_000, 0)).getMessage();
    assertTrue(message.contains("some.limit") && message.contains("pcache.ways"), message);
    assertTrue(late.nowPs() > 2_000 && late.nowPs() <= 2_110, message);
  }

  @Test
  void theWatchdogStopsARunWhoseTimeStandsStill() {
    Simulation still = new Simulation(1, true, 10);
    still.mayWait(1_000, "some.limit");
    String message =
        assertThrows(InvariantViolation.class, () -> spin(still, 0, 1_000, 0)).getMessage();
    assertTrue(message.contains("stands still"), message);
    assertEquals(11, still.eventCount());

    Simulation busy = new Simulation(1, true, 10);
    spin(busy, 0, 1_000, 10);
    assertEquals(1_000, busy.eventCount());
  }
}
