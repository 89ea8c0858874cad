package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Empties whole lines of a range whose pages are about to part: each present line is unmapped, written
 * back if it is dirty, and dropped; marks for zero-fill are cleared, and the victim cache forgets the
 * range. What is touched afterwards is fetched again, from whatever the memory node then knows.
 *
 * <p>Only lines of several pages need this: the real kernel's lines are pages, and it has no such
 * path. The page-table lock is held across each write-back, as a fill holds it across its fetch, so a
 * fault on the line waits for it.
 */
final class DetachPath extends PcachePath {
  static final int SPACE = 0;

  /** Argument: the first line. */
  static final int START = 1;

  /** Argument: the first address behind the last line. */
  static final int END = 2;

  private static final int TABLE = 3;
  private static final int ENTRY = 4;

  private static final int BEGIN = 0;
  private static final int SETTLED = 1;
  private static final int NEXT_TABLE = 2;
  private static final int LOCKED = 3;
  private static final int PAGE = 4;
  private static final int LINE_LOCKED = 5;
  private static final int CLEAR = 6;
  private static final int UNMAPPED = 7;
  private static final int WRITTEN = 8;
  private static final int PUT = 9;

  private final SettlePath settle;
  private final LockLinePath lockLine;
  private final FlushPath flush;
  private final PutPath put;

  DetachPath(
      Pcache pcache,
      KernelContext context,
      SettlePath settle,
      LockLinePath lockLine,
      FlushPath flush,
      PutPath put) {
    super("detach lines", pcache, context);
    this.settle = settle;
    this.lockLine = lockLine;
    this.flush = flush;
    this.put = put;
  }

  /**
   * Pushes the path for the lines that are partly in [start, end); false when there are none, as with
   * lines of a page or less.
   */
  boolean callEdges(AddressSpace space, long start, long end) {
    boolean first = callAt(space, start);
    boolean isSame = pcache.geometry.pageOf(start) == pcache.geometry.pageOf(end);
    return (!(first && isSame) && callAt(space, end)) || first;
  }

  private boolean callAt(AddressSpace space, long address) {
    long line = pcache.geometry.pageOf(address);
    if (line == address) {
      return false;
    }
    call(space, line, line + pcache.geometry.lineBytes());
    return true;
  }

  /** Pushes the path for every line that is at least partly in [start, end). */
  void call(AddressSpace space, long start, long end) {
    Frame frame = push(this);
    frame.slot[SPACE] = space.index();
    frame.slot[START] = pcache.geometry.pageOf(start);
    frame.slot[END] = pcache.geometry.lineUp(end);
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case SETTLED -> settled(frame);
      case NEXT_TABLE -> nextTable(frame);
      case LOCKED -> locked(frame);
      case PAGE -> page(frame);
      case LINE_LOCKED -> lineLocked(frame);
      case CLEAR -> clear(frame);
      case UNMAPPED -> unmapped(frame);
      case WRITTEN -> written(frame);
      default -> nextPage(frame);
    };
  }

  private int begin(Frame frame) {
    if (pcache.defects.unmapsOvertakeFlushes()) {
      return go(frame, NEXT_TABLE);
    }
    frame.step = SETTLED;
    Frame call = push(settle);
    call.slot[SettlePath.TGID] = space(frame).tgid();
    call.slot[SettlePath.START] = frame.slot[START];
    call.slot[SettlePath.END] = frame.slot[END];
    return CALL;
  }

  private int settled(Frame frame) {
    pcache.forgetVictims(space(frame).tgid(), frame.slot[START], frame.slot[END]);
    return go(frame, NEXT_TABLE);
  }

  private int nextTable(Frame frame) {
    PageTable table = space(frame).firstTableIn(frame.slot[START], frame.slot[END]);
    if (table == null) {
      context.stamp(TimeCategory.ALLOCATE);
      return done(0);
    }
    frame.slot[TABLE] = table.start();
    frame.slot[START] = Math.max(frame.slot[START], table.start());
    return lock(frame, LOCKED, table, TimeCategory.ALLOCATE);
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, PAGE, charges.visitTable.charge() + charges.pteLock.charge());
  }

  private int page(Frame frame) {
    PageTable table = table(frame);
    long address = frame.slot[START];
    if (address >= Math.min(table.end(), frame.slot[END])) {
      unlock(table);
      return go(frame, NEXT_TABLE);
    }
    long entry = table.get(address);
    if (!Pte.isPresent(entry)) {
      if (entry != Pte.NONE) {
        table.set(address, Pte.NONE);
      }
      frame.slot[START] = address + pcache.geometry.lineBytes();
      return pay(frame, PAGE, charges.visitPage.charge());
    }
    frame.step = LINE_LOCKED;
    Frame call = push(lockLine);
    call.slot[LockLinePath.SPACE] = frame.slot[SPACE];
    call.slot[LockLinePath.ADDRESS] = address;
    call.slot[LockLinePath.OTHER] = address;
    call.slot[LockLinePath.ENTRY] = entry;
    return CALL;
  }

  private int lineLocked(Frame frame) {
    return result() == YES ? pay(frame, CLEAR, charges.zapPage.charge()) : go(frame, PAGE);
  }

  /** From here on a fault finds the entry empty, and waits for the page-table lock with its line. */
  private int clear(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    long address = frame.slot[START];
    frame.slot[ENTRY] = table(frame).get(address);
    pcache.dropped(frame.slot[ENTRY]);
    table(frame).set(address, Pte.NONE);
    return callShootdown(frame, UNMAPPED, (int) frame.slot[SPACE], address, 1);
  }

  private int unmapped(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    if (!Pte.isDirty(frame.slot[ENTRY])) {
      return go(frame, WRITTEN);
    }
    frame.step = WRITTEN;
    AddressSpace space = space(frame);
    Frame call = push(flush);
    call.slot[FlushPath.TGID] = space.tgid();
    call.slot[FlushPath.ADDRESS] = frame.slot[START];
    call.slot[FlushPath.NODE] = space.nodeOf(frame.slot[START]);
    call.slot[FlushPath.LINE] = Pte.line(frame.slot[ENTRY]);
    call.slot[FlushPath.SECTORS] = pcache.sectors.toFlush(Pte.line(frame.slot[ENTRY]));
    return CALL;
  }

  private int written(Frame frame) {
    int line = Pte.line(frame.slot[ENTRY]);
    AddressSpace space = space(frame);
    pcache.removeRmap(line, space.index(), frame.slot[START], context);
    pcache.logLine(context, EventLog.DROPPED, space.tgid(), frame.slot[START], line);
    unlockLine(line);
    frame.step = PUT;
    push(put).slot[PutPath.LINE] = line;
    return CALL;
  }

  private int nextPage(Frame frame) {
    frame.slot[START] += pcache.geometry.lineBytes();
    return go(frame, PAGE);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  private PageTable table(Frame frame) {
    return space(frame).existingTable(frame.slot[TABLE]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case LOCKED -> "page-table lock";
      case WRITTEN -> "writing back";
      default -> super.stepName(step);
    };
  }
}
