package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.InvariantViolation;

/**
 * Random programs of three processes that map, unmap, move, fork and touch pages of a tiny pcache all
 * at once: the invariants hold at the end, and the inlining engine does what the plain one does, to
 * the picosecond.
 */
class ProgramLawTest {
  private static final int PROGRAMS = 12;
  private static final int PAGES = 48;

  @ParameterizedTest
  @CsvSource({
    "per-set-list, off, line",
    "victim-cache, off, line",
    "write-protect, off, line",
    "per-set-list, next-line, line",
    "victim-cache, majority, line",
    "write-protect, stride, line",
    "per-set-list, next-line, 512 B",
    "victim-cache, off, 1 KiB",
    "write-protect, off, 64 B",
  })
  void bothEnginesAgree_andInvariantsHold(String eviction, String prefetch, String fetch) {
    long first = Long.getLong("test.seed", eviction.hashCode());
    System.out.println(
        "programs of " + eviction + ", prefetch " + prefetch + " run with -Dtest.seed=" + first);
    int finished = 0;
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      String plain = outcome(seed, eviction, prefetch, fetch, false);
      assertEquals(plain, outcome(seed, eviction, prefetch, fetch, true), "seed " + seed);
      finished += plain.contains("simulated_time_ns") ? 1 : 0;
    }
    assertTrue(finished > PROGRAMS / 2, "only " + finished + " programs ran to their end");
  }

  /** Sectors of a whole line change nothing at all. */
  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void oneSectorPerLine_isAWholeLine(String eviction) {
    for (long seed = 500; seed < 500 + PROGRAMS; seed++) {
      String whole = outcome(seed, eviction, "next-line", "line", true);
      assertEquals(whole, outcome(seed, eviction, "next-line", "4 KiB", true), "seed " + seed);
      assertTrue(
          !whole.contains("pcache_sector_misses") || whole.contains("pcache_sector_misses=0"));
    }
  }

  /** A program may end for lack of a line (F-25): then both must say so. */
  private static String outcome(
      long seed, String eviction, String prefetch, String fetch, boolean runsAhead) {
    try {
      return program(seed, eviction, prefetch, fetch).run(runsAhead, true);
    } catch (InvariantViolation e) {
      String message = e.getMessage();
      assertTrue(message.contains("F-25"), "seed " + seed + ": " + message);
      return message.substring(0, message.indexOf(" at "));
    }
  }

  private static Script program(long seed, String eviction, String prefetch, String fetch) {
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
        .unordered()
        .checkedAtTheEnd();
    if (!fetch.equals("line") && !fetch.equals("4 KiB")) {
      script.scattered();
    }
    script.thread(1, 11).thread(1, 12).process(2);
    int[] tids = {1, 11, 12, 2};
    for (int step = 0; step < 60; step++) {
      operation(script.by(tids[random.nextInt(tids.length)]), random);
    }
    script.by(2).fork(3);
    for (int step = 0; step < 30; step++) {
      operation(script.by(random.nextBoolean() ? 3 : 2), random);
    }
    return script;
  }

  private static void operation(Script script, Random random) {
    int page = random.nextInt(PAGES);
    int count = 1 + random.nextInt(6);
    switch (random.nextInt(16)) {
      case 0 -> script.map(page, count);
      case 1 -> script.mapShared(page, count);
      case 2 -> script.unmap(page, count);
      case 3, 4 -> script.map(page, count).remap(page, count, PAGES + random.nextInt(PAGES), count);
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

  private static Script orderly(long seed, String eviction, int ways) {
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
