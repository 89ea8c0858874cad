package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.kernel.memory.MemoryCounters;
import org.legosim.timing.InvariantViolation;

/**
 * Random programs of three processes that map, unmap, move, fork and touch pages of a tiny pcache all
 * at once: the invariants hold at the end, and the inlining engine does what the plain one does, to
 * the picosecond.
 */
class ProgramLawTest {
  private static final int PROGRAMS = 12;
  private static final int PAGES = 48;
  private static final String[] PLACEMENTS = {"home", "round-robin", "traffic", "free-memory"};

  /** Pages of 1 GiB, the range that has one memory node. */
  private static final int RANGE_PAGES = 1 << 18;

  @ParameterizedTest
  @CsvSource({
    "per-set-list, off, line, 1",
    "victim-cache, off, line, 1",
    "write-protect, off, line, 1",
    "per-set-list, next-line, line, 1",
    "victim-cache, majority, line, 1",
    "write-protect, stride, line, 1",
    "per-set-list, next-line, 512 B, 1",
    "victim-cache, off, 1 KiB, 1",
    "write-protect, off, 64 B, 1",
    "per-set-list, off, line, 3",
    "victim-cache, off, line, 2",
    "write-protect, off, line, 4",
    "per-set-list, stride, line, 2",
  })
  void bothEnginesAgree_andInvariantsHold(
      String eviction, String prefetch, String fetch, int nodes) {
    long first = Long.getLong("test.seed", eviction.hashCode() + nodes - 1L);
    System.out.println("programs of " + eviction + ", prefetch " + prefetch + ", " + nodes
        + " nodes run with -Dtest.seed=" + first);
    int finished = 0;
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      String plain = outcome(seed, eviction, prefetch, fetch, nodes, false);
      assertEquals(plain, outcome(seed, eviction, prefetch, fetch, nodes, true), "seed " + seed);
      finished += plain.contains("simulated_time_ns") ? 1 : 0;
    }
    assertTrue(finished > PROGRAMS / 2, "only " + finished + " programs ran to their end");
  }

  /** Sectors of a whole line change nothing at all. */
  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void oneSectorPerLine_isAWholeLine(String eviction) {
    for (long seed = 500; seed < 500 + PROGRAMS; seed++) {
      String whole = outcome(seed, eviction, "next-line", "line", 1, true);
      assertEquals(whole, outcome(seed, eviction, "next-line", "4 KiB", 1, true), "seed " + seed);
      assertTrue(
          !whole.contains("pcache_sector_misses") || whole.contains("pcache_sector_misses=0"));
    }
  }

  /**
   * One thing after the other, on mapped pages only: where memory lies changes times, and nothing of
   * what happens in the pcache. A dirty line that goes to another node than its miss may not travel
   * with it, so nothing is combined here.
   */
  @ParameterizedTest
  @CsvSource({"per-set-list, 2", "write-protect, 3"})
  void whereMemoryLies_changesNothingThatHappens(String eviction, int nodes) {
    long first = Long.getLong("test.seed", 7L * nodes);
    System.out.println("placed programs of " + eviction + " run with -Dtest.seed=" + first);
    long elsewhere = 0;
    long moved = 0;
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      Script alone = mappedProgram(seed, eviction, 1);
      Script spread = mappedProgram(seed, eviction, nodes);
      assertEquals(withoutExit(alone.run()), withoutExit(spread.run()), "seed " + seed);
      long pages = 0;
      for (int node = 0; node < nodes; node++) {
        MemoryCounters counters = spread.memoryNode(node);
        assertEquals(0, counters.segmentationFaults(), "seed " + seed);
        assertEquals(0, counters.failedFlushes(), "seed " + seed);
        pages += spread.pagesAt(node);
        elsewhere += node == 0 ? 0 : counters.misses();
        moved += counters.partMoves();
      }
      if (seed % 2 == 0) {
        assertEquals(alone.pagesAt(0), pages, "seed " + seed);
      } else {
        // what a fork shares is kept twice once it has moved to another node
        assertTrue(alone.pagesAt(0) <= pages, "seed " + seed);
      }
    }
    assertTrue(elsewhere > 100 && moved > 10, elsewhere + " misses, " + moved + " moves elsewhere");
  }

  /** At the very end processes drop their pages at once. */
  private static String withoutExit(String events) {
    return events.replaceFirst("( U\\S+)+$", "");
  }

  /** Odd seeds fork in the middle. Heaps of pages around the boundaries of five ranges. */
  private static Script mappedProgram(long seed, String eviction, int nodes) {
    Random random = new Random(seed);
    Script script = new Script(4, 12)
        .set("pcache.eviction", eviction)
        .set("pcache.piggyback", "false")
        .set("pcache.zeroFill", String.valueOf(seed % 3 == 0))
        .set("memory.nodes", String.valueOf(nodes))
        .set("memory.placement", "round-robin")
        .set("memory.placementInterval", "1");
    TreeSet<Integer> mapped = new TreeSet<>();
    for (int step = 0; step < 300; step++) {
      if (step == 50 && seed % 2 != 0) {
        script.fork(2);
        script.by(2);
      }
      int page = random.nextInt(5) * RANGE_PAGES - PAGES / 2 + random.nextInt(PAGES);
      int count = 1 + random.nextInt(12);
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          script.mapFixed(page, count);
          add(mapped, page, count);
        }
        case 2 -> {
          script.unmap(page, count);
          mapped.subSet(page, page + count).clear();
        }
        case 3 -> {
          script.mapFixed(page, count);
          int to = (5 + random.nextInt(3)) * RANGE_PAGES - PAGES / 2 + random.nextInt(PAGES);
          int newCount = 1 + random.nextInt(12);
          mapped.subSet(page, page + count).clear();
          script.write(page).remap(page, count, to, newCount);
          add(mapped, to, newCount);
        }
        default -> {
          Integer touched = mapped.ceiling(page);
          if (touched != null && random.nextBoolean()) {
            script.write(touched);
          } else if (touched != null) {
            script.read(touched);
          }
        }
      }
    }
    // the parent, which does nothing any more, ends after its child
    return script.by(1).protect(0, 1, 3);
  }

  private static void add(Set<Integer> mapped, int page, int count) {
    for (int i = 0; i < count; i++) {
      mapped.add(page + i);
    }
  }

  /** A program may end for lack of a line (F-25): then both must say so. */
  private static String outcome(
      long seed, String eviction, String prefetch, String fetch, int nodes, boolean runsAhead) {
    try {
      Script script = program(seed, eviction, prefetch, fetch, nodes);
      String outcome = script.run(runsAhead, true);
      if (nodes > 1 && prefetch.equals("off")) {
        verifyNodes(script, seed, nodes);
      }
      return outcome;
    } catch (InvariantViolation e) {
      String message = e.getMessage();
      assertTrue(message.contains("F-25"), "seed " + seed + ": " + message);
      return message.substring(0, message.indexOf(" at "));
    }
  }

  /** Each miss and flush went to a node that knew its page, and none got lost between nodes. */
  private static void verifyNodes(Script script, long seed, int nodes) {
    long misses = 0;
    for (int node = 0; node < nodes; node++) {
      MemoryCounters counters = script.memoryNode(node);
      assertEquals(0, counters.segmentationFaults(), "seed " + seed);
      assertEquals(0, counters.failedFlushes(), "seed " + seed);
      misses += counters.misses();
    }
    assertEquals(script.nr("pcache_fill_from_memory"), misses, "seed " + seed);
  }

  private static Script program(
      long seed, String eviction, String prefetch, String fetch, int nodes) {
    Random random = new Random(seed);
    Script script = new Script(4, 8)
        .set("pcache.eviction", eviction)
        .set("pcache.victimEntries", "24")
        .set("pcache.piggyback", String.valueOf(random.nextBoolean()))
        .set("pcache.freeLines", random.nextBoolean() ? "list" : "bitmap")
        .set("pcache.prefetch", prefetch)
        .set("pcache.fetch", fetch)
        .set("pcache.prefetchDepth", String.valueOf(1 + Math.floorMod(seed, 4)))
        .set("pcache.prefetchThreads", String.valueOf(1 + Math.floorMod(seed, 2)))
        .set("memory.workers", String.valueOf(1 + random.nextInt(3)))
        .set("memory.mapOnTouch", "true")
        .set("memory.nodes", String.valueOf(nodes))
        .set("memory.placement", PLACEMENTS[(int) (seed & 3)])
        .set("memory.placementInterval", String.valueOf(1 + (seed & 1)))
        .unordered()
        .checkedAtTheEnd();
    if (!fetch.equals("line") && !fetch.equals("4 KiB")) {
      script.scattered();
    }
    script.thread(1, 11).thread(1, 12).process(2);
    int[] tids = {1, 11, 12, 2};
    for (int step = 0; step < 60; step++) {
      operation(script.by(tids[random.nextInt(tids.length)]), random, nodes);
    }
    script.by(2).fork(3);
    for (int step = 0; step < 30; step++) {
      operation(script.by(random.nextBoolean() ? 3 : 2), random, nodes);
    }
    return script;
  }

  /** With several nodes the pages lie around the boundaries of three ranges. */
  private static int page(Random random, int nodes) {
    int page = random.nextInt(PAGES);
    return nodes == 1 ? page : random.nextInt(3) * RANGE_PAGES - PAGES / 2 + page;
  }

  private static void operation(Script script, Random random, int nodes) {
    int page = page(random, nodes);
    int count = 1 + random.nextInt(6);
    switch (random.nextInt(16)) {
      case 0 -> script.map(page, count);
      case 1 -> script.mapShared(page, count);
      case 2 -> script.unmap(page, count);
      case 3, 4 -> script.map(page, count).remap(page, count, PAGES + page(random, nodes), count);
      case 5, 6, 7, 8, 9 -> script.write(page);
      default -> script.read(page);
    }
  }

  /**
   * Threads that keep to themselves what they map and unmap, share what stays, and fork: every load must
   * find what was stored last.
   */
  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void whatIsReadIsWhatWasStoredLast(String eviction) {
    long first = Long.getLong("test.seed", 31L * eviction.hashCode());
    System.out.println("orderly programs of " + eviction + " run with -Dtest.seed=" + first);
    int finished = 0;
    for (long seed = first; seed < first + 2 * PROGRAMS; seed++) {
      try {
        orderly(seed, eviction, 12).run();
        finished++;
      } catch (InvariantViolation e) {
        assertTrue(e.getMessage().contains("F-25"), "seed " + seed + ": " + e.getMessage());
      }
    }
    assertTrue(finished >= PROGRAMS / 2, "only " + finished + " programs ran to their end");
  }

  /** The law is not empty: each of these defects of the real kernel breaks it. */
  @ParameterizedTest
  @CsvSource({"F-20, per-set-list", "F-29, victim-cache", "F-32, victim-cache"})
  void defectsThatLoseData_areSeen(String fault, String eviction) {
    long first = 1;
    boolean isSeen = false;
    for (long seed = first; seed < first + 20L * PROGRAMS && !isSeen; seed++) {
      try {
        orderly(seed, eviction, 8).fault(fault).run();
      } catch (InvariantViolation e) {
        isSeen = e.getMessage().startsWith("content: ");
      }
    }
    assertTrue(isSeen, "no program notices " + fault);
  }

  private static final int OWN_PAGES = 40;

  static Script orderly(long seed, String eviction, int ways) {
    Random random = new Random(seed);
    Script script = new Script(4, ways)
        .set("pcache.eviction", eviction)
        .set("pcache.victimEntries", String.valueOf(random.nextBoolean() ? 8 : 24))
        .set("pcache.piggyback", String.valueOf(random.nextBoolean()))
        .set("pcache.zeroFill", String.valueOf(random.nextBoolean()))
        .set("memory.workers", String.valueOf(1 + random.nextInt(3)))
        .unordered();
    int[] tids = {1, 11, 12};
    script.map(0, 3 * OWN_PAGES + OWN_PAGES);
    for (int tid = 11; tid <= 12; tid++) {
      script.thread(1, tid).after(1);
    }
    int forked = 1;
    for (int step = 0; step < 120; step++) {
      int thread = random.nextInt(tids.length);
      script.by(tids[thread]);
      int own = (thread + 1) * OWN_PAGES;
      int page = own + random.nextInt(OWN_PAGES / 2 - 6);
      int count = 1 + random.nextInt(6);
      switch (random.nextInt(16)) {
        case 0 -> script.unmap(page, count).map(page, count);
        case 1 ->
          script
              .remap(page, count, own + OWN_PAGES / 2 + random.nextInt(OWN_PAGES / 2 - 6), count)
              .map(page, count);
        case 2 -> {
          if (forked < 2 && step > 60 && tids[thread] == 1) {
            int child = ++forked;
            script.fork(child).by(child);
            for (int i = 0; i < 12; i++) {
              int any = random.nextInt(2 * OWN_PAGES);
              if (random.nextBoolean()) {
                script.write(any);
              } else {
                script.read(any);
              }
            }
          }
        }
        case 3, 4, 5, 6 -> script.write(random.nextInt(OWN_PAGES));
        case 7, 8 -> script.read(random.nextInt(OWN_PAGES));
        case 9, 10, 11, 12 -> script.write(page);
        default -> script.read(page);
      }
    }
    return script;
  }
}
