package org.legosim.kernel.system;

import org.legosim.kernel.pcache.AddressSpace;
import org.legosim.kernel.pcache.PcachePaths;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * The page-table part of mremap. The real kernel tries for ever when a page gets no line in its new
 * set; here the run ends and says why.
 */
final class MovePages extends KernelPath {
  private static final int MOVE = 0;
  private static final int FROM = 0;
  private static final int TO = 1;
  private static final int BYTES = 2;

  private final KernelContext context;
  private final PcachePaths paths;

  @SuppressWarnings("NullAway.Init") // set by every call
  private AddressSpace space;

  MovePages(KernelContext context, PcachePaths paths) {
    super("mremap");
    this.context = context;
    this.paths = paths;
  }

  void call(AddressSpace movedSpace, long from, long to, long bytes) {
    space = movedSpace;
    Frame frame = context.stack().call(this);
    frame.slot[FROM] = from;
    frame.slot[TO] = to;
    frame.slot[BYTES] = bytes;
  }

  @Override
  public int resume(Frame frame) {
    if (frame.step == MOVE) {
      frame.step = MOVE + 1;
      long from = frame.slot[FROM];
      paths.moving(space, from, from + frame.slot[BYTES], frame.slot[TO] - from);
      paths.callMove(space, frame.slot[FROM], frame.slot[TO], frame.slot[BYTES]);
      return CALL;
    }
    if (context.stack().result == 0) {
      throw new InvariantViolation(context
          .simulation()
          .dump("mremap from 0x" + Long.toHexString(frame.slot[FROM]) + " to 0x"
              + Long.toHexString(frame.slot[TO])
              + " got no line within the kernel's limit, and would try for ever: "
              + paths.describeOutOfMemory()));
    }
    paths.moved(space);
    return DONE;
  }

  @Override
  public String stepName(int step) {
    return step == MOVE ? "begin" : "moving";
  }
}
