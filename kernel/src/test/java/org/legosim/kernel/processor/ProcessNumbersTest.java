package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.timing.trace.ProcessImage;

class ProcessNumbersTest {
  private final List<UserProcess> all = new ArrayList<>();

  private UserProcess process(int number, ProcessLife.State state) {
    UserProcess process =
        new UserProcess(all.size(), new ProcessImage(7, 1, "p", List.of()), number, 0);
    process.life().setState(state);
    all.add(process);
    return process;
  }

  @Test
  void numbersGoUp_andBeginAgainBehindTheReserved() {
    ProcessNumbers numbers = new ProcessNumbers(303);
    for (int expected : new int[] {300, 301, 302}) {
      assertEquals(0, numbers.atLoad(7, all));
      assertEquals(expected, numbers.next(all));
      process(expected, ProcessLife.State.LIVING);
    }
    assertEquals(0, numbers.next(all), "all are taken");
    all.get(1).life().setState(ProcessLife.State.ZOMBIE);
    assertEquals(0, numbers.next(all), "one that nobody has waited for keeps its number");
    all.get(1).life().setState(ProcessLife.State.REAPED);
    assertEquals(301, numbers.next(all));
  }

  @Test
  void capturedNumbersStay_untilAnotherApplicationHasThem() {
    ProcessNumbers numbers = new ProcessNumbers(ProcessNumbers.CAPTURED);
    assertEquals(7, numbers.atLoad(7, all));
    process(7, ProcessLife.State.LIVING);
    process(9, ProcessLife.State.LIVING);
    assertEquals(10, numbers.atLoad(7, all));
    assertEquals(10, numbers.atLoad(0, all));
  }
}
