package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Waits until no page of a range is on its way to its memory node. The corrected kernel does this
 * before it asks the memory node to move, copy or replace the range; the real one does not, and a
 * late flush then finds another area there, or none.
 */
final class SettlePath extends PcachePath {
  static final int TGID = 0;
  static final int START = 1;
  static final int END = 2;

  SettlePath(Pcache pcache, KernelContext context) {
    super("wait for pages in flight", pcache, context);
  }

  @Override
  int step(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int tgid = (int) frame.slot[TGID];
    long start = frame.slot[START];
    long end = frame.slot[END];
    if (pcache.victims.isInFlight(tgid, start, end)) {
      pcache.victims.awaitRoom(context, charges.victimPoll.ps());
      return WAIT;
    }
    long page = pcache.evictions.firstPageIn(tgid, start, end);
    if (page >= 0) {
      pcache.evictions.await(context, tgid, page);
      return WAIT;
    }
    if (pcache.writeBacks.isAny(tgid, start, end)) {
      pcache.writeBacks.await(context, charges.evictionPoll.ps());
      return WAIT;
    }
    return done(0);
  }
}
