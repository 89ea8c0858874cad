package org.legosim.kernel.storage;

import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.timeline.SliceDetails;

/**
 * One call on the files of a machine, by whoever executes it: a read through the page cache with
 * read-ahead, a write into it, a write-back with a flush of the drive, or a call about a path. The
 * caller waits for the drive where Linux would.
 */
public final class FileIoPath extends KernelPath {
  private static final int READ_PAGES = 0;
  private static final int FETCH = 1;
  private static final int ARRIVED = 2;
  private static final int WRITE_PAGES = 3;
  private static final int FILL = 4;
  private static final int THROTTLE = 5;
  private static final int THROTTLED = 6;
  private static final int SYNC = 7;
  private static final int RUN = 8;
  private static final int WRITTEN = 9;
  private static final int FLUSH = 10;
  private static final int FLUSHING = 11;
  private static final int FLUSHED = 12;
  private static final int PAID = 13;

  private static final int PAGE = 0;

  private final FileService service;
  private final ExecutionContext context;

  private int file;
  private long offset;
  private long bytes;
  private boolean isFresh;
  private boolean copies;
  private boolean syncs;

  /** Work of pages that were there, not yet paid for. */
  private long owedPs;

  private boolean isMark;
  private long lastWrittenPs;
  private ReadAhead window = new ReadAhead(0);

  public FileIoPath(FileService service, ExecutionContext context) {
    super("file");
    this.service = service;
    this.context = context;
  }

  /**
   * Pushes a read.
   *
   * @param isFreshOpen the file was opened for this call: nothing is known of reads before it
   * @param copiesData the data goes to a buffer of the caller's
   */
  public void callRead(int ofFile, long at, long length, boolean isFreshOpen, boolean copiesData) {
    set(ofFile, at, length);
    isFresh = isFreshOpen;
    copies = copiesData;
    window = isFresh ? new ReadAhead(service.readAheadPages()) : service.files.history(file);
    service.counters.reads++;
    push(READ_PAGES);
  }

  /**
   * Pushes a write.
   *
   * @param syncsData it returns when the data is safe
   */
  public void callWrite(int ofFile, long at, long length, boolean copiesData, boolean syncsData) {
    set(ofFile, at, length);
    copies = copiesData;
    syncs = syncsData;
    service.counters.writes++;
    push(WRITE_PAGES);
  }

  /** Pushes a write-back of everything written to the file, and a flush of the drive. */
  public void callSync(int ofFile) {
    set(ofFile, 0, 0);
    service.counters.syncs++;
    push(SYNC);
  }

  /** Pushes a call about a path that takes {@code ps}. */
  public void callPath(long ps) {
    service.counters.pathCalls++;
    owedPs = ps;
    push(PAID);
  }

  private void set(int ofFile, long at, long length) {
    file = ofFile;
    offset = at;
    bytes = length;
    syncs = false;
    owedPs = 0;
    isMark = false;
  }

  private void push(int step) {
    Frame frame = context.stack().call(this);
    frame.step = step;
    frame.slot[PAGE] = 0;
  }

  /** Numbers of files by path, for callers. */
  public int fileOf(String path) {
    return service.files.number(path);
  }

  private long firstPage() {
    return offset / FileService.PAGE_BYTES;
  }

  private long endPage() {
    return (offset + bytes + FileService.PAGE_BYTES - 1) / FileService.PAGE_BYTES;
  }

  /** Bytes of the call in its page number {@code index}. */
  private long bytesIn(long page) {
    long from = Math.max(offset, page * FileService.PAGE_BYTES);
    return Math.min(offset + bytes, (page + 1) * FileService.PAGE_BYTES) - from;
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case READ_PAGES, FETCH -> "read";
      case ARRIVED -> "wait for a page";
      case WRITE_PAGES, FILL -> "write";
      case THROTTLE, THROTTLED -> "make room among the dirty pages";
      case SYNC, RUN, WRITTEN -> "write back";
      case FLUSH, FLUSHING, FLUSHED -> "flush the drive";
      default -> "path";
    };
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.number("file", file).number("offset", offset).number("bytes", bytes);
  }

  @Override
  public int resume(Frame frame) {
    while (true) {
      switch (frame.step) {
        case READ_PAGES -> {
          int next = readPages(frame);
          if (next != CALL) {
            return next;
          }
        }
        case FETCH -> {
          fetch(frame);
          frame.step = READ_PAGES;
        }
        case ARRIVED -> {
          frame.step = READ_PAGES;
          if (!context.advance(service.complete.charge())) {
            return WAIT;
          }
        }
        case WRITE_PAGES -> {
          int next = writePages(frame);
          if (next != CALL) {
            return next;
          }
        }
        case FILL -> {
          // A page that is written in part is read first.
          service.counters.pageMisses++;
          service.fetch(file, pageAt(frame), pageAt(frame) + 1, context.nowPs());
          frame.step = WRITE_PAGES;
        }
        case THROTTLE -> {
          frame.step = THROTTLED;
          lastWrittenPs = service.writeRun(service.dirtyFile(), context.nowPs());
          context.resumeAt(lastWrittenPs);
          return WAIT;
        }
        case THROTTLED -> {
          frame.step = WRITE_PAGES;
          if (!context.advance(service.complete.charge())) {
            return WAIT;
          }
        }
        case SYNC -> {
          boolean hasDirty = service.hasDirty(file);
          frame.step = hasDirty ? RUN : FLUSH;
          lastWrittenPs = 0;
          long ps = payment() + (hasDirty ? service.submit.charge() : 0);
          if (!context.advance(ps)) {
            return WAIT;
          }
        }
        case RUN -> {
          lastWrittenPs = Math.max(lastWrittenPs, service.writeRun(file, context.nowPs()));
          if (service.hasDirty(file)) {
            if (!context.advance(service.submit.charge())) {
              return WAIT;
            }
          } else {
            frame.step = WRITTEN;
            if (lastWrittenPs > context.nowPs()) {
              context.resumeAt(lastWrittenPs);
              return WAIT;
            }
          }
        }
        case WRITTEN -> {
          frame.step = FLUSH;
          if (!context.advance(service.complete.charge())) {
            return WAIT;
          }
        }
        case FLUSH -> {
          frame.step = FLUSHING;
          if (!context.advance(service.submit.charge())) {
            return WAIT;
          }
        }
        case FLUSHING -> {
          frame.step = FLUSHED;
          context.resumeAt(service.drive().flush(context.nowPs()));
          return WAIT;
        }
        case FLUSHED -> {
          frame.step = PAID;
          if (!context.advance(service.complete.charge())) {
            return WAIT;
          }
        }
        default -> { // PAID
          long ps = payment();
          if (ps > 0 && !context.advance(ps)) {
            return WAIT;
          }
          return DONE;
        }
      }
    }
  }

  private long payment() {
    long ps = owedPs;
    owedPs = 0;
    return ps;
  }

  private long pageAt(Frame frame) {
    return firstPage() + frame.slot[PAGE];
  }

  /** Reads on until a page is missing or on its way; CALL to go on with the frame's step. */
  private int readPages(Frame frame) {
    for (long page = pageAt(frame); page < endPage(); page++) {
      frame.slot[PAGE] = page - firstPage();
      int entry = service.cache.find(PageCache.keyOf(file, page));
      if (entry == PageCache.NONE) {
        service.counters.pageMisses++;
        return plan(frame, page, false);
      }
      if (service.cache.takeMark(entry)) {
        return plan(frame, page, true);
      }
      if (service.cache.readyPs(entry) > context.nowPs() + owedPs) {
        // The thread sleeps until the page has come.
        frame.step = ARRIVED;
        owedPs = 0;
        context.resumeAt(service.cache.readyPs(entry));
        return WAIT;
      }
      service.cache.touch(entry);
      window.read(page);
      owedPs += service.lookup.charge() + (copies ? service.copy.chargeBytes(bytesIn(page)) : 0);
    }
    frame.slot[PAGE] = endPage() - firstPage();
    frame.step = PAID;
    return CALL;
  }

  /** Works out what to fetch, and pays for it and for the pages before. */
  private int plan(Frame frame, long page, boolean atMark) {
    isMark = atMark;
    window.window(page, endPage() - page, atMark, service.history(file));
    long pages = window.size();
    frame.step = FETCH;
    long ps = payment() + service.allocatePage.charge(pages) + service.submit.charge();
    return context.advance(ps) ? CALL : WAIT;
  }

  private void fetch(Frame frame) {
    long from = window.start();
    long to = Math.min(
        from + window.size(),
        Math.max(endPage(), (service.files.length(file) - 1) / FileService.PAGE_BYTES + 1));
    long fetched = service.fetch(file, from, to, context.nowPs());
    service.counters.readAheadPages += isMark ? fetched : Math.max(0, fetched - wanted(frame));
    int mark = service.cache.find(PageCache.keyOf(file, Math.max(0, window.mark())));
    if (window.mark() >= from && mark != PageCache.NONE) {
      service.cache.mark(mark);
    }
  }

  private long wanted(Frame frame) {
    return endPage() - pageAt(frame);
  }

  /** Writes on until a page must be read or room be made; CALL to go on with the frame's step. */
  private int writePages(Frame frame) {
    for (long page = pageAt(frame); page < endPage(); page++) {
      frame.slot[PAGE] = page - firstPage();
      int entry = service.cache.find(PageCache.keyOf(file, page));
      boolean isPartial = bytesIn(page) < FileService.PAGE_BYTES
          && page * FileService.PAGE_BYTES < service.files.length(file);
      if (entry == PageCache.NONE && isPartial) {
        frame.step = FILL;
        long ps = payment() + service.allocatePage.charge() + service.submit.charge();
        return context.advance(ps) ? CALL : WAIT;
      }
      if (entry == PageCache.NONE) {
        owedPs += service.allocatePage.charge();
        entry = service.enter(file, page, 0, context.nowPs());
      } else if (service.cache.readyPs(entry) > context.nowPs() + owedPs) {
        frame.step = THROTTLED;
        owedPs = 0;
        context.resumeAt(service.cache.readyPs(entry));
        return WAIT;
      }
      owedPs += service.lookup.charge() + (copies ? service.copy.chargeBytes(bytesIn(page)) : 0);
      service.cache.touch(entry);
      service.dirty(file, page, entry);
      if (service.isOverLimit()) {
        frame.step = THROTTLE;
        frame.slot[PAGE] = page + 1 - firstPage();
        return context.advance(payment() + service.submit.charge()) ? CALL : WAIT;
      }
    }
    frame.slot[PAGE] = endPage() - firstPage();
    service.files.wrote(file, offset + bytes);
    frame.step = syncs ? SYNC : PAID;
    return CALL;
  }
}
