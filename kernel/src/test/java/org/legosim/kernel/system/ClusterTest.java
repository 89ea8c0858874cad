package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/** Several processor nodes with a program each, over memory nodes that they share. */
class ClusterTest {
  /** Counts that are nobody's but the node's, and so add up when nodes share nothing. */
  private static final List<String> COUNTS = List.of(
      "instructions",
      "accesses",
      "pcache_hits",
      "pcache_misses",
      "pcache_fill_remote",
      "pcache_evictions",
      "pcache_flushes",
      "rpc_count",
      "network_sent_bytes",
      "tlb_shootdowns",
      "context_switches",
      "syscalls",
      "kernel_nr_pgfault",
      "kernel_nr_pcache_eviction_succeed",
      "thread_time_ns");

  private static Map<String, String> keys(String... more) {
    Map<String, String> keys = new HashMap<>();
    keys.put("processor.nodes", "2");
    keys.put("memory.nodes", "2");
    keys.put("memory.placement", "home");
    keys.put("pcache.size", "128 KiB");
    keys.put("pcache.ways", "4");
    keys.put("memory.mapOnTouch", "true");
    keys.put("processor.cpus", "6");
    for (int i = 0; i < more.length; i += 2) {
      keys.put(more[i], more[i + 1]);
    }
    return keys;
  }

  private static RunResult run(Map<String, String> keys, Application... applications) {
    return run(keys, RunOptions.of(new RunIdentity("c", "t", "v", 1)), applications);
  }

  private static RunResult run(
      Map<String, String> keys, RunOptions options, Application... applications) {
    LegoSystem system = new LegoSystem(RunAheadLawTest.params(keys), options);
    for (Application application : applications) {
      system.load(application);
    }
    return system.run();
  }

  private static Application application(long seed, int node) {
    return new Application(RunAheadLawTest.trace(seed), 0, node);
  }

  private static String outcome(Map<String, String> keys, long seed, boolean runsAhead) {
    StringBuilder events = new StringBuilder();
    EventLog log = (timePs, cpu, kind, tgid, address, set, way) ->
        events.append(timePs + "," + cpu + kind + Long.toHexString(address) + "," + way + "\n");
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", seed), log, runsAhead, RunOptions.Progress.NONE);
    RunResult result = run(keys, options, application(seed, 0), application(seed + 1000, 1));
    StringBuilder out = new StringBuilder();
    result.metrics().entries().forEach(e -> out.append(e.metric().name() + "=" + e.value() + "\n"));
    return out + "" + result.misses() + result.syscalls() + events;
  }

  @ParameterizedTest
  @CsvSource({
    "per-set-list, lru, off, home",
    "victim-cache, fifo, hierarchy, traffic",
    "per-set-list, true-lru, off, round-robin"
  })
  void runAhead_changesNothing(String eviction, String policy, String caches, String placement) {
    Map<String, String> keys = keys(
        "pcache.eviction", eviction,
        "pcache.policy", policy,
        "pcache.victimEntries", "16",
        "caches.model", caches,
        "tlb.model", caches,
        "memory.placement", placement);
    for (long seed = 1; seed <= 12; seed++) {
      assertEquals(
          outcome(keys, seed, false), outcome(keys, seed, true), eviction + ", seed " + seed);
    }
  }

  /** Homes on different memory nodes, so nothing is shared: each program runs as if it were alone. */
  @Test
  void nodesThatShareNothing_addUp() {
    Map<String, String> alone = keys("processor.nodes", "1", "memory.nodes", "1");
    MetricSnapshot first = run(alone, application(5, 0)).metrics();
    MetricSnapshot second = run(alone, application(6, 0)).metrics();
    MetricSnapshot both = run(keys(), application(5, 0), application(6, 1)).metrics();
    for (String name : COUNTS) {
      assertEquals(first.getLong(name) + second.getLong(name), both.getLong(name), name);
    }
    assertEquals(
        Math.max(first.getLong("simulated_time_ns"), second.getLong("simulated_time_ns")),
        both.getLong("simulated_time_ns"));
  }

  @Test
  void nodesThatShareAMemoryNode_waitForItsWorker() {
    Map<String, String> alone = keys("processor.nodes", "1", "memory.nodes", "1");
    MetricSnapshot one = run(alone, application(5, 0)).metrics();
    MetricSnapshot both =
        run(keys("memory.nodes", "1"), application(5, 0), application(5, 1)).metrics();
    assertEquals(2 * one.getLong("accesses"), both.getLong("accesses"));
    assertTrue(both.getDouble("rpc_latency_mean_ns") > one.getDouble("rpc_latency_mean_ns"));
    assertTrue(both.getLong("time_memory_queue_ns") > 2 * one.getLong("time_memory_queue_ns"));
  }

  /** The same process number and the same addresses on both nodes are two processes. */
  @Test
  void sameNumbersOnTwoNodes_areTwoProcesses() {
    Map<String, String> keys = keys("memory.nodes", "1", "check", "always");
    MetricSnapshot both = run(keys, application(7, 0), application(7, 1)).metrics();
    assertTrue(both.getLong("pcache_misses") > 0);
  }

  @Test
  void programsWithoutANode_goToTheOneWithTheFewest() {
    RunResult chosen = run(
        keys(),
        application(5, Application.ANY_NODE),
        application(6, Application.ANY_NODE),
        application(7, Application.ANY_NODE));
    RunResult named = run(keys(), application(5, 0), application(6, 1), application(7, 0));
    assertEquals(named.metrics().entries(), chosen.metrics().entries());
  }

  @Test
  void aNodeWithoutAProgram_isNoTrouble() {
    Map<String, String> alone = keys("processor.nodes", "1", "pcache.sweep.interval", "10 us");
    Map<String, String> wide = keys("processor.nodes", "3", "pcache.sweep.interval", "10 us");
    assertEquals(
        run(alone, application(5, 0)).metrics().getLong("simulated_time_ns"),
        run(wide, application(5, 1)).metrics().getLong("simulated_time_ns"));
  }

  @Test
  void whatCannotBe_isRefused() {
    String missing = assertThrows(ConfigException.class, () -> run(keys(), application(1, 2)))
        .getMessage();
    assertTrue(missing.contains("processor node P2; the machine has 2"), missing);
    String hop = assertThrows(
            ConfigException.class,
            () -> run(keys("network.switchHop", "2 ms", "fit.timeout", "1 ms")))
        .getMessage();
    assertTrue(hop.contains("fit.timeout is 1000000 ns"), hop);
    assertTrue(hop.contains("raise fit.timeout"), hop);
    String local = assertThrows(ConfigException.class, () -> run(keys("processor.memory", "local")))
        .getMessage();
    assertTrue(local.contains("processor.nodes"), local);
  }

  /** A program that begins a new range of 1 GiB with each call. */
  private static ListTrace ranges() {
    ListTrace trace = new ListTrace().process(1, 0);
    ListTrace.Writer thread = trace.thread(1, 1);
    for (int k = 0; k < 12; k++) {
      thread.enter(9, 0, 0x4000, 3, 0x22, -1, 0).leave(0x7f0000000000L - k * 0x100000000L);
    }
    return trace;
  }

  /**
   * Two memory nodes of one worker each that ask each other for a part of a mapping: each worker waits for the
   * other one's, until the real time-out ends it and the run says why.
   */
  @Test
  void workersThatCallEachOther_endInTheRealTimeOut() {
    Map<String, String> keys =
        keys("memory.placement", "round-robin", "memory.placementInterval", "1");
    int deadlocks = 0;
    for (long offsetPs = 0; offsetPs < 16_000_000; offsetPs += 1_000_000) {
      try {
        run(keys, new Application(ranges(), 0, 0), new Application(ranges(), offsetPs, 1));
      } catch (InvariantViolation e) {
        String text = String.valueOf(e.getMessage());
        assertTrue(text.contains("workers of memory nodes wait for each other"), text);
        assertTrue(text.contains(" at 30000"), "after 30 s: " + text);
        deadlocks++;
      }
    }
    assertTrue(deadlocks > 0, "no offset has led to a deadlock");
  }
}
