package org.legosim.trace.importer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.trace.Mapping;
import org.legosim.trace.format.Ltrace;

/** The pages that a process touches: what mappings are made of when a format has none. */
final class TouchedPages {
  /** Tells these mappings from captured ones. */
  static final String NAME = "[touched]";

  /** Pages nearer than this are taken to be of one mapping; an access between them would fault otherwise. */
  private static final int MOST_GAP_PAGES = 16;

  private static final int INITIAL_SLOTS = 1 << 10;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** Page number + 1 in an open hash table; 0 is a free slot. */
  private long[] slots = new long[INITIAL_SLOTS];

  private int count;
  private long lastPage = -1;

  void add(long address, int bytes) {
    long first = address >>> Ltrace.PAGE_SHIFT;
    long last = (address + bytes - 1) >>> Ltrace.PAGE_SHIFT;
    if (first != lastPage) {
      put(first);
      lastPage = first;
    }
    if (last != first) {
      put(last);
    }
  }

  private void put(long page) {
    int slot = slotOf(page, slots);
    if (slots[slot] == 0) {
      slots[slot] = page + 1;
      count++;
      if (count * 2 > slots.length) {
        grow();
      }
    }
  }

  private static int slotOf(long page, long[] table) {
    int slot = (int) ((page * GOLDEN) >>> 32) & (table.length - 1);
    while (table[slot] != 0 && table[slot] != page + 1) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long entry : slots) {
      if (entry != 0) {
        larger[slotOf(entry - 1, larger)] = entry;
      }
    }
    slots = larger;
  }

  /** Readable and writable mappings over all pages, in ascending order. */
  List<Mapping> mappings() {
    long[] pages =
        Arrays.stream(slots).filter(entry -> entry != 0).map(entry -> entry - 1).toArray();
    Arrays.sort(pages);
    List<Mapping> mappings = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= pages.length; i++) {
      if (i == pages.length || pages[i] - pages[i - 1] > MOST_GAP_PAGES) {
        long start = pages[from] << Ltrace.PAGE_SHIFT;
        long end = (pages[i - 1] + 1) << Ltrace.PAGE_SHIFT;
        mappings.add(new Mapping(start, end, "rw-p", 0, NAME));
        from = i;
      }
    }
    return mappings;
  }
}
