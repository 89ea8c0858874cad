package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Mapping;

/** Row 6 of the diary: accesses by translations that a flush should have taken away. */
class StaleTranslationTest {
  private static final long DATA = 0x7f0000000000L;
  private static final int MUNMAP = 11;
  private static final int GETPID = 39;

  private final ListTrace trace = new ListTrace()
      .process(1, 0, List.of(new Mapping(DATA, DATA + 0x1000000, "rw-p", 0, "[anon]")));
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "256 KiB",
      "pcache.ways", "1",
      "pcache.eviction", "victim-cache",
      "pcache.piggyback", "false",
      "caches.model", "off",
      "tlb.model", "off",
      "check", "always"));

  /**
   * A thread on one CPU has two pages, which two others evict at once; then it goes on with both.
   *
   * @param kind what the others do with the pages that they bring
   */
  private void evictTwo(int kind) {
    ListTrace.Writer owner = trace.thread(1, 1);
    owner.access(AccessKind.STORE, DATA, 8, 10);
    owner.access(AccessKind.LOAD, DATA + 0x201000, 8, 20_000_000);
    owner.access(AccessKind.LOAD, DATA, 8, 10);
    owner.access(AccessKind.LOAD, DATA + 0x201000, 8, 10);
    for (int i = 0; i < 2; i++) {
      trace
          .thread(1, 2 + i)
          .enterAfter(2_000_000, GETPID)
          .leave(1)
          .access(kind, DATA + 0x400000 + i * 0x201000L, 8, 40_000_000);
    }
  }

  @Test
  void row6_withoutTheDefectNoAccessIsStale() {
    evictTwo(AccessKind.STORE);
    assertEquals(0, Replay.run(trace, keys).metrics().getLong("stale_tlb_accesses"));
  }

  /** The stale page has zeroes, and so has the one that lies in its line now: only the count tells. */
  @Test
  void row6_aStaleLoadThatFindsTheRightData_isCounted() {
    evictTwo(AccessKind.LOAD);
    keys.put("faults", "[F-6]");
    assertEquals(1, Replay.run(trace, keys).metrics().getLong("stale_tlb_accesses"));
  }

  @Test
  void row6_aStaleLoadThatFindsAnothersData_stopsTheRun() {
    evictTwo(AccessKind.STORE);
    keys.put("faults", "[F-6]");
    String text =
        assertThrows(InvariantViolation.class, () -> Replay.run(trace, keys)).getMessage();
    assertTrue(text.contains("by a stale translation"), text);
  }

  /** munmap frees lines before it flushes, as the real kernel does: who uses the pages in between is counted. */
  @Test
  void row6_theWindowOfMunmapIsSeen() {
    ListTrace.Writer main = trace.thread(1, 1);
    for (int page = 0; page < 60; page++) {
      main.access(AccessKind.LOAD, DATA + 0x1000L * page, 8, 10);
    }
    main.access(AccessKind.LOAD, DATA, 8, 4_800_000);
    main.enter(MUNMAP, DATA, 60 * 0x1000).leave(0);
    ListTrace.Writer other = trace.thread(1, 2);
    other.waitFor(0, main, 0, 59);
    other.access(AccessKind.LOAD, DATA, 8, 1);
    other.access(AccessKind.LOAD, DATA, 8, 4_820_000);
    long stale = 0;
    for (int step = 0; step < 40 && stale == 0; step++) {
      // each a microsecond later, up to the first in the window
      other.access(AccessKind.LOAD, DATA, 8, 2_400);
      stale = Replay.run(trace, keys).metrics().getLong("stale_tlb_accesses");
    }
    assertEquals(1, stale);
  }
}
