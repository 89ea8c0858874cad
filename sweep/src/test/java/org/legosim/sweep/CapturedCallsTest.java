package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** The simulated kernel's own strace against the capture that it replays. */
class CapturedCallsTest {
  private static final Path TRACE =
      Machines.projectRoot().orElseThrow().resolve("configs/traces/wordcount.ltrace");

  /** Diary row 31: the kernel's counts are those of the system calls in the trace. */
  @Test
  void row31_counts_areThoseOfTheTracesSystemCalls() {
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load("legoos-osdi18", List.of("pcache.size=4 MiB", "caches.model=off"));
    try (TraceImage trace = Traces.open(TRACE)) {
      Map<Integer, Long> captured = new TreeMap<>();
      for (int thread = 0; thread < trace.threads().size(); thread++) {
        count(trace, thread, captured);
      }
      RunResult result = PointSimulator.run(
          config, List.of(new Application(trace, 0)), 1, EventLog.NONE, RunOptions.Progress.NONE);
      Map<Integer, Long> counted = new TreeMap<>();
      result.syscalls().forEach(row -> counted.put(row.number(), row.calls()));
      assertTrue(captured.size() > 10, captured.toString());
      assertEquals(captured, counted);
    }
  }

  private static void count(TraceImage trace, int thread, Map<Integer, Long> calls) {
    AccessBatch batch = new AccessBatch();
    try (AccessSource source = trace.open(thread)) {
      for (int kind = source.next(batch); kind != AccessSource.END; kind = source.next(batch)) {
        if (kind == AccessSource.EVENT && batch.eventKind == EventKind.SYSCALL_ENTER) {
          calls.merge((int) batch.eventNumber, 1L, Long::sum);
        }
      }
    }
  }
}
