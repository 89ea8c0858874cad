package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Locks the line of a page for somebody who holds the page-table lock, although the order is line
 * before page table. When the line's lock is not free: let go of the page table, wait for the line
 * with a reference, take the page table again and look whether the entry is still the same.
 *
 * <p>Result: {@link #YES} with line and page table locked, or {@link #NO} with the page table alone,
 * whose entry has changed.
 */
@HotPath
final class LockLinePath extends PcachePath {
  static final int SPACE = 0;
  static final int ADDRESS = 1;

  /** Argument: the entry, present. */
  static final int ENTRY = 2;

  /** Argument: an address whose page-table lock is held too, or the same address again. */
  static final int OTHER = 3;

  private static final int BEGIN = 0;
  private static final int LINE_LOCKED = 1;
  private static final int FIRST_LOCKED = 2;
  private static final int BOTH_LOCKED = 3;
  private static final int PUT = 4;

  private final PutPath put;

  LockLinePath(Pcache pcache, KernelContext context, PutPath put) {
    super("lock line", pcache, context);
    this.put = put;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case LINE_LOCKED -> lineLocked(frame);
      case FIRST_LOCKED -> firstLocked(frame);
      case BOTH_LOCKED -> compare(frame);
      default -> done(NO);
    };
  }

  private int begin(Frame frame) {
    int line = Pte.line(frame.slot[ENTRY]);
    if (pcache.lines.tryLock(line, context)) {
      return done(YES);
    }
    pcache.lines.setReferences(line, pcache.lines.references(line) + 1);
    PageTable table = table(frame, ADDRESS);
    PageTable other = table(frame, OTHER);
    if (other != table) {
      unlock(other);
    }
    unlock(table);
    context.stamp(TimeCategory.ALLOCATE);
    frame.step = LINE_LOCKED;
    return pcache.lines.lock(line, context) ? NEXT : WAIT;
  }

  private int lineLocked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return lock(frame, FIRST_LOCKED, first(frame), TimeCategory.LOCK_WAIT);
  }

  private int firstLocked(Frame frame) {
    PageTable second = second(frame);
    if (second == first(frame)) {
      return go(frame, BOTH_LOCKED);
    }
    return lock(frame, BOTH_LOCKED, second, TimeCategory.LOCK_WAIT);
  }

  private int compare(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int line = Pte.line(frame.slot[ENTRY]);
    long entry = table(frame, ADDRESS).get(frame.slot[ADDRESS]);
    if (entry == frame.slot[ENTRY]) {
      pcache.lines.setReferences(line, pcache.lines.references(line) - 1);
      return done(YES);
    }
    unlockLine(line);
    frame.step = PUT;
    push(put).slot[PutPath.LINE] = line;
    return CALL;
  }

  /** Of two page-table pages the one of the lower addresses is locked first. */
  private PageTable first(Frame frame) {
    return table(frame, frame.slot[ADDRESS] <= frame.slot[OTHER] ? ADDRESS : OTHER);
  }

  private PageTable second(Frame frame) {
    return table(frame, frame.slot[ADDRESS] <= frame.slot[OTHER] ? OTHER : ADDRESS);
  }

  private PageTable table(Frame frame, int slot) {
    return pcache.space((int) frame.slot[SPACE]).existingTable(frame.slot[slot]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case LINE_LOCKED -> "line lock";
      case FIRST_LOCKED, BOTH_LOCKED -> "page-table lock";
      default -> super.stepName(step);
    };
  }
}
