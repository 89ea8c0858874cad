package org.legosim.kernel.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.legosim.hardware.storage.Drive;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Ledger;

/**
 * The files of one machine: their pages in memory, the drive behind them, and what the kernel's part of
 * a transfer costs. Contents are not kept: programs go on with what was captured.
 *
 * <p>Left out: blocks of the file system itself (directories, inodes and maps are always in memory), its
 * journal, and the write-back that begins by itself after a time.
 */
public final class FileService {
  static final long PAGE_BYTES = 4096;

  /** Longest run of pages in one command. */
  private static final long RUN_PAGES = 32;

  /** Room on the drive for each file. */
  private static final int FILE_SHIFT = 42;

  final Cost handle;
  final Cost wake;
  final Cost open;
  final Cost changeDirectory;
  final Cost lookup;
  final Cost allocatePage;
  final Cost copy;
  final Cost submit;
  final Cost complete;
  final PageCache cache;
  final FileTable files;
  final StorageCounters counters = new StorageCounters();
  private final Drive drive;
  private final long dirtyLimitPages;
  private final List<TreeSet<Long>> dirtyPages = new ArrayList<>();
  private final TreeSet<Integer> dirtyFiles = new TreeSet<>();

  /** Cached pages of each file. */
  private long[] cachedPages = new long[8];

  public FileService(StorageParams params, Ledger ledger) {
    handle = ledger.cost(params.handle());
    wake = ledger.cost(params.wake());
    open = ledger.cost(params.open());
    changeDirectory = ledger.cost(params.changeDirectory());
    lookup = ledger.cost(params.lookup());
    allocatePage = ledger.cost(params.allocatePage());
    copy = ledger.cost(params.copy());
    submit = ledger.cost(params.submit());
    complete = ledger.cost(params.complete());
    cache = new PageCache(params.pageCacheBytes(), PAGE_BYTES);
    files = new FileTable(params.readAheadBytes() / PAGE_BYTES);
    drive = new Drive(params.drive(), ledger);
    dirtyLimitPages = Math.max(1, params.dirtyLimitBytes() / PAGE_BYTES);
  }

  long readAheadPages() {
    return files.readAheadPages();
  }

  public StorageCounters counters() {
    return counters;
  }

  public Drive drive() {
    return drive;
  }

  private static long address(int file, long page) {
    return ((long) file << FILE_SHIFT) + page * PAGE_BYTES;
  }

  private NavigableSet<Long> dirtyOf(int file) {
    while (dirtyPages.size() <= file) {
      dirtyPages.add(new TreeSet<>());
    }
    return dirtyPages.get(file);
  }

  /** What of a file is cached, for its read-ahead. */
  ReadAhead.History history(int file) {
    return new ReadAhead.History() {
      @Override
      public long cachedBefore(long page, long max) {
        long count = 0;
        while (count < max && count < page && isCached(file, page - 1 - count)) {
          count++;
        }
        return count;
      }

      @Override
      public long nextHole(long page, long max) {
        long hole = page;
        while (hole < page + max && isCached(file, hole)) {
          hole++;
        }
        return hole;
      }
    };
  }

  private boolean isCached(int file, long page) {
    return cache.find(PageCache.keyOf(file, page)) != PageCache.NONE;
  }

  /**
   * Fetches those of [from, to) that are not cached, a command for each run of them.
   *
   * @return pages fetched
   */
  long fetch(int file, long from, long to, long nowPs) {
    long fetched = 0;
    long at = from;
    while (at < to) {
      if (isCached(file, at)) {
        at++;
        continue;
      }
      long end = at + 1;
      while (end < to && end - at < RUN_PAGES && !isCached(file, end)) {
        end++;
      }
      long readyPs = drive.read(nowPs, address(file, at), (end - at) * PAGE_BYTES);
      for (long page = at; page < end; page++) {
        enter(file, page, readyPs, nowPs);
      }
      fetched += end - at;
      at = end;
    }
    return fetched;
  }

  /** Enters a page, in place of the one that was used longest ago if there is no room. */
  int enter(int file, long page, long readyPs, long nowPs) {
    if (cache.isFull()) {
      int victim = cache.oldest();
      if (cache.isDirty(victim)) {
        long key = cache.key(victim);
        writeBack(PageCache.fileOf(key), PageCache.pageOf(key), nowPs);
      }
      remove(victim);
    }
    if (file >= cachedPages.length) {
      cachedPages = Arrays.copyOf(cachedPages, 2 * (file + 1));
    }
    cachedPages[file]++;
    return cache.insert(PageCache.keyOf(file, page), readyPs);
  }

  private void remove(int entry) {
    cachedPages[PageCache.fileOf(cache.key(entry))]--;
    cache.remove(entry);
  }

  /** A page was written. */
  void dirty(int file, long page, int entry) {
    cache.setDirty(entry, true);
    dirtyFiles.add(file);
    dirtyOf(file).add(page);
  }

  /** True when a writer has to make room among the dirty pages. */
  boolean isOverLimit() {
    return cache.dirtyPages() > dirtyLimitPages;
  }

  boolean hasDirty(int file) {
    return !dirtyOf(file).isEmpty();
  }

  /** Pages of the run that {@link #writeRun} writes next. */
  long nextRun(int file) {
    NavigableSet<Long> pages = dirtyOf(file);
    long first = pages.first();
    long count = 1;
    while (count < RUN_PAGES && pages.contains(first + count)) {
      count++;
    }
    return count;
  }

  /** Writes the first run of dirty pages; when the drive has it. */
  long writeRun(int file, long nowPs) {
    long count = nextRun(file);
    return write(file, dirtyOf(file).first(), count, nowPs);
  }

  private void writeBack(int file, long page, long nowPs) {
    write(file, page, 1, nowPs);
  }

  private long write(int file, long first, long count, long nowPs) {
    NavigableSet<Long> pages = dirtyOf(file);
    for (long page = first; page < first + count; page++) {
      pages.remove(page);
      cache.setDirty(cache.find(PageCache.keyOf(file, page)), false);
    }
    forgetIfClean(file);
    counters.writtenBack += count;
    return drive.write(nowPs, address(file, first), count * PAGE_BYTES);
  }

  private void forgetIfClean(int file) {
    if (dirtyOf(file).isEmpty()) {
      dirtyFiles.remove(file);
    }
  }

  /** Gives up what is cached of a file from {@code length} on. */
  void drop(int file, long length) {
    if (file >= cachedPages.length || cachedPages[file] == 0) {
      return;
    }
    long first = (length + PAGE_BYTES - 1) / PAGE_BYTES;
    for (int entry = cache.oldest(); entry != PageCache.NONE; ) {
      int next = cache.newerThan(entry);
      long key = cache.key(entry);
      if (PageCache.fileOf(key) == file && PageCache.pageOf(key) >= first) {
        dirtyOf(file).remove(PageCache.pageOf(key));
        remove(entry);
      }
      entry = next;
    }
    forgetIfClean(file);
  }

  /** Some file that has dirty pages. */
  int dirtyFile() {
    return dirtyFiles.first();
  }
}
