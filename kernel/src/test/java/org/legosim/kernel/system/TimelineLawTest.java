package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.timeline.Timeline;

/**
 * A timeline changes nothing, is the same with the engine that never runs ahead, and its slices nest:
 * {@link TimelineText} refuses all else.
 */
class TimelineLawTest {
  private static final long SEED = 5;

  @ParameterizedTest
  @CsvSource({
    "per-set-list, off, pcache, off",
    "per-set-list, hierarchy, pcache, 10 ms",
    "victim-cache, off, pcache, off",
    "write-protect, hierarchy, pcache, off",
    "per-set-list, off, local, off"
  })
  void aTimeline_changesNothing_andDoesNotDependOnTheEngine(
      String eviction, String caches, String memory, String sweep) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("pcache.size", "128 KiB");
    keys.put("pcache.ways", "4");
    keys.put("pcache.eviction", eviction);
    keys.put("pcache.victimEntries", "16");
    keys.put("pcache.sweep.interval", sweep);
    keys.put("caches.model", caches);
    keys.put("tlb.model", caches);
    keys.put("memory.mapOnTouch", "true");
    keys.put("processor.memory", memory);
    keys.put("processor.cpus", "6");
    RunResult unseen = run(keys, true, Timeline.NONE);
    TimelineText ahead = new TimelineText();
    RunResult seen = run(keys, true, ahead);
    assertEquals(unseen.metrics().entries(), seen.metrics().entries());
    assertEquals(unseen.misses(), seen.misses());
    TimelineText plain = new TimelineText();
    run(keys, false, plain);
    assertEquals(plain.text(), ahead.text());
    assertEquals(0, ahead.openSlices());
    assertEquals(ahead.arrows(), ahead.arrowEnds());
    assertEquals(memory.equals("pcache"), ahead.arrows() > 100);
    assertTrue(ahead.text().contains(memory.equals("pcache") ? " B page fault" : " B local fault"));
    assertTrue(ahead.text().contains(" B mmap part=return"));
    assertTrue(ahead.text().contains(" B wait: "));
  }

  private static RunResult run(Map<String, String> keys, boolean runsAhead, Timeline timeline) {
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", SEED),
        EventLog.NONE,
        runsAhead,
        timeline,
        RunOptions.Progress.NONE);
    return new LegoSystem(RunAheadLawTest.params(keys), options)
        .load(new Application(RunAheadLawTest.trace(SEED), 0))
        .run();
  }
}
