package org.legosim.kernel.memory;

import java.util.List;
import java.util.TreeMap;
import org.legosim.timing.trace.Mapping;

/**
 * Pages of a program's file that hold the end of its data and the beginning of its bss: a writable mapping
 * of a file whose end is not at a page's. The loader zeroes the bss part byte by byte.
 */
final class BssTails {
  private final boolean isLeft;
  /** By page: bytes of data in it. */
  private final TreeMap<Long, Integer> tails = new TreeMap<>();

  BssTails(MemoryDefects defects) {
    // LEGOOS-BUG: F-11, clear_user does nothing.
    isLeft = defects.leavesBssTail();
  }

  /** Replaces what is known by a new program's; the bytes that are cleared. */
  long note(List<Mapping> mappings) {
    tails.clear();
    long bytes = 0;
    for (Mapping mapping : mappings) {
      int data = dataInLastPage(mapping);
      if (data > 0) {
        tails.put(mapping.end() & -PageTable.PAGE_BYTES, data);
        bytes += PageTable.PAGE_BYTES - data;
      }
    }
    return isLeft ? 0 : bytes;
  }

  private static int dataInLastPage(Mapping mapping) {
    return mapping.hasBss() ? (int) (mapping.end() & (PageTable.PAGE_BYTES - 1)) : 0;
  }

  /** Where zeroes begin in a page as it is loaded; 0 when it is the file's as a whole. */
  int offsetIn(long page) {
    Integer offset = isLeft ? null : tails.get(page);
    return offset == null ? 0 : offset;
  }

  void inherit(BssTails parent) {
    tails.putAll(parent.tails);
  }
}
