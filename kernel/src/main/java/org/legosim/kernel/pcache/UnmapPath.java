package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Clears the page-table entry of every mapping of a locked line and flushes its translations, one
 * page at a time, under the page-table lock. The reverse mappings stay.
 *
 * <p>Result: {@link #YES} when an entry was dirty.
 */
@HotPath
final class UnmapPath extends PcachePath {
  /** Argument: the line. */
  static final int LINE = 0;

  private static final int RMAP = 1;
  private static final int DIRTY = 2;

  private static final int BEGIN = 0;
  private static final int LOCK = 1;
  private static final int LOCKED = 2;
  private static final int CLEAR = 3;
  private static final int FLUSHED = 4;

  UnmapPath(Pcache pcache, KernelContext context) {
    super("unmap line", pcache, context);
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case LOCK -> lock(frame);
      case LOCKED -> locked(frame);
      case CLEAR -> clear(frame);
      default -> flushed(frame);
    };
  }

  private int begin(Frame frame) {
    frame.slot[RMAP] = pcache.rmaps.first((int) frame.slot[LINE]);
    frame.slot[DIRTY] = NO;
    return go(frame, LOCK);
  }

  private int lock(Frame frame) {
    int rmap = (int) frame.slot[RMAP];
    if (rmap == Rmaps.NONE) {
      return done(frame.slot[DIRTY]);
    }
    context.stamp(TimeCategory.EVICT);
    frame.step = LOCKED;
    return pcache.lockForUnmap(pcache.tableOf(rmap), context) ? NEXT : WAIT;
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, CLEAR, charges.pteLock.charge() + charges.pteUpdate.charge());
  }

  private int clear(Frame frame) {
    int rmap = (int) frame.slot[RMAP];
    long address = pcache.rmaps.address(rmap);
    PageTable table = pcache.tableOf(rmap);
    long entry = table.get(address);
    int line = (int) frame.slot[LINE];
    if (!Pte.isPresent(entry) || Pte.line(entry) != line) {
      return passStale(frame, pcache.reports.mismatch(line, rmap, entry, context));
    }
    if (Pte.isDirty(entry)) {
      frame.slot[DIRTY] = YES;
    }
    pcache.dropped(entry);
    table.set(address, Pte.NONE);
    context.stamp(TimeCategory.EVICT);
    return callShootdown(frame, FLUSHED, pcache.rmaps.space(rmap), address, 1);
  }

  /** The kernel prints a report once, leaves the mapping out and goes on; the check does not. */
  private int passStale(Frame frame, String report) {
    if (pcache.watch != null) {
      throw new InvariantViolation(report);
    }
    pcache.reports.stale(report);
    int rmap = (int) frame.slot[RMAP];
    unlock(pcache.tableOf(rmap));
    frame.slot[RMAP] = pcache.rmaps.next(rmap);
    return go(frame, LOCK);
  }

  private int flushed(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    int rmap = (int) frame.slot[RMAP];
    unlock(pcache.tableOf(rmap));
    frame.slot[RMAP] = pcache.rmaps.next(rmap);
    return go(frame, LOCK);
  }

  @Override
  public String stepName(int step) {
    return step == LOCKED ? "page-table lock" : super.stepName(step);
  }
}
