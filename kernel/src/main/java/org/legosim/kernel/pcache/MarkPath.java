package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Marks every page of a new anonymous mapping for zero-fill, allocating all of its page-table pages:
 * work proportional to the mapping's length.
 *
 * <p>Source: LegoOS {@code managers/processor/mmap/syscall.c}.
 */
final class MarkPath extends PcachePath {
  static final int SPACE = 0;
  static final int START = 1;
  static final int END = 2;

  private static final int BEGIN = 0;
  private static final int MARK = 1;

  MarkPath(Pcache pcache, KernelContext context) {
    super("mark for zero-fill", pcache, context);
  }

  @Override
  int step(Frame frame) {
    return frame.step == BEGIN ? visit(frame) : mark(frame);
  }

  private int visit(Frame frame) {
    long from = frame.slot[START];
    if (from >= frame.slot[END]) {
      context.stamp(TimeCategory.ALLOCATE);
      return done(0);
    }
    long pages = (stop(frame) - from) >>> pcache.geometry.lineShift();
    long costPs = charges.visitTable.charge() + charges.markPage.charge(pages);
    if (space(frame).table(from) == null) {
      costPs += charges.tableAllocate.charge();
    }
    return pay(frame, MARK, costPs);
  }

  private int mark(Frame frame) {
    long from = frame.slot[START];
    long to = stop(frame);
    PageTable table = space(frame).makeTable(from);
    if (table.isUniform() && from == table.start() && to == table.end()) {
      table.setAll(Pte.ZERO_FILL);
    } else {
      long lineBytes = pcache.geometry.lineBytes();
      for (long address = from; address < to; address += lineBytes) {
        // An entry that is in use stays: only empty ones get the mark.
        if (table.get(address) == Pte.NONE) {
          table.set(address, Pte.ZERO_FILL);
        }
      }
    }
    frame.slot[START] = to;
    return go(frame, BEGIN);
  }

  private static long stop(Frame frame) {
    long tableEnd = (frame.slot[START] | (PageTable.BYTES - 1)) + 1;
    return Math.min(tableEnd, frame.slot[END]);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }
}
