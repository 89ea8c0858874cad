package org.legosim.hardware.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.legosim.hardware.Seeds;
import org.legosim.hardware.SplitMix64;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.RandomStream;

class CacheTest {
  private static final long MEMORY_LINES = (1L << 30) - 2;

  private static Cache cache(long sizeBytes, int ways, Replacement replacement) {
    return new Cache(
        CacheGeometry.of("caches.l1d", sizeBytes, 64, ways, replacement),
        MEMORY_LINES,
        Seeds.stream(1, "cache"));
  }

  /** One access with the fill that a miss calls for. */
  private static void read(Cache first, Cache last, long address) {
    long line = address >>> 6;
    if (!first.access(line, false)) {
      if (!last.access(line, false)) {
        last.fill(line, false);
      }
      first.fill(line, false);
    }
  }

  /** Cachegrind and an independent reference agree on these counts; the LL sees D1 misses only. */
  @Test
  void sequentialReads_missOncePerLineAndPass() {
    Cache first = cache(32 << 10, 8, Replacement.LRU);
    Cache last = cache(1 << 20, 16, Replacement.LRU);
    for (int pass = 0; pass < 2; pass++) {
      for (long address = 0; address < 4 << 20; address += 8) {
        read(first, last, address);
      }
    }
    assertEquals(1_048_576, first.hits() + first.misses());
    assertEquals(131_072, first.misses());
    assertEquals(131_072, last.misses());
  }

  /** As above, for a million random words of the same buffer. */
  @Test
  void randomReads_missAsOftenAsTheReference() {
    Cache first = cache(32 << 10, 8, Replacement.LRU);
    Cache last = cache(1 << 20, 16, Replacement.LRU);
    SplitMix64 random = new SplitMix64(42);
    for (int i = 0; i < 1_000_000; i++) {
      read(first, last, Long.remainderUnsigned(random.next(), 524_288) * 8);
    }
    assertEquals(992_198, first.misses());
    assertEquals(752_031, last.misses());
  }

  @ParameterizedTest
  @EnumSource(Replacement.class)
  void everyHitAndVictim_equalThePlainCache(Replacement replacement) {
    for (long seed : Seeds.first(40)) {
      RandomStream choice = Seeds.stream(seed, "choice");
      int ways = 1 + choice.nextInt(9);
      int sets = 1 << choice.nextInt(5);
      Cache cache = new Cache(
          CacheGeometry.of("caches.l2", 64L * sets * ways, 64, ways, replacement),
          MEMORY_LINES,
          Seeds.stream(seed, "victims"));
      PlainCache plain = new PlainCache(sets, ways, replacement, Seeds.stream(seed, "victims"));
      compare(cache, plain, choice, 3L * sets * ways + 2, Seeds.replay(seed));
    }
  }

  @Test
  void comparison_noticesAnotherPolicy() {
    Cache cache = cache(8 * 64, 4, Replacement.LRU);
    PlainCache plain = new PlainCache(2, 4, Replacement.FIFO, Seeds.stream(1, "victims"));
    assertThrows(
        AssertionError.class, () -> compare(cache, plain, Seeds.stream(1, "choice"), 20, "canary"));
  }

  private static void compare(
      Cache cache, PlainCache plain, RandomStream choice, long lines, String replay) {
    for (int step = 0; step < 5_000; step++) {
      // Far-apart lines with equal low bits exercise whole tags.
      long line = choice.nextInt((int) lines) + ((long) choice.nextInt(3) << 28);
      boolean isWrite = choice.nextInt(3) == 0;
      if (choice.nextInt(50) == 0) {
        int count = 1 + choice.nextInt(130);
        assertEquals(plain.invalidate(line, count), cache.invalidate(line, count), replay);
        continue;
      }
      boolean hit = plain.access(line, isWrite);
      assertEquals(hit, cache.access(line, isWrite), replay + " at step " + step);
      if (!hit) {
        assertEquals(plain.fill(line, isWrite), cache.fill(line, isWrite), replay);
      }
    }
  }

  @Test
  void dirtyVictim_isNamedOnce() {
    Cache cache = cache(128, 2, Replacement.LRU); // one set of two lines
    cache.fill(7, false);
    assertTrue(cache.access(7, true));
    cache.fill(8, false);
    long victim = cache.fill(9, false);
    assertEquals(7, Cache.lineOf(victim));
    assertTrue(Cache.isDirty(victim));
    assertFalse(Cache.isDirty(cache.fill(10, false))); // line 8 was clean
    assertFalse(Cache.isDirty(Cache.NO_VICTIM));
    assertEquals(2, cache.evictions());
    assertEquals(1, cache.dirtyEvictions());
  }

  @Test
  void levelThatIsOff_handsEveryFillOn() {
    Cache off = new Cache(
        CacheGeometry.of("caches.l2", 0, 64, 8, Replacement.LRU),
        MEMORY_LINES,
        Seeds.stream(1, "off"));
    assertFalse(off.access(5, true));
    long victim = off.fill(5, true);
    assertEquals(5, Cache.lineOf(victim));
    assertTrue(Cache.isDirty(victim));
    assertFalse(off.access(5, false));
    assertEquals(0, off.misses());
  }

  @Test
  void deviceLines_displaceEachOtherBeyondTheirWays() {
    Cache cache = cache(8 * 64, 8, Replacement.LRU); // one set of eight
    for (long line = 1; line <= 6; line++) {
      cache.fill(line, false);
    }
    assertEquals(Cache.NO_VICTIM, cache.fillFromDevice(100, 2));
    assertEquals(Cache.NO_VICTIM, cache.fillFromDevice(101, 2));
    long victim = cache.fillFromDevice(102, 2);
    assertEquals(100, Cache.lineOf(victim));
    assertTrue(Cache.isDirty(victim));
    for (long line = 1; line <= 6; line++) {
      assertTrue(cache.holds(line));
    }
  }

  /** 15 MiB in 20 ways of 64-byte lines: 6 slices of 2048 sets; no power of two overall. */
  @Test
  void slices_holdTheWholeSizeAndSpreadLinesEvenly() {
    CacheGeometry geometry = new CacheGeometry("caches.llc", 15 << 20, 64, 20, 6, Replacement.LRU);
    assertEquals(2048, geometry.setsPerSlice());
    Cache cache = new Cache(geometry, MEMORY_LINES, Seeds.stream(1, "llc"));
    int[] perSlice = new int[6];
    for (long line = 0; line < 245_760; line++) {
      perSlice[cache.sliceOf(line)]++;
    }
    for (int count : perSlice) {
      assertEquals(40_960, count, 410); // within 1 %
    }
  }

  @Test
  void slices_tellAllLinesApart() {
    CacheGeometry geometry =
        new CacheGeometry("caches.llc", 3 * 4 * 64 * 2, 64, 2, 3, Replacement.LRU);
    Cache cache = new Cache(geometry, MEMORY_LINES, Seeds.stream(1, "llc"));
    Set<Long> held = new HashSet<>();
    for (long line = 0; line < 10_000; line += 7) {
      long victim = cache.fill(line, false);
      held.add(line);
      if (victim != Cache.NO_VICTIM) {
        assertTrue(held.remove(Cache.lineOf(victim)), "an unknown victim left");
      }
    }
    assertTrue(held.size() <= 24);
    held.forEach(line -> assertTrue(cache.holds(line)));
  }

  @ParameterizedTest
  @CsvSource({
    "49152, 64, 8, caches.l1d.size", // 96 sets
    "32768, 48, 8, caches.line",
    "32768, 64, 0, caches.l1d.ways",
    "-64, 64, 1, caches.l1d.size",
    "99999999999, 64, 8, caches.l1d.size"
  })
  void impossibleShapes_areRefusedByKey(long sizeBytes, int lineBytes, int ways, String key) {
    ConfigException refused = assertThrows(
        ConfigException.class,
        () -> CacheGeometry.of("caches.l1d", sizeBytes, lineBytes, ways, Replacement.LRU));
    assertTrue(refused.getMessage().contains(key), refused.getMessage());
  }

  @Test
  void memoryTooLargeForTheTags_isRefused() {
    CacheGeometry one = CacheGeometry.of("caches.l2", 64, 64, 1, Replacement.LRU);
    assertThrows(ConfigException.class, () -> new Cache(one, 1L << 31, Seeds.stream(1, "x")));
  }
}
