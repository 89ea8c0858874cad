package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;

/** The kernel's profile points against its counters, and what they cost. */
class ProfileTest {
  private static final long SEED = 31;

  /** Two threads on four CPUs over a pcache of 16 lines; memory of its own, of a file, and a fork. */
  private static Script program(String eviction) {
    SplittableRandom random = new SplittableRandom(SEED);
    Script script = new Script(8, 2)
        .set("processor.cpus", "6")
        .set("pcache.eviction", eviction)
        .map(0, 48)
        .mapFile(64, 16);
    script.thread(1, 2);
    for (int i = 0; i < 600; i++) {
      script.by(1 + random.nextInt(2));
      long page = random.nextInt(4) == 0 ? 64 + random.nextInt(16) : random.nextInt(48);
      if (page < 48 && random.nextInt(2) == 0) {
        script.write(page);
      } else {
        script.read(page);
      }
    }
    return script.by(1);
  }

  private static Map<ProfilePoint, Long> counts(Script script, String node) {
    Map<ProfilePoint, Long> counts = new EnumMap<>(ProfilePoint.class);
    for (ProfileRow row : script.profile()) {
      if (row.node().equals(node)) {
        counts.put(row.point(), row.count());
      }
    }
    return counts;
  }

  private static long of(Map<ProfilePoint, Long> counts, ProfilePoint point) {
    return counts.getOrDefault(point, 0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"per-set-list", "victim-cache", "write-protect"})
  void counts_areThoseOfTheKernelsCounters(String eviction) {
    Script script = program(eviction).set("kernel.profilePoints", "on");
    script.run();
    Map<ProfilePoint, Long> p = counts(script, "P0");
    long faults = of(p, ProfilePoint.PCACHE_HANDLE_FAULT);
    assertTrue(faults > 100, eviction + ": " + faults);
    assertEquals(script.nr("pgfault"), faults);
    assertEquals(script.nr("pcache_eviction_triggered"), of(p, ProfilePoint.PCACHE_ALLOC_EVICT));
    assertEquals(
        of(p, ProfilePoint.PCACHE_ALLOC_EVICT), of(p, ProfilePoint.PCACHE_ALLOC_EVICT_DO_FIND));
    assertEquals(
        script.nr("pcache_eviction_triggered") - script.nr("pcache_eviction_eagain_freeable"),
        of(p, ProfilePoint.PCACHE_ALLOC_EVICT_DO_EVICT));
    assertEquals(
        script.nr("pcache_fill_from_memory_piggyback"),
        of(p, ProfilePoint.PCACHE_FILL_REMOTE_PIGGYBACK_NET));
    assertEquals(
        script.nr("pcache_fill_from_memory"),
        of(p, ProfilePoint.PCACHE_FILL_REMOTE_NET)
            + of(p, ProfilePoint.PCACHE_FILL_REMOTE_PIGGYBACK_NET));
    assertEquals(script.metric("pcache_fill_zero"), of(p, ProfilePoint.PCACHE_FILL_ZEROFILL));
    assertEquals(
        script.metric("pcache_flushes") - script.metric("pcache_piggybacked"),
        of(p, ProfilePoint.PCACHE_FLUSH_NET));
    assertEquals(script.metric("rpc_count"), of(p, ProfilePoint.IBAPI_SEND_REPLY));
    assertTrue(of(p, ProfilePoint.PCACHE_ALLOC_FASTPATH) >= of(p, ProfilePoint.PCACHE_ALLOC));
    // descriptors, handlers and signals of the process, a pid of each of two threads
    assertEquals(5, of(p, ProfilePoint.DO_KMALLOC_NODE));
    boolean hasVictims = eviction.equals("victim-cache");
    assertEquals(hasVictims, of(p, ProfilePoint.EVICT_LINE_VICTIM_FINISH) > 0);
    assertEquals(
        of(p, ProfilePoint.EVICT_LINE_VICTIM_PREPARE),
        of(p, ProfilePoint.EVICT_LINE_VICTIM_FINISH));
    assertEquals(eviction.equals("per-set-list"), of(p, ProfilePoint.EVICT_LINE_PERSET_UNMAP) > 0);

    Map<ProfilePoint, Long> m = counts(script, "M0");
    assertEquals(script.nr("pcache_fill_from_memory"), of(m, ProfilePoint.HANDLE_MISS));
    assertEquals(script.memoryNode(0).flushes(), of(m, ProfilePoint.HANDLE_FLUSH));
    assertEquals(script.memoryNode(0).fileFaults(), of(m, ProfilePoint.FILE_FAULT));
    assertEquals(of(m, ProfilePoint.HANDLE_MISS), of(m, ProfilePoint.PCACHE_MISS_FIND_VMA));
    assertEquals(script.metric("rpc_count"), of(m, ProfilePoint.THPOOL_WORKER_HANDLER));
    assertEquals(script.metric("rpc_count"), of(m, ProfilePoint.THPOOL_WORKER_FIT_ACK_REPLY));
  }

  @Test
  void nested_takesNoLongerThanWhatIsAroundIt() {
    Script script = program("per-set-list").set("kernel.profilePoints", "on");
    script.run();
    Map<ProfilePoint, ProfileRow> rows = new EnumMap<>(ProfilePoint.class);
    script.profile().forEach(row -> rows.put(row.point(), row));
    // no mremap and no fork here, so every allocation is a fault's
    for (ProfilePoint point : rows.keySet()) {
      ProfilePoint parent = point.parent();
      if (point == ProfilePoint.DO_KMALLOC_NODE) {
        assertEquals(0, rows.get(point).totalPs(), "its time is its callers'");
      } else if (parent != null) {
        long inner = rows.get(point).totalPs();
        long outer = rows.get(parent).totalPs();
        assertTrue(inner > 0 && inner <= outer, point + " " + inner + " in " + outer);
      }
    }
  }

  @Test
  void off_isNothing_andWithoutACostTheRunIsTheSame_withOneItIsLonger() {
    Script off = program("per-set-list");
    String events = off.run(true, true);
    assertTrue(off.profile().isEmpty());
    Script free = program("per-set-list")
        .set("kernel.profilePoints", "on")
        .set("kernel.costs.profilePoint", "0 ns");
    assertEquals(events, free.run(true, true));
    Script costly = program("per-set-list").set("kernel.profilePoints", "on");
    costly.run(true, true);
    assertTrue(costly.metric("simulated_time_ns") > off.metric("simulated_time_ns"));
    Script plain = program("per-set-list").set("kernel.profilePoints", "on");
    assertEquals(costly.run(true, true), plain.run(false, true));
    assertEquals(costly.profile(), plain.profile());
  }
}
