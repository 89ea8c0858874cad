package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunIdentity;

/**
 * Miss counts of a fully associative pcache with the textbook's LRU, through a whole machine: trace,
 * page level, fault, eviction, shootdown, memory node.
 */
class TrueLruCountsTest {
  private static final int PAGES = 1_000_000;
  private static final int REQUESTS = 20_000_000;

  private static MetricSnapshot run(ZipfTrace trace, int capacity) {
    Map<String, String> keys = Map.of(
        "pcache.size", 4L * capacity + " KiB",
        "pcache.ways", "full",
        "pcache.policy", "true-lru",
        "caches.model", "off",
        "tlb.model", "off");
    RunOptions options = RunOptions.of(new RunIdentity("c", "t", "v", 1));
    return new LegoSystem(RunAheadLawTest.params(keys), options)
        .load(new Application(trace, 0))
        .run()
        .metrics();
  }

  private static long metric(MetricSnapshot metrics, String name) {
    return metrics.entries().stream()
        .filter(entry -> entry.metric().name().equals(name))
        .findFirst()
        .orElseThrow()
        .longValue();
  }

  /** Misses for every capacity from one stack of pages, most recent first: the slow, plain way. */
  private static long[] stackMisses(int[] pages, int... capacities) {
    List<Integer> stack = new ArrayList<>();
    long[] misses = new long[capacities.length];
    for (int page : pages) {
      int distance = stack.indexOf(page);
      for (int i = 0; i < capacities.length; i++) {
        misses[i] += distance < 0 || distance >= capacities[i] ? 1 : 0;
      }
      if (distance >= 0) {
        stack.remove(distance);
      }
      stack.add(0, page);
    }
    return misses;
  }

  @Test
  void missesAreThoseOfTheStackOfPages_atEveryCapacity() {
    ZipfTrace trace = new ZipfTrace(2_000, 40_000, 42);
    int[] capacities = {1, 2, 17, 64, 500, 1_999, 2_000};
    long[] expected = stackMisses(trace.pages, capacities);
    long[] found = new long[capacities.length];
    for (int i = 0; i < capacities.length; i++) {
      MetricSnapshot metrics = run(trace, capacities[i]);
      found[i] = metric(metrics, "pcache_misses");
      assertEquals(trace.pages.length - found[i], metric(metrics, "pcache_hits"));
      long filled = Math.min(found[i], capacities[i]);
      assertEquals(found[i] - filled, metric(metrics, "pcache_evictions"));
    }
    assertArrayEquals(expected, found, Arrays.toString(found));
  }

  @Test
  void recipe_givesThePublishedPages() {
    ZipfTrace trace = new ZipfTrace(PAGES, 8, 42);
    assertArrayEquals(
        new int[] {576579, 59765, 358590, 344287, 0, 354052, 343436, 481737}, trace.pages);
  }

  @Test
  @Tag("evidence")
  void twentyMillionRequests_missExactlyAsPublished() {
    ZipfTrace trace = new ZipfTrace(PAGES, REQUESTS, 42);
    long sum = 0;
    for (int page : trace.pages) {
      sum += page;
    }
    assertEquals(9_273_127_548_996L, sum);
    long[][] points = {{1_000, 11_937_513}, {100_000, 4_433_391}, {700_000, 1_121_402}};
    for (long[] point : points) {
      long startNs = System.nanoTime();
      MetricSnapshot metrics = run(trace, (int) point[0]);
      long seconds = (System.nanoTime() - startNs) / 1_000_000_000;
      System.out.println(
          point[0] + " pages: " + metric(metrics, "pcache_misses") + " misses, " + seconds + " s");
      assertEquals(point[1], metric(metrics, "pcache_misses"));
    }
  }
}
