package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.legosim.timing.trace.Mapping;

/**
 * The mappings that a process has by its trace: what its program began with, and what those of its calls
 * made that the simulated kernel agreed to. Shared mappings carry the number of the object behind them,
 * which a forked child shares.
 */
final class KnownMappings {
  /** Object of private memory. */
  static final long PRIVATE = 0;

  private static final int SHARED_AT = 3;

  /** A range from its key on: the object behind it, and where in it the range begins. */
  private record Range(long end, long object, long offset) {}

  private final TreeMap<Long, Range> ranges = new TreeMap<>();

  /** A program image replaces everything. */
  void image(List<Mapping> mappings, NodeKernel kernel) {
    ranges.clear();
    for (Mapping mapping : mappings) {
      String protection = mapping.protection();
      boolean isShared = protection.length() > SHARED_AT && protection.charAt(SHARED_AT) == 's';
      add(mapping.start(), mapping.end(), isShared ? kernel.newObject() : PRIVATE);
    }
  }

  void copyFrom(KnownMappings parent) {
    ranges.clear();
    ranges.putAll(parent.ranges);
  }

  void add(long start, long end, long object) {
    if (end > start) {
      remove(start, end);
      ranges.put(start, new Range(end, object, 0));
    }
  }

  void remove(long start, long end) {
    if (end <= start) {
      return;
    }
    split(start);
    split(end);
    ranges.subMap(start, end).clear();
  }

  private void split(long address) {
    Map.Entry<Long, Range> below = ranges.lowerEntry(address);
    if (below == null || below.getValue().end <= address) {
      return;
    }
    Range range = below.getValue();
    long taken = address - below.getKey();
    ranges.put(below.getKey(), new Range(address, range.object, range.offset));
    ranges.put(address, new Range(range.end, range.object, range.offset + taken));
  }

  /** mremap; what it adds at the end belongs to the object that the last byte belonged to. */
  void move(long from, long fromBytes, long to, long toBytes) {
    if (fromBytes <= 0 || toBytes <= 0) {
      return;
    }
    split(from);
    split(from + fromBytes);
    List<Map.Entry<Long, Range>> moved =
        new ArrayList<>(ranges.subMap(from, from + fromBytes).entrySet());
    remove(from, from + fromBytes);
    remove(to, to + toBytes);
    for (int i = 0; i < moved.size(); i++) {
      long start = moved.get(i).getKey() - from;
      Range range = moved.get(i).getValue();
      boolean isLast = i == moved.size() - 1;
      long end = Math.min(toBytes, isLast && toBytes > fromBytes ? toBytes : range.end - from);
      if (start < end) {
        ranges.put(to + start, new Range(to + end, range.object, range.offset));
      }
    }
  }

  boolean explains(long address) {
    Map.Entry<Long, Range> below = ranges.floorEntry(address);
    return below != null && address < below.getValue().end;
  }

  /** Number of the shared object at an address, or {@link #PRIVATE}. */
  long objectAt(long address) {
    Map.Entry<Long, Range> below = ranges.floorEntry(address);
    return below != null && address < below.getValue().end ? below.getValue().object : PRIVATE;
  }

  /** Where in its object an address lies; of private memory the address itself. */
  long offsetAt(long address) {
    Map.Entry<Long, Range> below = ranges.floorEntry(address);
    if (below == null || address >= below.getValue().end || below.getValue().object == PRIVATE) {
      return address;
    }
    return below.getValue().offset + address - below.getKey();
  }
}
