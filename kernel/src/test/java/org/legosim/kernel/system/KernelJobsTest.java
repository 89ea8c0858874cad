package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;

/** Rows 7, 8 and 9 of the diary on whole machines: work queues and stop_machine while a program runs. */
class KernelJobsTest {
  private static final long DATA = 0x200000;

  private final ListTrace trace = new ListTrace().process(1, 0);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "256 KiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "core.cyclesPerInstruction", "1 cycles",
      "kernel.hz", "1000",
      "memory.mapOnTouch", "true",
      "processor.cpus", "4",
      "check", "always",
      "processor.pinnedCpus", "0"));

  /** Computes for ten milliseconds, in tenths of one. */
  private ListTrace.Writer compute(int tid) {
    ListTrace.Writer thread = trace.thread(1, tid);
    for (int i = 0; i < 100; i++) {
      thread.access(AccessKind.STORE, DATA + 0x1000L * tid, 8, 240_000);
    }
    return thread;
  }

  private static long of(RunResult result, String metric) {
    return result.metrics().getLong(metric);
  }

  @Test
  void row8_everyCpusWorkerDoesItsWork() {
    compute(1);
    RunResult without = Replay.run(trace, keys);
    keys.put("kernel.work.every", "1 ms");
    keys.put("kernel.work.time", "100 us");
    RunResult with = Replay.run(trace, keys);
    assertEquals(0, of(without, "queued_works"));
    // at each tick up to the end, on four CPUs
    long ticks = of(with, "simulated_time_ns") / 1_000_000;
    assertEquals(4 * ticks, of(with, "queued_works"));
    // the thread gives way to its CPU's worker each time and waits as long
    long addedNs = of(with, "simulated_time_ns") - of(without, "simulated_time_ns");
    assertTrue(Math.abs(addedNs - ticks * 100_000) < ticks * 5_000, addedNs + " for " + ticks);
    assertEquals(without.disagreements(), with.disagreements());
  }

  @Test
  void row9_theMachineStopsAndGoesOn() {
    for (int tid = 1; tid <= 3; tid++) {
      compute(tid);
    }
    RunResult without = Replay.run(trace, keys);
    keys.put("kernel.stopMachine.every", "2 ms");
    keys.put("kernel.stopMachine.time", "200 us");
    RunResult with = Replay.run(trace, keys);
    assertEquals(0, of(without, "machine_stops"));
    long stops = of(with, "machine_stops");
    assertEquals(of(with, "simulated_time_ns") / 2_000_000, stops);
    long addedNs = of(with, "simulated_time_ns") - of(without, "simulated_time_ns");
    // and what they wait until the last one is at the end of its tenth of a millisecond
    assertTrue(addedNs >= stops * 200_000 && addedNs < stops * 420_000, addedNs + "");
    assertEquals(0, of(with, "stale_tlb_accesses"));
  }

  /** Row 7: what was never made for a CPU is missed when the kernel needs it. */
  @Test
  void row7_aCpuWithoutWorkersOrStopper_stopsTheKernel() {
    compute(1);
    keys.put("faults", "[F-7]");
    assertEquals(0, of(Replay.run(trace, keys), "queued_works"));
    keys.put("kernel.work.every", "1 ms");
    String work =
        assertThrows(InvariantViolation.class, () -> Replay.run(trace, keys)).getMessage();
    assertTrue(
        work.contains("statistics of CPU 1 at 1000000000 ps finds no workers of CPU 1:"
            + " workqueue_online_cpu has not run"),
        work);
    keys.remove("kernel.work.every");
    keys.put("kernel.stopMachine.every", "1 ms");
    String stop =
        assertThrows(InvariantViolation.class, () -> Replay.run(trace, keys)).getMessage();
    assertTrue(
        stop.contains("finds no stopper thread of CPU 1: smpboot_unpark_threads has not run"),
        stop);
  }
}
