package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.EventKind;

/** A computation of many milliseconds before one record is divided where the scheduler looks: at ticks. */
class LongComputationTest {
  private static final int GETPID = 39;
  private static final int MS = 2_400_000;

  private static Map<String, String> keys(String caches) {
    return new LinkedHashMap<>(Map.of(
        "pcache.size", "256 KiB",
        "pcache.ways", "4",
        "caches.model", caches,
        "tlb.model", caches,
        "core.cyclesPerInstruction", "1 cycles",
        "kernel.hz", "1000",
        "memory.mapOnTouch", "true",
        "processor.cpus", "1",
        "processor.pinnedCpus", "0"));
  }

  /** Two threads on one CPU that compute for 60 ms each, so many milliseconds before each record. */
  private static RunResult run(String caches, int step, boolean inCalls) {
    ListTrace trace = new ListTrace().process(1, 0);
    for (int tid = 1; tid <= 2; tid++) {
      ListTrace.Writer thread = trace.thread(1, tid);
      thread.access(AccessKind.LOAD, 0x200000, 8, 1);
      for (int ms = 0; ms < 60; ms += step) {
        if (inCalls) {
          thread.enterAfter(step * MS, GETPID).leave(1);
        } else {
          thread.access(AccessKind.LOAD, 0x200000, 8, step * MS);
        }
      }
      thread.event(EventKind.EXIT, 0);
    }
    return Replay.run(trace, keys(caches));
  }

  private static long of(RunResult result, String metric) {
    return result.metrics().getLong(metric);
  }

  /** Sixty steps of 1 ms and one of 60 ms have the same ticks, and the CPU changes hands as often. */
  @ParameterizedTest
  @CsvSource({"off, false", "off, true", "hierarchy, false", "hierarchy, true"})
  void oneLongStepIsAsManyShortOnes(String caches, boolean inCalls) {
    RunResult longSteps = run(caches, 60, inCalls);
    RunResult shortSteps = run(caches, 1, inCalls);
    assertEquals(of(shortSteps, "ticks"), of(longSteps, "ticks"));
    long switches = of(longSteps, "involuntary_switches");
    assertTrue(switches >= 30, switches + " switches");
    long difference = Math.abs(switches - of(shortSteps, "involuntary_switches"));
    assertTrue(difference <= 2, difference + " of " + switches);
    long waits = of(longSteps, "time_scheduler_ns") - of(shortSteps, "time_scheduler_ns");
    assertTrue(Math.abs(waits) < 4_000_000, waits + " ns");
  }
}
