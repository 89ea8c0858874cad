package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;

/** Rows 11 and 36: more threads than CPUs on whole machines, the inlining engine against the plain one. */
class SchedulerLawTest {
  private static final long DATA = 0x200000;
  private static final int SCHED_YIELD = 24;
  private static final int GETPID = 39;
  private static final int SETPRIORITY = 141;
  private static final int SCHED_SETSCHEDULER = 144;
  private static final int SCHED_SETAFFINITY = 203;
  private static final int CYCLES_PER_MS = 2_400_000;

  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "256 KiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "memory.mapOnTouch", "true",
      "processor.pinnedCpus", "0"));

  private RunResult run(ListTrace trace, boolean runsAhead) {
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", 1), EventLog.NONE, runsAhead, RunOptions.Progress.NONE);
    return new LegoSystem(RunAheadLawTest.params(keys), options)
        .load(new Application(trace, 0))
        .run();
  }

  private MetricSnapshot both(ListTrace trace, String where) {
    RunResult plain = run(trace, false);
    RunResult ahead = run(trace, true);
    assertEquals(plain.metrics().entries(), ahead.metrics().entries(), where);
    assertEquals(plain.misses(), ahead.misses(), where);
    return ahead.metrics();
  }

  /** Ticks every 100 us, threads that wait for each other, fault, yield and compute. */
  @ParameterizedTest
  @ValueSource(strings = {"off", "hierarchy"})
  void bothEnginesAgree(String caches) {
    long first = Long.getLong("test.seed", 3);
    System.out.println("schedules with caches " + caches + " run with -Dtest.seed=" + first);
    keys.put("caches.model", caches);
    keys.put("tlb.model", caches);
    keys.put("kernel.hz", "10000");
    keys.put("kernel.sched.latency", "400 us");
    keys.put("kernel.sched.minGranularity", "50 us");
    keys.put("kernel.sched.wakeupGranularity", "20 us");
    long switches = 0;
    long migrations = 0;
    for (long seed = first; seed < first + 30; seed++) {
      keys.put("processor.cpus", String.valueOf(1 + seed % 3));
      MetricSnapshot metrics = both(program(seed), "seed " + seed);
      switches += metrics.getLong("involuntary_switches");
      migrations += metrics.getLong("migrations");
    }
    assertTrue(migrations > 50, "only " + migrations + " migrations");
    assertTrue(switches > 500, "only " + switches + " involuntary switches");
  }

  private static ListTrace program(long seed) {
    Random random = new Random(seed);
    ListTrace trace = new ListTrace().process(1, 0);
    List<ListTrace.Writer> threads = new ArrayList<>();
    for (int i = 0; i < 3 + random.nextInt(8); i++) {
      threads.add(trace.thread(1, 1 + i));
    }
    for (int step = 0; step < 120; step++) {
      for (int i = 0; i < threads.size(); i++) {
        ListTrace.Writer thread = threads.get(i);
        int choice = random.nextInt(20);
        if (choice == 0) {
          thread.enter(SCHED_YIELD).leave(0);
        } else if (choice == 1) {
          thread.enter(GETPID).leave(1);
        } else if (choice == 3) {
          ask(thread, random, threads.size());
        } else if (choice == 2 && i > 0 && step > 0) {
          ListTrace.Writer other = threads.get(i - 1);
          thread.waitFor(thread.size(), other, i - 1, other.size() / 2);
          thread.access(AccessKind.LOAD, DATA, 8, 10);
        } else {
          int instructions = random.nextInt(3) == 0 ? 400_000 : 3;
          long page = random.nextInt(100);
          int kind = random.nextBoolean() ? AccessKind.STORE : AccessKind.LOAD;
          thread.access(kind, DATA + 4096 * page, 8, instructions);
        }
      }
    }
    return trace;
  }

  /** Some thread is to run elsewhere, or more, or less. */
  private static void ask(ListTrace.Writer thread, Random random, int threads) {
    int tid = random.nextInt(threads + 1);
    switch (random.nextInt(4)) {
      case 0 -> thread.enter(SETPRIORITY, 0, tid, random.nextInt(40) - 20).leave(0);
      case 1 ->
        thread
            .enterWith(List.of("5"), SCHED_SETSCHEDULER, tid, random.nextInt(4), DATA)
            .leave(0);
      default -> {
        String mask = "0x" + Integer.toHexString(1 + random.nextInt(7));
        thread.enterWith(List.of(mask), SCHED_SETAFFINITY, tid, 128, DATA).leave(0);
      }
    }
  }

  /** Accesses one page, with a compute of a tenth of a millisecond before each. */
  private static void compute(ListTrace.Writer thread, int ms, long page) {
    for (int i = 0; i < 10 * ms; i++) {
      thread.access(AccessKind.LOAD, DATA + 4096 * page, 8, CYCLES_PER_MS / 10);
    }
  }

  private static void near(long expected, long actual, long leeway) {
    assertTrue(Math.abs(actual - expected) <= leeway, actual + " instead of " + expected);
  }

  /** Row 11: two programs that only compute change places at every tick and end together. */
  @Test
  void row11_twoThreadsOnOneCpuShareItByTheTick() {
    keys.put("processor.cpus", "1");
    keys.put("core.cyclesPerInstruction", "1 cycles");
    ListTrace trace = new ListTrace().process(1, 0);
    compute(trace.thread(1, 1), 200, 1);
    compute(trace.thread(1, 2), 200, 2);
    MetricSnapshot metrics = both(trace, "two threads");
    long ms = metrics.getLong("simulated_time_ns") / 1_000_000;
    assertTrue(ms >= 400 && ms <= 401, ms + " ms");
    assertEquals(ms / 10, metrics.getLong("ticks"));
    // at each tick but the last, when one of them has ended
    near(ms / 10 - 1, metrics.getLong("involuntary_switches"), 1);
    // each waits while the other one runs
    near(395, metrics.getLong("time_scheduler_ns") / 1_000_000, 5);
  }

  /** Row 36: a tick costs what it costs, on a CPU with one thread and nobody to change to. */
  @Test
  void row36_ticksTakeTheirTimeFromWhoRuns() {
    keys.put("processor.cpus", "2");
    keys.put("core.cyclesPerInstruction", "1 cycles");
    ListTrace trace = new ListTrace().process(1, 0);
    compute(trace.thread(1, 1), 95, 1);
    MetricSnapshot with = both(trace, "with ticks");
    keys.put("kernel.costs.tick", "0 ns");
    MetricSnapshot without = both(trace, "without ticks");
    assertEquals(9, with.getLong("ticks"));
    near(9 * 1500, with.getLong("simulated_time_ns") - without.getLong("simulated_time_ns"), 1);
    near(9 * 1500, with.getLong("time_scheduler_ns") - without.getLong("time_scheduler_ns"), 1);
    assertEquals(0, with.getLong("involuntary_switches"));
  }
}
