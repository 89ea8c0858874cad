package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Drops the pages of a range: clears every entry, and of each present page removes the reverse mapping
 * and drops the line's reference. Nothing is written back. One flush at the end.
 *
 * <p>Source: LegoOS {@code managers/processor/pgtable.c}, {@code pcache/rmap.c}.
 */
final class ZapPath extends PcachePath {
  static final int SPACE = 0;
  static final int START = 1;
  static final int END = 2;

  /** Argument: {@link #YES} to flush translations at the end. */
  static final int FLUSH = 3;

  private static final int FIRST = 4;
  private static final int ENTRY = 5;

  private static final int BEGIN = 0;
  private static final int NEXT_TABLE = 1;
  private static final int LOCKED = 2;
  private static final int PAGE = 3;
  private static final int LINE_LOCKED = 4;
  private static final int CLEAR = 5;
  private static final int PUT = 6;
  private static final int FLUSHED = 7;

  private final LockLinePath lockLine;
  private final PutPath put;

  ZapPath(Pcache pcache, KernelContext context, LockLinePath lockLine, PutPath put) {
    super("drop pages", pcache, context);
    this.lockLine = lockLine;
    this.put = put;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case NEXT_TABLE -> nextTable(frame);
      case LOCKED -> locked(frame);
      case PAGE -> page(frame);
      case LINE_LOCKED -> lineLocked(frame);
      case CLEAR -> clear(frame);
      case PUT -> nextPage(frame);
      default -> flushed();
    };
  }

  private int begin(Frame frame) {
    frame.slot[FIRST] = frame.slot[START];
    return go(frame, NEXT_TABLE);
  }

  private int nextTable(Frame frame) {
    PageTable table = space(frame).firstTableIn(frame.slot[START], frame.slot[END]);
    if (table == null) {
      return end(frame);
    }
    frame.slot[START] = Math.max(frame.slot[START], table.start());
    // A fill that is under way in an otherwise empty page-table page is waited for.
    if (table.isUniform() && table.lock().isFree()) {
      return skipUniform(frame, table);
    }
    return lock(frame, LOCKED, table, TimeCategory.ALLOCATE);
  }

  private int skipUniform(Frame frame, PageTable table) {
    long from = frame.slot[START];
    long to = Math.min(table.end(), frame.slot[END]);
    long pages = (to - from) >>> pcache.geometry.lineShift();
    if (table.get(from) != Pte.NONE) {
      if (from == table.start() && to == table.end()) {
        table.setAll(Pte.NONE);
      } else {
        for (long address = from; address < to; address += pcache.geometry.lineBytes()) {
          table.set(address, Pte.NONE);
        }
      }
    }
    frame.slot[START] = to;
    return pay(frame, NEXT_TABLE, charges.visitTable.charge() + charges.visitPage.charge(pages));
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, PAGE, charges.visitTable.charge() + charges.pteLock.charge());
  }

  /** Finds the next present page of the locked page-table page, clearing marks on the way. */
  private int page(Frame frame) {
    PageTable table = table(frame);
    long to = Math.min(table.end(), frame.slot[END]);
    long address = frame.slot[START];
    long entry = Pte.NONE;
    while (address < to) {
      entry = table.get(address);
      if (Pte.isPresent(entry)) {
        break;
      }
      if (entry != Pte.NONE) {
        table.set(address, Pte.NONE);
      }
      address += pcache.geometry.lineBytes();
    }
    long passed = (address - frame.slot[START]) >>> pcache.geometry.lineShift();
    long costPs = charges.visitPage.charge(passed);
    if (address == to) {
      unlock(table);
      frame.slot[START] = to;
      return pay(frame, NEXT_TABLE, costPs);
    }
    frame.slot[START] = address;
    frame.slot[ENTRY] = entry;
    if (pcache.lines.tryLock(Pte.line(entry), context)) {
      return pay(frame, CLEAR, costPs + charges.zapPage.charge());
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

  private int clear(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    AddressSpace space = space(frame);
    long address = frame.slot[START];
    int line = Pte.line(frame.slot[ENTRY]);
    pcache.dropped(table(frame).get(address));
    table(frame).set(address, Pte.NONE);
    pcache.removeRmap(line, space.index(), address, context);
    pcache.logLine(context, EventLog.DROPPED, space.tgid(), address, line);
    unlockLine(line);
    frame.step = PUT;
    push(put).slot[PutPath.LINE] = line;
    return CALL;
  }

  private int nextPage(Frame frame) {
    PageTable table = table(frame);
    frame.slot[START] += pcache.geometry.lineBytes();
    if (frame.slot[START] < table.end()) {
      return go(frame, PAGE);
    }
    // the next page belongs to another table, whose lock is not held
    unlock(table);
    return go(frame, NEXT_TABLE);
  }

  private int end(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    if (frame.slot[FLUSH] == NO) {
      return done(0);
    }
    long pages = (frame.slot[END] - frame.slot[FIRST]) >>> pcache.geometry.lineShift();
    return callShootdown(frame, FLUSHED, (int) frame.slot[SPACE], frame.slot[FIRST], pages);
  }

  private int flushed() {
    context.stamp(TimeCategory.SHOOTDOWN);
    return done(0);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  private PageTable table(Frame frame) {
    return space(frame).existingTable(frame.slot[START]);
  }

  @Override
  public String stepName(int step) {
    return step == LOCKED ? "page-table lock" : super.stepName(step);
  }
}
