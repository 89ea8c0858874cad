package org.legosim.trace.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage.Feature;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TestTraces;

class GeneratorsTest {
  private static final long DATA = Scene.DATA;

  @TempDir
  Path folder;

  private static SynthOptions small(int threads, boolean isShared) {
    return SynthOptions.of(10_007, 3, 700, threads, isShared, 30);
  }

  @Test
  void everyKind_hasExactlyTheAccessesAskedFor_onMappedPages_andTheSameDigestAgain()
      throws Exception {
    for (Generator generator : Generators.all()) {
      for (boolean isShared : new boolean[] {false, true}) {
        Path file = Made.file(folder, generator.kind(), small(4, isShared));
        String digest;
        try (LtraceFile trace = LtraceFile.open(file)) {
          digest = trace.digest();
          long accesses =
              trace.threads().stream().mapToLong(ThreadImage::accesses).sum();
          assertEquals(10_007, accesses, generator.kind());
          assertEquals(0, trace.index().unmappedPages(), generator.kind());
          assertTrue(trace.features().contains(Feature.MAPPINGS), generator.kind());
          assertTrue(trace.features().contains(Feature.REGISTER_DEPENDENCES), generator.kind());
        }
        Files.delete(file);
        file = Made.file(folder, generator.kind(), small(4, isShared));
        try (LtraceFile again = LtraceFile.open(file)) {
          assertEquals(digest, again.digest(), generator.kind());
        }
        Files.delete(file);
      }
    }
  }

  @Test
  void everyRandomKind_followsItsSeed() throws Exception {
    for (String kind : List.of(
        "uniform",
        "zipf",
        "hot-cold",
        "pointer-chase",
        "phased",
        "mremap-storm",
        "fork-storm",
        "mapreduce")) {
      List<String> digests = new ArrayList<>();
      for (long seed : new long[] {1, 2}) {
        Path file = Made.file(folder, kind, SynthOptions.of(2000, seed, 300, 2, false, 30));
        try (LtraceFile trace = LtraceFile.open(file)) {
          digests.add(trace.digest());
        }
        Files.delete(file);
      }
      assertNotEquals(digests.get(0), digests.get(1), kind);
    }
  }

  @Test
  void sequential_wrapsAround_andEachThreadHasItsRegion() {
    // 5 pages; regions are 2 MiB apart.
    Path file = Made.file(folder, "sequential", SynthOptions.of(14, 1, 5, 2, false, 0));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 0L, 1L), Made.pages(file, 0, DATA, 99));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 0L, 1L), Made.pages(file, 1, DATA + (2 << 20), 99));
  }

  @Test
  void sequential_shared_beginsEvenlyApart() {
    Path file = Made.file(folder, "sequential", SynthOptions.of(8, 1, 6, 2, true, 0));
    assertEquals(List.of(0L, 1L, 2L, 3L), Made.pages(file, 0, DATA, 99));
    assertEquals(List.of(3L, 4L, 5L, 0L), Made.pages(file, 1, DATA, 99));
  }

  @Test
  void strided_touchesEveryPageOnceBeforeAnyTwice() {
    SynthOptions options =
        new SynthOptions(10, 1, 10, 1, false, 0, 4, /* stride */ 4, 1.0, 10, 90, 1, 64);
    Path file = Made.file(folder, "strided", options);
    assertEquals(List.of(0L, 4L, 8L, 1L, 5L, 9L, 2L, 6L, 3L, 7L), Made.pages(file, 0, DATA, 99));
  }

  @Test
  void pointerChase_visitsAllPagesInOneCycle() {
    Path file = Made.file(folder, "pointer-chase", SynthOptions.of(200, 9, 100));
    List<Long> pages = Made.pages(file, 0, DATA, 200);
    assertEquals(100, new TreeSet<>(pages.subList(0, 100)).size());
    assertEquals(pages.subList(0, 100), pages.subList(100, 200));
    assertTrue(TestTraces.toText(file).contains("@0x400000:0>0"), "each load uses the one before");
  }

  @Test
  void hotCold_sendsTheShareToTheHotPages() {
    Path file = Made.file(folder, "hot-cold", SynthOptions.of(100_000, 5, 1000));
    Map<Long, Integer> counts = new HashMap<>();
    Made.pages(file, 0, DATA, 100_000).forEach(page -> counts.merge(page, 1, Integer::sum));
    long hot = counts.values().stream()
        .sorted((a, b) -> b - a)
        .limit(100)
        .mapToLong(Integer::longValue)
        .sum();
    // 90,000 expected; the standard deviation is 95.
    assertTrue(Math.abs(hot - 90_000) < 500, () -> hot + " accesses to hot pages");
  }

  @Test
  void phased_movesThroughTheParts_andMarksEachMove() {
    Path file = Made.file(folder, "phased", SynthOptions.of(4000, 5, 400));
    List<Long> pages = Made.pages(file, 0, DATA, 4000);
    for (int i = 0; i < 4000; i++) {
      assertEquals(i / 1000, pages.get(i) / 100, "access " + i);
    }
    assertEquals(
        3,
        TestTraces.toText(file)
            .lines()
            .filter(l -> l.startsWith("! mark \"phase "))
            .count());
  }

  @Test
  void writes_doNotChangeThePages() {
    Path loads = Made.file(folder, "uniform", SynthOptions.of(5000, 5, 400));
    List<Long> pages = Made.pages(loads, 0, DATA, 5000);
    assertTrue(loads.toFile().delete(), "made anew below");
    Path mixed = Made.file(folder, "uniform", SynthOptions.of(5000, 5, 400, 1, false, 50));
    assertEquals(pages, Made.pages(mixed, 0, DATA, 5000));
    try (LtraceFile trace = LtraceFile.open(mixed)) {
      // 2,500 expected; the standard deviation is 35.
      long stores = trace.index().mix().count(AccessKind.STORE);
      assertTrue(Math.abs(stores - 2500) < 200, () -> stores + " stores");
    }
  }

  @Test
  void mapReduce_meetsAtOneBarrier() {
    Path file = Made.file(folder, "mapreduce", SynthOptions.of(9000, 5, 256, 3, false, 0));
    try (LtraceFile trace = LtraceFile.open(file)) {
      assertEquals(3, trace.index().mix().count(AccessKind.ATOMIC));
      // Input, pair, table: loads are the larger part, and both phases store.
      assertTrue(trace.index().mix().count(AccessKind.STORE) > 2000, "stores");
      assertTrue(trace.index().perAddressGates() > 0, "the barrier orders the threads");
    }
  }

  @Test
  void zipf_firstPagesAreThePublishedOnes() {
    Path file = Made.file(folder, "zipf", SynthOptions.of(8, 42, 1_000_000));
    assertEquals(
        List.of(576579L, 59765L, 358590L, 344287L, 0L, 354052L, 343436L, 481737L),
        Made.pages(file, 0, DATA, 8));
    assertEquals(14.392726722864989, new Zipf(1_000_000, 1.0).total());
  }

  /** The published trace as a whole: sum, distinct pages, and FNV-1a over the pages as little-endian words. */
  @Test
  @Tag("evidence")
  void zipf_isThePublishedTrace() {
    Zipf zipf = new Zipf(1_000_000, 1.0);
    Scatter scatter = new Scatter(1_000_000);
    SplitMix64 random = SplitMix64.ofThread(42, 0);
    boolean[] seen = new boolean[1_000_000];
    long sum = 0;
    long distinct = 0;
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < 20_000_000; i++) {
      int page = (int) scatter.page(zipf.rank(random));
      sum += page;
      distinct += seen[page] ? 0 : 1;
      seen[page] = true;
      for (int b = 0; b < 32; b += 8) {
        hash = (hash ^ (page >>> b & 0xff)) * 0x100000001b3L;
      }
    }
    assertEquals(9273127548996L, sum);
    assertEquals(914769, distinct);
    assertEquals(0x9875922b41fca91bL, hash);
  }

  @Test
  void optionsThatCannotBe_areRefusedByName() {
    assertThrows(ConfigException.class, () -> SynthOptions.of(0, 1, 10));
    assertThrows(ConfigException.class, () -> SynthOptions.of(10, 1, 0));
    assertThrows(ConfigException.class, () -> SynthOptions.of(10, 1, 10, 11, false, 0));
    assertThrows(ConfigException.class, () -> SynthOptions.of(10, 1, 10, 1, false, 101));
    ConfigException few = assertThrows(
        ConfigException.class,
        () -> Made.file(folder, "mapreduce", SynthOptions.of(100, 1, 8, 4, false, 0)));
    assertTrue(String.valueOf(few.getMessage()).startsWith("--pages 8"), few.getMessage());
  }
}
