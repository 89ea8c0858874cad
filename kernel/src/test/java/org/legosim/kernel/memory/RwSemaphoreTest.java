package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Simulation;

/** Readers together, writers alone, everybody in the order of arrival. */
class RwSemaphoreTest {
  private final Simulation simulation = new Simulation(1);
  private final RwSemaphore semaphore = new RwSemaphore("test");
  private final List<String> entered = new ArrayList<>();

  private final class Probe extends ExecutionContext {
    Probe(Simulation on, String name) {
      super(on, name);
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        entered.add(name());
      }
    }
  }

  private final Probe first = new Probe(simulation, "first");
  private final Probe second = new Probe(simulation, "second");
  private final Probe third = new Probe(simulation, "third");
  private final Probe fourth = new Probe(simulation, "fourth");

  private List<String> entered() {
    simulation.run();
    List<String> names = List.copyOf(entered);
    entered.clear();
    return names;
  }

  @Test
  void readersShare_aWriterWaitsForAllOfThem() {
    assertTrue(semaphore.acquire(first, false));
    assertTrue(semaphore.acquire(second, false));
    assertFalse(semaphore.acquire(third, true));
    semaphore.release(first, false);
    assertEquals(List.of(), entered());
    semaphore.release(second, false);
    assertEquals(List.of("third"), entered());
    semaphore.release(third, true);
    assertTrue(semaphore.isFree());
    assertEquals(1, semaphore.contended());
  }

  @Test
  void waitingWriter_holdsUpTheReadersBehindIt_whichThenEnterTogether() {
    assertTrue(semaphore.acquire(first, false));
    assertFalse(semaphore.acquire(second, true));
    assertFalse(semaphore.acquire(third, false));
    assertFalse(semaphore.acquire(fourth, false));
    semaphore.release(first, false);
    assertEquals(List.of("second"), entered());
    semaphore.release(second, true);
    assertEquals(List.of("third", "fourth"), entered());
    semaphore.release(third, false);
    semaphore.release(fourth, false);
    assertTrue(semaphore.isFree());
  }

  @Test
  void releaseWithoutHolding_isADefect() {
    assertThrows(ModelException.class, () -> semaphore.release(first, false));
    semaphore.acquire(first, false);
    assertThrows(ModelException.class, () -> semaphore.release(first, true));
  }
}
