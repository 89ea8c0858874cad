package org.legosim.kernel.memory;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/** The pages of one memory node with their reference counts; memory grows with the pages in use. */
final class PhysicalPages {
  static final int NONE = -1;

  private final long capacity;
  private int[] references = new int[1024];
  private int[] free = new int[16];
  private int freeCount;
  private int used;
  private long allocations;

  /** What each page holds, a number of {@link org.legosim.kernel.rpc.PageContent}. */
  private long[] content = new long[1024];

  PhysicalPages(long capacityBytes) {
    this.capacity = Math.min(Integer.MAX_VALUE - 8L, capacityBytes / PageTable.PAGE_BYTES);
  }

  /** A page with one reference, the one freed last first; {@link #NONE} when memory is full. */
  @HotPath
  int allocate() {
    int page;
    if (freeCount > 0) {
      page = free[--freeCount];
    } else if (used == capacity) {
      return NONE;
    } else {
      page = used++;
      if (page == references.length) {
        references = Arrays.copyOf(references, (int) Math.min(capacity, 2L * page));
        content = Arrays.copyOf(content, references.length);
      }
    }
    references[page] = 1;
    allocations++;
    return page;
  }

  long content(int page) {
    return content[page];
  }

  /** The page was written whole. */
  void write(int page, long newContent) {
    content[page] = newContent;
  }

  void share(int page) {
    references[page]++;
  }

  boolean isShared(int page) {
    return references[page] > 1;
  }

  /** Drops a reference; the last one frees the page. */
  void drop(int page) {
    if (--references[page] > 0) {
      return;
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = page;
  }

  long inUse() {
    return (long) used - freeCount;
  }

  /** Pages handed out since the start. */
  long allocations() {
    return allocations;
  }
}
