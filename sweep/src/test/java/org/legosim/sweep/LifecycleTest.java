package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * The capture of {@code trace-capture/examples/lifecycle.c}, which forks, executes itself, moves memory and
 * takes signals, replayed on remote memory with everything checked at every step: it must agree with what was
 * captured. Diary rows 13, 15 and 31.
 */
class LifecycleTest {
  private static final Path TRACE =
      Machines.projectRoot().orElseThrow().resolve("configs/traces/lifecycle.ltrace");

  private static RunResult run(String machine, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("check=always");
    EffectiveConfig config = Machines.find(KnownParameters.catalog()).load(machine, all);
    try (TraceImage trace = Traces.open(TRACE)) {
      return PointSimulator.run(
          config, List.of(new Application(trace, 0)), 1, EventLog.NONE, RunOptions.Progress.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void row15_capturedAndSimulatedKernelAgree(String eviction) {
    RunResult result = run(
        "legoos-osdi18", "pcache.size=256 KiB", "caches.model=off", "pcache.eviction=" + eviction);
    assertEquals(List.of(), result.disagreements());
    assertEquals(traced().calls, calls(result), "strace's counts");
  }

  @Test
  void row13_allWaysToTakeASignalAreThere() {
    Counts counts = traced();
    assertTrue(counts.events.get(EventKind.SIGNAL) >= 9, counts.events::toString);
    assertEquals(counts.events.get(EventKind.SIGNAL), counts.calls.get(15), "each handler returns");
    assertEquals(1, counts.events.get(EventKind.EXEC));
    assertTrue(counts.calls.containsKey(25), "mremap");
    RunResult result = run("legoos-osdi18", "caches.model=off");
    // its alarm and its two sleeps, of 25 ms each, end at ticks, 30 to 40 ms after their beginnings
    long endNs = result.metrics().getLong("simulated_time_ns");
    assertTrue(endNs > 90_000_000 && endNs < 122_000_000, "end " + endNs);
  }

  private static Map<Integer, Long> calls(RunResult result) {
    Map<Integer, Long> calls = new TreeMap<>();
    for (SyscallRow row : result.syscalls()) {
      calls.put(row.number(), row.calls());
    }
    return calls;
  }

  private static final class Counts {
    final Map<Integer, Long> calls = new TreeMap<>();
    final Map<EventKind, Long> events = new EnumMap<>(EventKind.class);
  }

  private static Counts traced() {
    Counts counts = new Counts();
    AccessBatch batch = new AccessBatch();
    try (TraceImage trace = Traces.open(TRACE)) {
      for (int thread = 0; thread < trace.threads().size(); thread++) {
        try (AccessSource source = trace.open(thread)) {
          for (int kind = source.next(batch); kind != AccessSource.END; kind = source.next(batch)) {
            if (kind == AccessSource.EVENT) {
              counts.events.merge(batch.eventKind, 1L, Long::sum);
              if (batch.eventKind == EventKind.SYSCALL_ENTER) {
                counts.calls.merge((int) batch.eventNumber, 1L, Long::sum);
              }
            }
          }
        }
      }
    }
    return counts;
  }
}
