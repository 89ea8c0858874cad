package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;

/**
 * A kernel path of the pcache on one context. Each step is a method that does its work, says where to
 * go on ({@link Frame#step}) and how: at once, after some time, after a wait or after another path.
 */
@HotPath
abstract class PcachePath extends KernelPath {
  /** Outcome of a step: continue with {@link Frame#step} at once. */
  static final int NEXT = -1;

  /** Arguments and results of paths that say yes or no. */
  static final long NO = 0;

  static final long YES = 1;

  final Pcache pcache;
  final KernelContext context;
  final Charges charges;
  final PcacheCounters counters;
  final PcacheProfile profile;

  PcachePath(String name, Pcache pcache, KernelContext context) {
    super(name);
    this.pcache = pcache;
    this.context = context;
    this.charges = pcache.charges;
    this.counters = pcache.counters;
    this.profile = pcache.profile;
  }

  @Override
  public final int resume(Frame frame) {
    int outcome;
    do {
      outcome = step(frame);
    } while (outcome == NEXT);
    if (pcache.watch != null) {
      pcache.watch.settled(context);
    }
    return outcome;
  }

  /** Performs the frame's step. */
  abstract int step(Frame frame);

  /** Lets time pass, then continues with {@code step}. */
  final int pay(Frame frame, int step, long ps) {
    frame.step = step;
    return context.advance(ps) ? NEXT : WAIT;
  }

  /** Continues with {@code step} at once. */
  static int go(Frame frame, int step) {
    frame.step = step;
    return NEXT;
  }

  final Frame push(KernelPath path) {
    return context.stack().call(path);
  }

  final int done(long result) {
    context.stack().result = result;
    return DONE;
  }

  final long result() {
    return context.stack().result;
  }

  /** Takes a page-table lock; {@code step} begins with the lock held. */
  final int lock(Frame frame, int step, PageTable table, TimeCategory before) {
    context.stamp(before);
    frame.step = step;
    return table.lock().acquire(context) ? NEXT : WAIT;
  }

  final void unlock(PageTable table) {
    table.lock().release(context, charges.handOver.ps());
  }

  /** Unlocks a line, and lets allocations that wait for its set look again. */
  final void unlockLine(int line) {
    pcache.lines.unlock(line, context, charges.handOver.ps());
    pcache.changed(line, context);
  }

  final int callShootdown(Frame frame, int step, int space, long address, long pages) {
    frame.step = step;
    Frame flush = push(context.shootdown());
    flush.slot[0] = space;
    flush.slot[1] = address;
    flush.slot[2] = pages;
    flush.slot[3] = 0;
    return CALL;
  }
}
