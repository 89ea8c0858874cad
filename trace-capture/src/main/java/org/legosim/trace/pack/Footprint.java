package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.legosim.timing.trace.Mapping;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/**
 * Which pages the accesses touched, against what was mapped. A format that carries no mappings gets them from the pages
 * that it touches and that no call mapped; a page touched by a forked child counts for the ancestor it inherited from.
 */
final class Footprint {
  private static final String MADE_UP_PROTECTION = "rwxp";

  private final Map<SpaceKey, AddressSpace> spaces;
  private final Set<SpaceKey> captured;
  private final Map<Integer, Integer> parentOf;
  private final Map<SpaceKey, LongSet> strays = new TreeMap<>();
  private long pages;
  private long unmapped;

  /**
   * Starts with nothing touched.
   *
   * @param captured spaces whose initial mappings the trace has
   * @param parentOf the process in the trace that a process was forked from
   */
  Footprint(
      Map<SpaceKey, AddressSpace> spaces, Set<SpaceKey> captured, Map<Integer, Integer> parentOf) {
    this.spaces = spaces;
    this.captured = captured;
    this.parentOf = parentOf;
  }

  /** Pages that data accesses touched. */
  void addData(Map<SpaceKey, LongSet> touched) {
    touched.forEach((key, set) -> {
      pages += set.size();
      unmapped += addStrays(key, set);
    });
  }

  /** Pages that only need to be mapped. */
  void addFetched(Map<SpaceKey, LongSet> touched) {
    touched.forEach(this::addStrays);
  }

  long pages() {
    return pages;
  }

  /** Data pages outside any mapping, in spaces whose mappings were captured. */
  long unmapped() {
    return unmapped;
  }

  /** Mappings made up for spaces that were captured without any. */
  Map<SpaceKey, List<Mapping>> madeUp() {
    Map<SpaceKey, List<Mapping>> made = new HashMap<>();
    strays.forEach((key, set) -> made.put(key, mappingsOf(set.sorted())));
    return made;
  }

  /** Adds the pages of a space that were never mapped to where their mapping would have come from. */
  private long addStrays(SpaceKey key, LongSet touched) {
    SpaceKey origin = originOf(key);
    LongArray mapped = spaces.containsKey(key) ? spaces.get(key).everMapped() : new LongArray();
    LongSet target = captured.contains(origin)
        ? new LongSet()
        : strays.computeIfAbsent(origin, k -> new LongSet());
    long strayPages = 0;
    int range = 0;
    for (long page : touched.sorted()) {
      long address = page << Ltrace.PAGE_SHIFT;
      while (range < mapped.size() && mapped.get(range + 1) <= address) {
        range += 2;
      }
      boolean isMapped = range < mapped.size() && mapped.get(range) <= address;
      if (!isMapped) {
        target.add(page);
        strayPages++;
      }
    }
    return captured.contains(origin) ? strayPages : 0;
  }

  private SpaceKey originOf(SpaceKey key) {
    SpaceKey origin = key;
    Set<Integer> seen = new HashSet<>();
    while (origin.image() == 0
        && !captured.contains(origin)
        && parentOf.containsKey(origin.pid())
        && seen.add(origin.pid())) {
      origin = new SpaceKey(parentOf.get(origin.pid()), 0);
    }
    return origin;
  }

  private static List<Mapping> mappingsOf(long[] pages) {
    List<Mapping> mappings = new ArrayList<>();
    for (int i = 0; i < pages.length; ) {
      int first = i;
      do {
        i++;
      } while (i < pages.length && pages[i] == pages[i - 1] + 1);
      long start = pages[first] << Ltrace.PAGE_SHIFT;
      long end = (pages[i - 1] + 1) << Ltrace.PAGE_SHIFT;
      mappings.add(new Mapping(start, end, MADE_UP_PROTECTION, 0, "[anon]"));
    }
    return mappings;
  }
}
