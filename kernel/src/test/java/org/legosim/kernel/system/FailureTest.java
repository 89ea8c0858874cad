package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.NodeRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** Nodes that fail while programs run: what is lost, what is not, and that both are told. */
class FailureTest {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private static RunResult run(String failures, boolean runsAhead, String... more) {
    Map<String, String> keys = new HashMap<>();
    keys.put("processor.nodes", "2");
    keys.put("memory.nodes", "2");
    keys.put("memory.placement", "home");
    keys.put("pcache.size", "128 KiB");
    keys.put("pcache.ways", "4");
    keys.put("memory.mapOnTouch", "true");
    keys.put("processor.cpus", "6");
    keys.put("failures", failures);
    for (int i = 0; i < more.length; i += 2) {
      keys.put(more[i], more[i + 1]);
    }
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", 1), EventLog.NONE, runsAhead, RunOptions.Progress.NONE);
    return new LegoSystem(RunAheadLawTest.params(keys), options)
        .load(new Application(RunAheadLawTest.trace(5), 0, 0))
        .load(new Application(RunAheadLawTest.trace(6), 0, 1))
        .run();
  }

  private static RunResult run(String failures) {
    RunResult result = run(failures, true);
    assertEquals(
        run(failures, false).metrics().entries(),
        result.metrics().entries(),
        "the plain engine agrees");
    return result;
  }

  private static long figure(RunResult result, String node, String name) {
    return result.nodes().stream()
        .filter(row -> row.node().equals(node) && row.name().equals(name))
        .mapToLong(NodeRow::value)
        .findFirst()
        .orElseThrow();
  }

  private static boolean says(RunResult result, String... parts) {
    return result.approximations().stream()
        .anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
  }

  /** A memory node stops: its program is killed after 30 s, the other one never knows. */
  @Test
  void memoryNodeThatStops_takesItsProgramsWithIt() {
    RunResult well = run("[]");
    RunResult failed = run("[M0 down 300 us]");
    MetricSnapshot metrics = failed.metrics();
    assertEquals(1, metrics.getLong("programs_killed"));
    assertTrue(metrics.getLong("rpc_timeouts") > 0);
    assertEquals(metrics.getLong("rpc_timeouts"), metrics.getLong("rpc_leaked_slots"));
    assertTrue(metrics.getLong("network_lost_messages") > 0);
    assertEquals(figure(well, "P1", "end_ns"), figure(failed, "P1", "end_ns"));
    assertEquals(figure(well, "P1", "accesses"), figure(failed, "P1", "accesses"));
    assertTrue(figure(failed, "P0", "end_ns") > 30 * NS_PER_SECOND);
    assertTrue(figure(failed, "P0", "accesses") < figure(well, "P0", "accesses"));
    assertTrue(says(failed, "process 1 of P0 was killed", "got no answer"), failed + "");
    assertTrue(says(failed, "calls of P0 timed out", "reply slots are lost"), failed + "");
    assertTrue(says(failed, "messages of", "never arrived", "with a dirty page"), failed + "");
  }

  /** A second of outage costs 8.6 s, which is when the adapter sends again; nothing is lost. */
  @Test
  void shortPartition_costsTimeAndNothingElse() {
    RunResult well = run("[]");
    RunResult failed = run("[P0+P1 cut-from M0+M1 300 us..1 s]");
    for (String name : List.of("accesses", "instructions", "syscalls")) {
      assertEquals(well.metrics().getLong(name), failed.metrics().getLong(name), name);
    }
    assertEquals(0, failed.metrics().getLong("network_lost_messages"));
    assertEquals(0, failed.metrics().getLong("programs_killed"));
    long lateNs =
        failed.metrics().getLong("simulated_time_ns") - well.metrics().getLong("simulated_time_ns");
    assertTrue(lateNs > 8 * NS_PER_SECOND && lateNs < 9 * NS_PER_SECOND, lateNs + " ns");
    assertTrue(says(failed, "0 messages of 0 bytes never arrived"), failed + "");
  }

  @Test
  void slowWorker_slowsTheProgramsOfItsNode() {
    RunResult well = run("[]");
    RunResult failed = run("[M1 slow 3 0 us]");
    assertEquals(figure(well, "P0", "end_ns"), figure(failed, "P0", "end_ns"));
    assertTrue(figure(failed, "P1", "end_ns") > figure(well, "P1", "end_ns"));
    assertEquals(figure(well, "P1", "accesses"), figure(failed, "P1", "accesses"));
    assertTrue(says(failed, "failure: M1 slow 3 0 us"), failed + "");
  }

  @Test
  void stalledPollingThread_delaysAtMostItsTime() {
    RunResult well = run("[]");
    RunResult failed = run("[M0 stalled 300 us..800 us]");
    long lateNs = figure(failed, "P0", "end_ns") - figure(well, "P0", "end_ns");
    assertTrue(lateNs > 100_000 && lateNs <= 500_000, lateNs + " ns");
    assertEquals(figure(well, "P0", "accesses"), figure(failed, "P0", "accesses"));
  }

  /** Whoever comes back has none of its connections: the same as staying away. */
  @Test
  void memoryNodeThatComesBack_isAStranger() {
    RunResult gone = run("[M0 down 300 us]");
    RunResult back = run("[M0 down 300 us..400 us]");
    assertEquals(gone.metrics().entries(), back.metrics().entries());
  }
}
