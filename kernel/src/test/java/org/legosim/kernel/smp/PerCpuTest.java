package org.legosim.kernel.smp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Rows 3, 4 and 14 of the diary: whom a CPU takes itself to work for, and whether it knows of its interrupts. */
class PerCpuTest {
  private static PerCpu perCpu(String... faults) {
    return new PerCpu(4, SmpDefects.of(List.of(faults)), true, task -> "task " + task);
  }

  private static void run(PerCpu perCpu, int cpu, int task) {
    perCpu.stackSwitched(cpu, task);
    perCpu.currentStored(cpu, task);
  }

  private static String violation(Runnable what) {
    return assertThrows(InvariantViolation.class, what::run).getMessage();
  }

  /** Row 3: the developers' false alarm of 2018-02-22. */
  @Test
  void exceptionInTheWindowOfASwitch_findsThemDifferent_andIsNoDefect() {
    PerCpu perCpu = perCpu();
    run(perCpu, 1, 10);
    perCpu.exception(1, "a page fault", 5);
    perCpu.stackSwitched(1, 11);
    perCpu.exception(1, "a general protection", 6);
    perCpu.currentStored(1, 11);
    perCpu.exception(1, "a page fault", 7);
    assertEquals(1, perCpu.exceptionsInSwitches());
  }

  /** Row 3, F-3. */
  @Test
  void exceptionOutsideOfASwitch_thatFindsThemDifferent_isReported() {
    PerCpu perCpu = perCpu("F-3");
    run(perCpu, 1, 10);
    assertEquals(
        "current: a page fault on CPU 1 at 5 ps finds the idle thread in current_task, on the stack of"
            + " task 10 and outside of a switch",
        violation(() -> perCpu.exception(1, "a page fault", 5)));
  }

  /** Row 4, F-4: CPUs 2 and 3 share; 0 and 2 do not. */
  @Test
  void cpusThatShareTheirVariables_takeEachOthersTasks() {
    PerCpu perCpu = perCpu("F-4");
    run(perCpu, 0, 9);
    run(perCpu, 2, 10);
    perCpu.exception(2, "a page fault", 4);
    run(perCpu, 3, 11);
    perCpu.exception(0, "a page fault", 5);
    assertEquals(
        "current: a page fault on CPU 2 at 6 ps finds task 11 in current_task, on the stack of task 10"
            + " and outside of a switch; CPU 3 has written the per-CPU variables of CPU 2",
        violation(() -> perCpu.exception(2, "a page fault", 6)));
    perCpu.entered(2, 10);
    assertTrue(violation(() -> perCpu.onKernelStack(2, 10, 7))
        .contains("enters the kernel on CPU 2 at 7 ps on the kernel stack of task 11"));
  }

  /** Row 4: two entries at once, with a stack of one's own and a scratch that is shared. */
  @Test
  void entriesAtOnce_withAScratchOfTheirOwn_doNotMeet() {
    PerCpu perCpu = perCpu();
    run(perCpu, 2, 10);
    run(perCpu, 3, 11);
    perCpu.entered(2, 10);
    perCpu.entered(3, 11);
    perCpu.onKernelStack(2, 10, 7);
    perCpu.onKernelStack(3, 11, 7);
    assertEquals(0, perCpu.exceptionsInSwitches());
  }

  /** Row 14, F-9. */
  @Test
  void handlersKnowThatTheyAre_andWithAnEmptyInInterruptTheyDoNot() {
    HandlerNesting nesting = new HandlerNesting(2, SmpDefects.NONE, true);
    nesting.judge(false, "a task runs", 1);
    nesting.enter();
    nesting.judge(true, "a handler runs", 2);
    assertTrue(violation(() -> nesting.judge(false, "a task runs", 3)).endsWith("says yes"));
    nesting.exit();
    nesting.judge(false, "a task runs", 4);
    HandlerNesting empty = new HandlerNesting(2, SmpDefects.of(List.of("F-9")), true);
    empty.enter();
    assertEquals(
        "interrupts: a handler runs on CPU 2 at 5 ps, and in_interrupt() says no",
        violation(() -> empty.judge(true, "a handler runs", 5)));
  }
}
