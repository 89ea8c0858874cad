package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;

/** What programs ask of the scheduler, on whole machines and in both engines. CPUs execute 2.4 million instructions a millisecond. */
class SchedCallsTest {
  private static final long DATA = 0x200000;
  private static final int CLONE = 56;
  private static final int SETPRIORITY = 141;
  private static final int SCHED_SETSCHEDULER = 144;
  private static final int SCHED_SETAFFINITY = 203;
  private static final long THREAD_FLAGS = 0x50f00;
  private static final int SLICE = 240_000;

  private final ListTrace trace = new ListTrace().process(1, 0);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "256 KiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "core.cyclesPerInstruction", "1 cycles",
      "kernel.hz", "1000",
      "memory.mapOnTouch", "true",
      "processor.pinnedCpus", "0"));

  private RunResult run(int cpus) {
    keys.put("processor.cpus", String.valueOf(cpus));
    return Replay.run(trace, keys);
  }

  /** Computes in tenths of a millisecond. */
  private static ListTrace.Writer compute(ListTrace.Writer thread, int ms) {
    for (int i = 0; i < 10 * ms; i++) {
      thread.access(AccessKind.LOAD, DATA, 8, SLICE);
    }
    return thread;
  }

  private static ListTrace.Writer setAffinity(ListTrace.Writer thread, int tid, String mask) {
    return thread
        .enterWith(mask.isEmpty() ? List.of() : List.of(mask), SCHED_SETAFFINITY, tid, 128, DATA)
        .leave(0);
  }

  private static long ms(RunResult result, String metric) {
    return result.metrics().getLong(metric) / 1_000_000;
  }

  private static void near(long expected, long actual, long leeway) {
    assertTrue(Math.abs(actual - expected) <= leeway, actual + " instead of " + expected);
  }

  @Test
  void aThreadThatExcludesItsOwnCpu_isMovedByTheStopperWhileItSleeps() {
    setAffinity(compute(trace.thread(1, 1), 3), 0, "0x2");
    RunResult result = run(2);
    assertEquals(1, result.metrics().getLong("migrations"));
    // to the thread, to the stopper, to the thread on its new CPU
    assertEquals(3, result.metrics().getLong("context_switches"));
    assertEquals(0, result.metrics().getLong("involuntary_switches"));
  }

  @Test
  void aRunningThreadIsMovedFromAfar_andItsCallerWaits() {
    setAffinity(compute(trace.thread(1, 1), 3), 2, "0x4");
    compute(trace.thread(1, 2), 20);
    RunResult result = run(3);
    assertEquals(1, result.metrics().getLong("migrations"));
    assertEquals(1, result.metrics().getLong("involuntary_switches"));
    // two to begin with, stopper and new CPU of the second, and the first one's return from its
    // wait
    assertEquals(5, result.metrics().getLong("context_switches"));
    assertEquals(20, ms(result, "simulated_time_ns"));
  }

  @Test
  void aWaitingThreadIsMovedAtOnce_andUsesAnIdleCpu() {
    // threads 1 and 3 share CPU 0, as nothing is balanced; then 3 goes to CPU 1 where the others
    // are gone
    compute(setAffinity(compute(trace.thread(1, 1), 3), 3, "0x2"), 40);
    compute(trace.thread(1, 2), 1);
    compute(trace.thread(1, 3), 50);
    compute(trace.thread(1, 1_000), 1);
    RunResult result = run(2);
    assertEquals(1, result.metrics().getLong("migrations"));
    near(55, ms(result, "simulated_time_ns"), 3);
  }

  @Test
  void childrenInheritAffinity() {
    ListTrace.Writer main = setAffinity(trace.thread(1, 1), 0, "0x2");
    long record = main.size();
    main.enter(CLONE, THREAD_FLAGS).leave(2);
    compute(main, 10);
    ListTrace.Writer child = compute(trace.thread(1, 2), 10);
    child.waitFor(0, main, 0, record);
    RunResult result = run(4);
    // both on CPU 1 though three CPUs idle
    assertEquals(20, ms(result, "simulated_time_ns"));
  }

  @Test
  void aMaskWithoutAnActiveCpuIsRefused_andOneThatTheTraceLacksChangesNothing() {
    keys.put("processor.pinnedCpus", "1");
    setAffinity(setAffinity(compute(trace.thread(1, 1), 1), 0, "0x1"), 0, "");
    RunResult result = run(2);
    assertEquals(0, result.metrics().getLong("migrations"));
    assertEquals("EINVAL", result.disagreements().get(0).simulated());
    assertEquals(1, result.disagreements().size());
    assertTrue(
        result.approximations().toString().contains("sched_setaffinity: a mask"),
        result.approximations().toString());
  }

  /** Weights 3121 and 1024: while both run the heavier one has three quarters of the CPU. */
  @Test
  void niceIsAWeight() {
    ListTrace.Writer first = trace.thread(1, 1).enter(SETPRIORITY, 0, 0, -5).leave(0);
    compute(first, 120);
    compute(trace.thread(1, 2), 120);
    RunResult result = run(1);
    near(240, ms(result, "simulated_time_ns"), 1);
    // the first waits for a third of its 120 ms, the second one for all of them
    near(160, ms(result, "time_scheduler_ns"), 6);
  }

  @Test
  void realTimeGoesBeforeFair_andARoundRobinSliceIsAHundredMilliseconds() {
    // more important than those whom it makes important, so that it makes both so
    ListTrace.Writer main = trace
        .thread(1, 1)
        .enterWith(List.of("20"), SCHED_SETSCHEDULER, 0, 2, DATA)
        .leave(0);
    for (int tid = 2; tid <= 3; tid++) {
      main.enterWith(List.of("10"), SCHED_SETSCHEDULER, tid, 2, DATA).leave(0);
      compute(trace.thread(1, tid), 150);
    }
    compute(main.enter(SCHED_SETSCHEDULER, 0, 0, DATA).leave(0), 50);
    RunResult result = run(1);
    near(350, ms(result, "simulated_time_ns"), 2);
    // slices 100, 100, 50, 50 once the fair one has asked for them, which then waits for all: 300,
    // and the
    // others 100 and 100 + 50
    near(550, ms(result, "time_scheduler_ns"), 15);
  }
}
