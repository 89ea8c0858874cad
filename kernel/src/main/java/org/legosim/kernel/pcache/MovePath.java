package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Moves the pages of a range to other addresses, in chunks of at most 64 pages that cross no
 * page-table page on either side; each chunk is done under both page-table locks and ends with one
 * flush of its old range. Growth fetches nothing.
 *
 * <p>Result: {@link #YES}, or {@link #NO} when a page could not get a line in its new set.
 *
 * <p>Source: LegoOS {@code managers/processor/pgtable.c}, move_page_tables.
 */
final class MovePath extends PcachePath {
  static final int SPACE = 0;
  static final int FROM = 1;
  static final int TO = 2;
  static final int LENGTH = 3;

  /** Pages moved between two flushes. */
  static final long CHUNK_PAGES = 64;

  private static final int LEFT = 4;
  private static final int DONE_BYTES = 5;
  private static final int PASSED = 6;

  private static final int BEGIN = 0;
  private static final int NEXT_CHUNK = 1;
  private static final int TABLES = 2;
  private static final int SECOND_LOCK = 3;
  private static final int PAGE = 4;
  private static final int MOVED = 5;
  private static final int CHUNK_DONE = 6;
  private static final int FLUSHED = 7;

  private final MovePagePath movePage;
  private final ZapPath zap;

  MovePath(Pcache pcache, KernelContext context, MovePagePath movePage, ZapPath zap) {
    super("move pages", pcache, context);
    this.movePage = movePage;
    this.zap = zap;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case NEXT_CHUNK -> nextChunk(frame);
      case TABLES -> lockFirst(frame);
      case SECOND_LOCK -> lockSecond(frame);
      case PAGE -> page(frame);
      case MOVED -> moved(frame);
      case CHUNK_DONE -> chunkDone(frame);
      default -> flushed(frame);
    };
  }

  /** What is still mapped at the destination goes first. */
  private int begin(Frame frame) {
    long to = frame.slot[TO];
    long end = to + frame.slot[LENGTH];
    if (pcache.defects.keepsMoveTarget() || !space(frame).hasEntries(to, end)) {
      return go(frame, NEXT_CHUNK);
    }
    frame.step = NEXT_CHUNK;
    Frame call = push(zap);
    call.slot[ZapPath.SPACE] = frame.slot[SPACE];
    call.slot[ZapPath.START] = to;
    call.slot[ZapPath.END] = end;
    call.slot[ZapPath.FLUSH] = YES;
    return CALL;
  }

  private int nextChunk(Frame frame) {
    if (frame.slot[LENGTH] == 0) {
      context.stamp(TimeCategory.ALLOCATE);
      return done(YES);
    }
    long from = frame.slot[FROM];
    long extent = Math.min(frame.slot[LENGTH], toTableEnd(from));
    if (space(frame).table(from) == null) {
      skip(frame, extent);
      return pay(frame, NEXT_CHUNK, charges.visitTable.charge());
    }
    extent = Math.min(extent, toTableEnd(frame.slot[TO]));
    extent = Math.min(extent, CHUNK_PAGES << pcache.geometry.lineShift());
    frame.slot[LEFT] = extent;
    frame.slot[DONE_BYTES] = 0;
    frame.slot[PASSED] = 0;
    long costPs = charges.visitTable.charge(2);
    if (space(frame).table(frame.slot[TO]) == null) {
      costPs += charges.tableAllocate.charge();
    }
    return pay(frame, TABLES, costPs);
  }

  private static long toTableEnd(long address) {
    return PageTable.BYTES - (address & (PageTable.BYTES - 1));
  }

  private static void skip(Frame frame, long bytes) {
    frame.slot[FROM] += bytes;
    frame.slot[TO] += bytes;
    frame.slot[LENGTH] -= bytes;
  }

  private int lockFirst(Frame frame) {
    space(frame).makeTable(frame.slot[TO]);
    return lock(frame, SECOND_LOCK, lower(frame), TimeCategory.ALLOCATE);
  }

  private int lockSecond(Frame frame) {
    // MODEL: the kernel locks the old page table first, so that two opposite moves can hang; here
    // the
    // one of the lower addresses is first.
    if (lower(frame) == higher(frame)) {
      return pay(frame, PAGE, charges.pteLock.charge());
    }
    return lock(frame, PAGE, higher(frame), TimeCategory.LOCK_WAIT);
  }

  private int page(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    PageTable source = table(frame, FROM);
    PageTable target = table(frame, TO);
    while (frame.slot[LEFT] > 0) {
      long entry = source.get(frame.slot[FROM]);
      if (Pte.isPresent(entry)) {
        return callMovePage(frame);
      }
      if (entry != Pte.NONE) {
        source.set(frame.slot[FROM], Pte.NONE);
        if (pcache.defects.keepsMoveTarget() || target.get(frame.slot[TO]) == Pte.NONE) {
          target.set(frame.slot[TO], entry);
        }
      }
      frame.slot[PASSED]++;
      stepOver(frame);
    }
    return pay(frame, CHUNK_DONE, charges.visitPage.charge(frame.slot[PASSED]));
  }

  private int chunkDone(Frame frame) {
    unlockBoth(table(frame, FROM), table(frame, TO));
    long pages = frame.slot[DONE_BYTES] >>> pcache.geometry.lineShift();
    long first = frame.slot[FROM] - frame.slot[DONE_BYTES];
    context.stamp(TimeCategory.ALLOCATE);
    return callShootdown(frame, FLUSHED, (int) frame.slot[SPACE], first, pages);
  }

  private int callMovePage(Frame frame) {
    frame.step = MOVED;
    Frame call = push(movePage);
    call.slot[MovePagePath.SPACE] = frame.slot[SPACE];
    call.slot[MovePagePath.FROM] = frame.slot[FROM];
    call.slot[MovePagePath.TO] = frame.slot[TO];
    return CALL;
  }

  private int moved(Frame frame) {
    if (result() == NO) {
      unlockBoth(table(frame, FROM), table(frame, TO));
      return done(NO);
    }
    stepOver(frame);
    return go(frame, PAGE);
  }

  private void stepOver(Frame frame) {
    long lineBytes = pcache.geometry.lineBytes();
    skip(frame, lineBytes);
    frame.slot[LEFT] -= lineBytes;
    frame.slot[DONE_BYTES] += lineBytes;
  }

  private int flushed(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    return go(frame, NEXT_CHUNK);
  }

  private void unlockBoth(PageTable source, PageTable target) {
    if (source != target) {
      unlock(target);
    }
    unlock(source);
  }

  private PageTable lower(Frame frame) {
    return table(frame, frame.slot[FROM] <= frame.slot[TO] ? FROM : TO);
  }

  private PageTable higher(Frame frame) {
    return table(frame, frame.slot[FROM] <= frame.slot[TO] ? TO : FROM);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  private PageTable table(Frame frame, int slot) {
    // The chunk's own page-table page, wherever the cursor stands.
    return space(frame).existingTable(frame.slot[slot] - frame.slot[DONE_BYTES]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case SECOND_LOCK, PAGE -> "page-table lock";
      case MOVED -> "moving a page";
      default -> super.stepName(step);
    };
  }
}
