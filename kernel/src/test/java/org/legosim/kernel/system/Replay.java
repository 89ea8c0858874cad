package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** Replays a trace on a whole machine. */
final class Replay {
  private Replay() {}

  /** Runs the trace in the inlining and in the plain engine, which must agree. */
  static RunResult run(ListTrace trace, Map<String, String> keys) {
    RunResult plain = run(trace, keys, false);
    RunResult ahead = run(trace, keys, true);
    assertEquals(plain.metrics().entries(), ahead.metrics().entries());
    assertEquals(plain.disagreements(), ahead.disagreements());
    return ahead;
  }

  static RunResult run(ListTrace trace, Map<String, String> keys, boolean runsAhead) {
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", 1), EventLog.NONE, runsAhead, RunOptions.Progress.NONE);
    return new LegoSystem(RunAheadLawTest.params(keys), options)
        .load(new Application(trace, 0))
        .run();
  }

  /** What capture and simulated kernel disagree about, a line each: call, captured, simulated. */
  static String texts(RunResult result) {
    StringBuilder out = new StringBuilder();
    for (Disagreement row : result.disagreements()) {
      out.append(row.call() + " " + row.captured() + " / " + row.simulated() + "\n");
    }
    return out.toString();
  }

  /** The same, each line with its thread before it. */
  static String textsByThread(RunResult result) {
    StringBuilder out = new StringBuilder();
    for (Disagreement row : result.disagreements()) {
      out.append(row.tid() + " " + row.call() + " " + row.captured() + " / ");
      out.append(row.simulated() + "\n");
    }
    return out.toString();
  }
}
