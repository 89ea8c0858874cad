package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.TraceException;

/**
 * Whole machines that replay a trace in another address layout than its own. Pages in events are
 * numbered from {@link Script#BASE}; a page of the simulated layout is a large number then.
 */
class AddressLayoutTest {
  /** Page of the events at which the search for addresses begins, less one: 0x7ffff7ffe000. */
  private static final long TOP = (0x7ffff7ffe000L - Script.BASE) / Script.PAGE;

  private static final String[] LAYOUTS = {"legoos", "randomised"};

  private static Script legoos(int sets, int ways) {
    return new Script(sets, ways)
        .set("addresses", "legoos")
        .set("memory.vmaCacheAwareness", "false");
  }

  private static String at(char kind, int process, long page, String place) {
    return kind + "" + process + ":" + page + "@" + place;
  }

  @Test
  void mappings_goTopDown_whateverTheCapturedAddresses() {
    // Captured bottom-up at pages 0 and 16; here 4 pages end at TOP + 1, and one lies below them.
    Script script = legoos(4, 2).mapAnywhere(0, 4).mapAnywhere(16, 1).write(0, 3, 16);
    assertEquals(
        String.join(
            " ",
            at('Z', 1, TOP - 3, "3.0"), // 0xf7ffb
            at('Z', 1, TOP, "2.0"), // 0xf7ffe
            at('Z', 1, TOP - 4, "2.1"), // 0xf7ffa
            at('U', 1, TOP - 4, "2.1"),
            at('U', 1, TOP - 3, "3.0"),
            at('U', 1, TOP, "2.0")),
        script.run());
  }

  @Test
  void mremap_thatGrewInPlace_movesWhenItCannotHere() {
    // Two pages at 0, then one below them in this layout, above them in the captured one.
    Script script = legoos(4, 4).mapAnywhere(0, 2).mapAnywhere(16, 1).write(0, 16);
    script.remap(16, 1, 16, 2).write(16, 17);
    // page 16 lay at TOP - 2 and has the first mapping right above: it goes to TOP - 4, TOP - 3
    assertEquals(
        String.join(
            " ",
            at('Z', 1, TOP - 1, "1.0"),
            at('Z', 1, TOP - 2, "0.0"),
            at('T', 1, TOP - 4, "2.0"),
            at('M', 1, TOP - 3, "3.0"),
            at('U', 1, TOP - 4, "2.0"),
            at('U', 1, TOP - 3, "3.0"),
            at('U', 1, TOP - 1, "1.0")),
        script.run());
  }

  @Test
  void partialUnmap_fixedMapping_andTheBufferOfARead_followTheirMapping() {
    Script script = legoos(1, 16).mapAnywhere(0, 8).write(0, 7);
    script.unmap(2, 3).mapFixed(2, 1).write(2);
    // Bytes 4000 to 8191 of the mapping: pages 0 and 1.
    script.readFile(0, 4000, 4192).read(1);
    assertEquals(
        String.join(
            " ",
            at('Z', 1, TOP - 7, "0.0"),
            at('Z', 1, TOP, "0.1"),
            at('Z', 1, TOP - 5, "0.2"),
            at('Z', 1, TOP - 6, "0.3")),
        script.run().substring(0, script.run().indexOf(" U")));
  }

  @Test
  void oneCallOverMappingsThatTheLayoutParted_reachesAllOfThem() {
    // Neighbours when captured, 0 below 4; here 4 pages end at TOP + 1 and lie above the later
    // ones.
    Script script = legoos(1, 16).mapAnywhere(0, 4).mapAnywhere(4, 4).write(3, 4);
    script.unmap(2, 4).write(0, 7);
    assertEquals(
        String.join(
            " ",
            at('Z', 1, TOP, "0.0"), // page 3
            at('Z', 1, TOP - 7, "0.1"), // page 4
            at('U', 1, TOP, "0.0"),
            at('U', 1, TOP - 7, "0.1")),
        script.run().substring(0, script.run().indexOf(at('Z', 1, TOP - 3, ""))).strip());
    Script moved = legoos(1, 16).mapAnywhere(0, 4).mapAnywhere(4, 4).write(3, 4);
    moved.remap(0, 8, 32, 8).write(35, 36);
    moved.run();
    assertEquals(2, moved.metric("pcache_misses"));
  }

  @Test
  void forkedProcess_inheritsTheLayout_andGoesItsOwnWay() {
    Script script = legoos(1, 16).mapAnywhere(0, 1).write(0).fork(2);
    script.by(2).mapAnywhere(8, 1).write(8).by(1).mapAnywhere(8, 2).write(9);
    String events = script.run();
    // the child has ended, and its line is free, when the parent maps its own page there
    assertTrue(events.contains(at('K', 2, TOP, "0.0")), events);
    assertTrue(events.contains(at('Z', 2, TOP - 1, "0.1")), events);
    assertTrue(events.contains(at('Z', 1, TOP - 1, "0.1")), events);
  }

  @Test
  void pageThatNoCallExplains_isRefused_orGetsRoomOfItsOwn() {
    assertThrows(
        TraceException.class, () -> legoos(1, 16).mapAnywhere(0, 1).write(5).run());
    Script accepted = legoos(1, 16).set("memory.mapOnTouch", "true");
    accepted.mapAnywhere(0, 1).write(0, 5, 6, 5).run();
    assertEquals(3, accepted.metric("pcache_misses"));
  }

  /** A program whose history a kernel that places bottom-up could have made. */
  private static Script program(long seed, int ways) {
    Random random = new Random(seed);
    Script script = new Script(1, ways).set("pcache.policy", "fifo").set("pcache.zeroFill", "true");
    boolean[] used = new boolean[4096];
    long[] start = new long[24];
    int[] pages = new int[24];
    long heap = 1_000_000;
    script.brk(heap);
    long top = heap;
    for (int step = 0; step < 120; step++) {
      int slot = random.nextInt(start.length);
      if (pages[slot] == 0) {
        pages[slot] = 1 + random.nextInt(6);
        start[slot] = gap(used, random.nextInt(64), pages[slot]);
        fill(used, start[slot], pages[slot], true);
        script.mapAnywhere(start[slot], pages[slot]);
        continue;
      }
      switch (random.nextInt(10)) {
        case 0 -> {
          script.unmap(start[slot], pages[slot]);
          fill(used, start[slot], pages[slot], false);
          pages[slot] = 0;
        }
        case 1 -> {
          int size = 1 + random.nextInt(9);
          fill(used, start[slot], pages[slot], false);
          boolean inPlace = size <= pages[slot] || isFree(used, start[slot], size);
          long to = inPlace ? start[slot] : gap(used, random.nextInt(64), size);
          script.remap(start[slot], pages[slot], to, size);
          fill(used, to, size, true);
          start[slot] = to;
          pages[slot] = size;
        }
        case 2 -> {
          if (pages[slot] > 2) {
            // the middle goes, and comes back where it was
            script.unmap(start[slot] + 1, 1).mapFixed(start[slot] + 1, 1);
          }
        }
        case 3 -> {
          top = heap + random.nextInt(8);
          script.brk(top);
        }
        case 4 -> {
          if (top > heap) {
            script.write(heap + random.nextInt((int) (top - heap)));
          }
        }
        default -> {
          long page = start[slot] + random.nextInt(pages[slot]);
          if (random.nextBoolean()) {
            script.write(page);
          } else {
            script.read(page);
          }
        }
      }
    }
    return script;
  }

  private static boolean isFree(boolean[] used, long from, int pages) {
    for (long page = from; page < from + pages; page++) {
      if (used[(int) page]) {
        return false;
      }
    }
    return true;
  }

  private static long gap(boolean[] used, long from, int pages) {
    long page = from;
    while (!isFree(used, page, pages)) {
      page++;
    }
    return page;
  }

  private static void fill(boolean[] used, long from, int pages, boolean value) {
    Arrays.fill(used, (int) from, (int) from + pages, value);
  }

  /** With one set and first-in-first-out, only the order of touches matters, not where pages lie. */
  @Test
  void oneSetAndFifo_missesDoNotDependOnTheLayout() {
    long first = Long.getLong("test.seed", 8_102_018);
    System.out.println("layouts run with -Dtest.seed=" + first);
    for (long seed = first; seed < first + 12; seed++) {
      Script captured = program(seed, 16);
      captured.run();
      long misses = captured.metric("pcache_misses");
      assertTrue(misses > 20, "seed " + seed + ": " + misses);
      for (String layout : LAYOUTS) {
        for (String aware : new String[] {"false", "true"}) {
          Script other = program(seed, 16).set("addresses", layout);
          other.set("memory.vmaCacheAwareness", aware).run();
          String message = "seed " + seed + ", " + layout + ", " + aware;
          assertEquals(misses, other.metric("pcache_misses"), message);
          assertEquals(captured.valuesRead(), other.valuesRead(), message);
          assertEquals(captured.metric("accesses"), other.metric("accesses"), message);
        }
      }
    }
  }

  /** Small caches, dirty lines on their way, heaps, fixed mappings, moves: the data follows its page. */
  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void whatAProgramReads_doesNotDependOnTheLayout(String eviction) {
    long first = Long.getLong("test.seed", 3L * eviction.hashCode());
    System.out.println("values of " + eviction + " run with -Dtest.seed=" + first);
    for (long seed = first; seed < first + 8; seed++) {
      Script captured = program(seed, 8).set("pcache.eviction", eviction);
      captured.run();
      for (String layout : LAYOUTS) {
        Script other = program(seed, 8).set("pcache.eviction", eviction).set("addresses", layout);
        other.run();
        assertEquals(captured.valuesRead(), other.valuesRead(), "seed " + seed + ", " + layout);
      }
      Script spread = program(seed, 8).set("addresses", "legoos").set("memory.nodes", "3");
      spread
          .set("memory.placement", "round-robin")
          .set("memory.placementInterval", "1")
          .run();
      assertEquals(captured.valuesRead(), spread.valuesRead(), "seed " + seed + ", three nodes");
    }
  }

  /** Threads that share memory, move it and fork, everything checked always, with both engines. */
  @ParameterizedTest
  @CsvSource({
    "legoos, per-set-list, 1",
    "legoos, victim-cache, 3",
    "legoos, write-protect, 2",
    "randomised, per-set-list, 1",
    "randomised, victim-cache, 1",
    "randomised, write-protect, 1"
  })
  void whatIsReadIsWhatWasStoredLast(String layout, String eviction, String nodes) {
    long first = Long.getLong("test.seed", 31L * eviction.hashCode() + layout.hashCode());
    System.out.println(
        "orderly programs, " + layout + ", " + eviction + " run with -Dtest.seed=" + first);
    int finished = 0;
    for (long seed = first; seed < first + 8; seed++) {
      String plain = outcome(seed, layout, eviction, nodes, false);
      assertEquals(plain, outcome(seed, layout, eviction, nodes, true), "seed " + seed);
      finished += plain.contains("simulated_time_ns") ? 1 : 0;
    }
    assertTrue(finished >= 4, "only " + finished + " programs ran to their end");
  }

  /** A program may end for lack of a line (F-25): then both engines must say so. */
  private static String outcome(
      long seed, String layout, String eviction, String nodes, boolean runsAhead) {
    Script script = ProgramLawTest.orderly(seed, eviction, 24)
        .set("addresses", layout)
        .set("memory.nodes", nodes)
        .set("memory.placement", "round-robin")
        .set("memory.placementInterval", "1");
    try {
      return script.run(runsAhead, true);
    } catch (InvariantViolation e) {
      assertTrue(e.getMessage().contains("F-25"), "seed " + seed + ": " + e.getMessage());
      return e.getMessage().substring(0, e.getMessage().indexOf(" at "));
    }
  }

  @Test
  void nodesThatShareAnAddressSpace_refuseARandomBase() {
    Script script = legoos(1, 16).set("addresses", "randomised").set("memory.nodes", "2");
    script.set("memory.placement", "round-robin").mapAnywhere(0, 1).write(0);
    String refusal = assertThrows(ConfigException.class, script::run).getMessage();
    assertTrue(refusal.contains("memory.placement: home"), refusal);
    Script home = legoos(1, 16).set("addresses", "randomised").set("memory.nodes", "2");
    home.set("memory.placement", "home").mapAnywhere(0, 1).write(0).run();
    assertEquals(1, home.metric("pcache_misses"));
  }

  @Test
  void sameSeed_sameEvents_otherSeed_otherLayoutWhenRandomisedOnly() {
    assertEquals(seeded("randomised", 1), seeded("randomised", 1));
    assertNotEquals(seeded("randomised", 1), seeded("randomised", 2));
    assertEquals(seeded("legoos", 1), seeded("legoos", 2));
  }

  private static String seeded(String layout, long seed) {
    return program(77, 16).set("addresses", layout).seed(seed).run(true, true);
  }

  /** Threads and processes at once, pages that no call explains among them. */
  @ParameterizedTest
  @ValueSource(strings = {"legoos", "randomised"})
  void runAhead_changesNothing(String layout) {
    long first = Long.getLong("test.seed", layout.hashCode());
    System.out.println("run-ahead in another layout runs with -Dtest.seed=" + first);
    for (long seed = first; seed < first + 8; seed++) {
      String plain = threads(seed, layout).run(false, true);
      assertEquals(plain, threads(seed, layout).run(true, true), "seed " + seed);
    }
  }

  private static Script threads(long seed, String layout) {
    Random random = new Random(seed);
    Script script = new Script(4, 16).set("addresses", layout);
    script.set("memory.mapOnTouch", "true").unordered();
    script.thread(1, 11).thread(1, 12).process(2);
    int[] tids = {1, 11, 12, 2};
    for (int step = 0; step < 80; step++) {
      int tid = tids[random.nextInt(tids.length)];
      // every thread has addresses of its own, and reads what is nobody's
      long page = 100L * tid + random.nextInt(40);
      int pages = 1 + random.nextInt(6);
      script.by(tid);
      switch (random.nextInt(12)) {
        case 0, 1 -> script.mapAnywhere(page, pages);
        case 2 -> script.unmap(page, pages);
        case 3 -> script.mapAnywhere(page, pages).remap(page, pages, page + 50, pages + 2);
        case 4, 5, 6 -> script.write(page);
        default -> script.read(random.nextInt(2000));
      }
    }
    return script;
  }
}
