package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * A word count on one worker, captured by {@code legosim trace capture --from main -- ./wordcount text 1 3} of the text
 * that {@code textgen 15000 800 400 1} writes; programs of {@code trace-capture/examples}.
 */
class WordCountTest {
  private static final Path TRACE =
      Machines.projectRoot().orElseThrow().resolve("sweep/src/test/resources/one-worker.ltrace");

  /**
   * Diary row 32: data of 3 MiB in a pcache of 512 KiB. The program completes, and every load reads what a memory
   * without any pcache would have given.
   */
  @ParameterizedTest
  @ValueSource(strings = {"legoos-osdi18", "legoos-diary-2018-02"})
  void row32_dataLargerThanThePcache_completesWithItsContent(String machine) {
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load(machine, List.of("pcache.size=512 KiB", "caches.model=off", "check=always"));
    try (TraceImage trace = Traces.open(TRACE)) {
      RunResult result = PointSimulator.run(
          config, List.of(new Application(trace, 0)), 1, EventLog.NONE, RunOptions.Progress.NONE);
      assertEquals(419_472, result.metrics().getLong("accesses"));
      assertTrue(result.metrics().getLong("pcache_evictions") > 1_000);
      assertTrue(result.metrics().getLong("pcache_flushes") > 500);
      assertTrue(result.approximations().stream().noneMatch(text -> text.startsWith("check:")));
    }
  }
}
