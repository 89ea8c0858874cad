package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Gives a child the parent's pages, area by area of the list that the memory node's reply to the fork
 * carries. Only a private area that the memory node knows as writable is copied on write. It is never
 * told of mprotect, so what was reserved without access and made writable later is shared writable
 * between parent and child, as in the real kernel.
 *
 * <p>Source: LegoOS {@code managers/processor/fork.c}.
 */
final class ForkAreasPath extends PcachePath {
  static final int PARENT = 0;
  static final int CHILD = 1;

  /** Argument: 0; where the next area is in the list. */
  static final int NEXT_AREA = 2;

  private final ForkPath fork;
  private final DetachPath detach;
  private long[] areas = {};

  ForkAreasPath(Pcache pcache, KernelContext context, ForkPath fork, DetachPath detach) {
    super("fork", pcache, context);
    this.fork = fork;
    this.detach = detach;
  }

  /** The areas as {@link Request#areas} lists them; given before the path is called. */
  void areas(long[] list) {
    areas = list;
  }

  @Override
  int step(Frame frame) {
    int at = (int) frame.slot[NEXT_AREA];
    if (at == areas.length) {
      context.stamp(TimeCategory.ALLOCATE);
      return done(0);
    }
    frame.slot[NEXT_AREA] = at + (long) Request.AREA_LONGS;
    long flags = areas[at + 2];
    boolean isShared = (flags & Request.AREA_SHARED) != 0;
    boolean copiesOnWrite = !isShared && (flags & Request.AREA_WRITABLE) != 0;
    pushFork(frame, areas[at], areas[at + 1], isShared, copiesOnWrite);
    // A line that is partly in the area can be neither shared nor copied on write with it: first it
    // is given up, and both processes fetch it again.
    detach.callEdges(pcache.space((int) frame.slot[PARENT]), areas[at], areas[at + 1]);
    return CALL;
  }

  private void pushFork(
      Frame frame, long start, long end, boolean isShared, boolean copiesOnWrite) {
    Frame call = push(fork);
    call.slot[ForkPath.PARENT] = frame.slot[PARENT];
    call.slot[ForkPath.CHILD] = frame.slot[CHILD];
    call.slot[ForkPath.START] = pcache.geometry.lineUp(start);
    call.slot[ForkPath.END] = pcache.geometry.pageOf(end);
    call.slot[ForkPath.FLAGS] =
        (copiesOnWrite ? ForkPath.COPY_ON_WRITE : 0) | (isShared ? ForkPath.SHARED : 0);
  }
}
