package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.NodeRow;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** The runs of docs/cluster-of-nodes.md: the two captured programs, each on a processor node of its own. */
class ClusterRunTest {
  private static final Path TRACES = Machines.projectRoot().orElseThrow().resolve("configs/traces");

  private static RunResult run(String... settings) {
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load("legoos-osdi18", List.of(settings))
        .with(List.of("processor.nodes=2", "memory.nodes=2", "caches.model=off"));
    try (TraceImage wordCount = Traces.open(TRACES.resolve("wordcount.ltrace"));
        TraceImage lifecycle = Traces.open(TRACES.resolve("lifecycle.ltrace"))) {
      return PointSimulator.run(
          config,
          List.of(new Application(wordCount, 0, 0), new Application(lifecycle, 0, 1)),
          1,
          EventLog.NONE,
          RunOptions.Progress.NONE);
    }
  }

  private static long figure(RunResult result, String node, String name) {
    return result.nodes().stream()
        .filter(row -> row.node().equals(node) && row.name().equals(name))
        .mapToLong(NodeRow::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoProgramsOnTwoNodes_withAStorageNodeAndWithout() {
    RunResult result = run();
    long accesses = result.metrics().getLong("accesses");
    assertEquals(accesses, figure(result, "P0", "accesses") + figure(result, "P1", "accesses"));
    assertEquals(
        result.metrics().getLong("pcache_misses"),
        figure(result, "P0", "pcache_misses") + figure(result, "P1", "pcache_misses"));
    assertTrue(figure(result, "M0", "pages") > 0 && figure(result, "M1", "pages") > 0);
    RunResult withStorage = run("storage.nodes=1");
    assertEquals(accesses, withStorage.metrics().getLong("accesses"));
    assertTrue(withStorage.metrics().getLong("time_storage_ns") > 0);
  }

  /** The home of the program on P0 stops: that program is killed, the other one ends as it did. */
  @Test
  void memoryNodeThatStops_isInTheReport() {
    RunResult failed = run("failures=[M0 down 3 ms]");
    assertEquals(1, failed.metrics().getLong("programs_killed"));
    assertEquals(
        figure(run(), "P1", "accesses"), figure(failed, "P1", "accesses"), "P1 is not affected");
    assertTrue(
        failed.approximations().stream().anyMatch(line -> line.contains("of P0 was killed at")),
        failed.approximations()::toString);
  }
}
