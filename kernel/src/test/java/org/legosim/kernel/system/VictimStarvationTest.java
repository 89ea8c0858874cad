package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.InvariantViolation;

/**
 * F-17: a fault that hit the victim cache holds its entry while it allocates a line, which needs an
 * entry for the line that must go. When every entry is held like that nobody goes on; the real kernel
 * gives up after 20 s and kills the program. Its rule is more entries than CPUs that fault.
 */
class VictimStarvationTest {
  private static final int ROUNDS = 40;
  private static final int STARTER = 99;

  /**
   * Each thread has a set of its own, which has one way, and reads two pages of it in turn. They begin
   * together, when one page of each is in the pcache and the other in the victim cache.
   */
  private static Script pingPong(int threads, int entries) {
    Script script = new Script(64, 1)
        .set("pcache.eviction", "victim-cache")
        .set("pcache.victimEntries", String.valueOf(entries));
    script.set("processor.cpus", "24").unordered().mapFile(0, 128).read(0, 64);
    for (int thread = 1; thread < threads; thread++) {
      script.thread(1, tid(thread)).after(tid(0)).read(thread, thread + 64L);
    }
    script.thread(1, STARTER);
    for (int thread = 0; thread < threads; thread++) {
      script.after(tid(thread));
    }
    script.read(63);
    for (int thread = 0; thread < threads; thread++) {
      script.by(tid(thread)).after(STARTER);
      for (int i = 0; i < ROUNDS; i++) {
        script.read(thread, thread + 64L);
      }
    }
    return script;
  }

  private static int tid(int thread) {
    return 1 + thread;
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "8, 8", "12, 8"})
  void everyEntryHeldByAFault_endsTheProgram_andTheReportNamesIt(int threads, int entries) {
    String report = assertThrows(
            InvariantViolation.class, () -> pingPong(threads, entries).run())
        .getMessage();
    assertTrue(report.contains("F-17"), report);
    assertTrue(report.contains("pcache.victimEntries"), report);
    assertTrue(report.contains("the " + entries + " victim cache entries"), report);
    // The limit is the real kernel's, not the watchdog's.
    assertTrue(report.contains(" at 20000"), report);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "7, 8", "8, 9", "12, 13"})
  void oneEntryMoreThanThreads_isEnough(int threads, int entries) {
    Script script = pingPong(threads, entries);
    script.run();
    assertTrue(script.nr("victim_hit") > 0);
    assertEquals(
        script.nr("victim_eviction_triggered"),
        script.nr("victim_eviction_eagain") + script.nr("victim_eviction_succeed"));
  }

  @Test
  void moreThreadsThanEntries_withoutHits_onlyWait() {
    // Every page is new, so no fault holds an entry: eight entries serve twelve threads.
    Script script =
        new Script(64, 1).set("pcache.eviction", "victim-cache").set("pcache.victimEntries", "8");
    script.mapFile(0, 64 * ROUNDS);
    for (int thread = 1; thread < 12; thread++) {
      script.thread(1, tid(thread)).read(thread);
    }
    script.unordered();
    for (int thread = 0; thread < 12; thread++) {
      script.by(tid(thread));
      for (int i = 1; i < ROUNDS; i++) {
        script.write(thread + 64L * i);
      }
    }
    script.run();
    assertEquals(0, script.nr("victim_hit"));
    assertEquals(0, script.nr("pcache_eviction_failure_evict"));
    assertTrue(script.nr("victim_eviction_eagain") > 0);
  }
}
