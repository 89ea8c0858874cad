package org.legosim.kernel.storage;

/**
 * Which pages a read of one open file has the kernel fetch. A file that is opened for a single read has
 * no history of its own; then the pages that are cached before the one that misses stand for it.
 *
 * <p>Source: Linux 4.9 {@code mm/readahead.c}, ondemand_readahead.
 */
final class ReadAhead {
  private final long maxPages;
  private long start;
  private long size;
  private long asyncSize;
  /** Page of the last read, or -1. */
  private long previous = -1;

  ReadAhead(long maxPages) {
    this.maxPages = maxPages;
  }

  /** What of the file is cached. */
  interface History {
    /** Pages in a row before {@code page}, at most {@code max}. */
    long cachedBefore(long page, long max);

    /** First page from {@code page} on that is not cached, at most {@code max} further. */
    long nextHole(long page, long max);
  }

  long start() {
    return start;
  }

  long size() {
    return size;
  }

  /** Page of the window whose use starts the next one; -1 for none. */
  long mark() {
    return asyncSize == 0 ? -1 : start + size - asyncSize;
  }

  void read(long page) {
    previous = page;
  }

  /**
   * A page is missing, or a marked one is read: works out the window to fetch.
   *
   * @param wanted pages that the read still wants, this one included
   * @param isMark the page is there, the next window is to be fetched
   */
  void window(long page, long wanted, boolean isMark, History history) {
    if (maxPages == 0) {
      only(page, wanted);
    } else if (page == 0) {
      begin(page, wanted);
    } else if (page == start + size - asyncSize || page == start + size) {
      start += size;
      size = next(size);
      asyncSize = size;
    } else if (isMark) {
      // Another reader's window, or a forgotten one: go on behind what is cached.
      start = history.nextHole(page + 1, maxPages);
      size = start - page > maxPages ? 0 : next(start - page + wanted);
      asyncSize = size;
    } else if (wanted > maxPages || Long.compareUnsigned(page - previous, 1) <= 0) {
      begin(page, wanted);
    } else {
      byContext(page, wanted, history);
    }
  }

  private void only(long page, long wanted) {
    start = page;
    size = wanted;
    asyncSize = 0;
  }

  private void begin(long page, long wanted) {
    start = page;
    long rounded = Long.highestOneBit(Math.max(1, 2 * wanted - 1));
    size =
        rounded <= maxPages / 32 ? rounded * 4 : rounded <= maxPages / 4 ? rounded * 2 : maxPages;
    size = Math.max(size, Math.min(wanted, maxPages));
    asyncSize = size > wanted ? size - wanted : 0;
  }

  private void byContext(long page, long wanted, History history) {
    long before = history.cachedBefore(page, maxPages);
    if (before <= wanted) {
      only(page, wanted);
      return;
    }
    start = page;
    size = Math.min(before >= page ? 2 * before + wanted : before + wanted, maxPages);
    asyncSize = 1;
  }

  private long next(long current) {
    return Math.min(current < maxPages / 16 ? 4 * current : 2 * current, maxPages);
  }
}
