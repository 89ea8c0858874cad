package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.processor.MemoryPaths;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * The pcache's kernel paths of one context. Each {@code call} pushes a path on the context's stack;
 * the caller returns {@link KernelPath#CALL} and finds the result in the stack when it is resumed.
 */
public final class PcachePaths {
  private static final long PAGE_BYTES = 4096;

  private final KernelContext context;
  private final Pcache pcache;
  private final FaultPath fault;
  private final FillPath fill;
  private final MarkPath mark;
  private final ZapPath zap;
  private final MovePath move;
  private final ForkAreasPath fork;
  private final SettlePath settle;
  private final DetachPath detach;

  public PcachePaths(Pcache pcache, KernelContext context) {
    this.context = context;
    this.pcache = pcache;
    FlushPath flush = new FlushPath(pcache, context);
    UnmapPath unmap = new UnmapPath(pcache, context);
    PutPath put = new PutPath(pcache, context);
    KernelPath mechanism = switch (pcache.params.eviction()) {
      case WRITE_PROTECT -> new WriteProtectEviction(pcache, context, unmap, flush);
      case PER_SET_LIST -> new PerSetEviction(pcache, context, unmap, flush);
      case VICTIM_CACHE -> new VictimEviction(pcache, context, unmap);
    };
    EvictPath evict = new EvictPath(pcache, context, mechanism);
    AllocPath alloc = new AllocPath(pcache, context, evict);
    LockLinePath lockLine = new LockLinePath(pcache, context, put);
    PresentFaultPath present = new PresentFaultPath(pcache, context, alloc, lockLine, put);
    fill = new FillPath(pcache, context, alloc, flush, put);
    fault = new FaultPath(pcache, context, fill, present);
    mark = new MarkPath(pcache, context);
    zap = new ZapPath(pcache, context, lockLine, put);
    MovePagePath movePage = new MovePagePath(pcache, context, alloc, lockLine, put);
    move = new MovePath(pcache, context, movePage, zap);
    settle = new SettlePath(pcache, context);
    detach = new DetachPath(pcache, context, settle, lockLine, flush, put);
    fork = new ForkAreasPath(pcache, context, new ForkPath(pcache, context, lockLine), detach);
  }

  /** The path of a prefetching thread. */
  static PrefetchPath prefetchPath(Pcache pcache, KernelContext context, Prefetcher prefetcher) {
    return new PrefetchPath(pcache, context, prefetcher, new PcachePaths(pcache, context).fill);
  }

  /**
   * A page fault, after the trap.
   *
   * @param flags of {@link FaultPath}: {@code WRITE}, {@code USER}, {@code INSTRUCTION}
   */
  public void callFault(AddressSpace space, long address, long flags) {
    Frame frame = context.stack().call(fault);
    frame.slot[FaultPath.ADDRESS] = address;
    frame.slot[FaultPath.FLAGS] = flags;
    frame.slot[FaultPath.SPACE] = space.index();
  }

  /** The fault path, for how its last run ended. */
  public FaultPath fault() {
    return fault;
  }

  /**
   * After a successful mmap of anonymous memory: marks the range for zero-fill. What a fixed mapping
   * replaces goes first, unless it stays as in the real kernel. A line that is only partly in the
   * mapping gets no mark, as the rest of it may have content.
   */
  public void callMapped(AddressSpace space, long from, long to) {
    long start = pcache.geometry.lineUp(from);
    long end = pcache.geometry.pageOf(to);
    pcache.forgetVictims(space.tgid(), start, end);
    if (pcache.params.zeroFill()) {
      Frame frame = context.stack().call(mark);
      frame.slot[MarkPath.SPACE] = space.index();
      frame.slot[MarkPath.START] = start;
      frame.slot[MarkPath.END] = end;
    }
    if (!pcache.defects.keepsMapTarget() && space.hasPresent(start, end)) {
      callZap(space, start, end, PcachePath.YES);
    }
  }

  /**
   * Drops the lines that are wholly in a range: munmap, shrink, brk down. One flush of the range at the
   * end. {@link #callDetach} has dropped the others before.
   */
  public void callUnmap(AddressSpace space, long from, long to) {
    long start = pcache.geometry.lineUp(from);
    long end = pcache.geometry.pageOf(to);
    if (start < end) {
      pcache.forgetVictims(space.tgid(), start, end);
      callZap(space, start, end, PcachePath.YES);
    }
  }

  /**
   * Before the memory node changes what is mapped in a range: writes back and drops the lines that are
   * only partly in it. It uses the context's request.
   *
   * @return false when there can be none
   */
  public boolean callDetach(AddressSpace space, long start, long end) {
    if ((start & (PAGE_BYTES - 1)) != 0) {
      return false; // the memory node refuses the call
    }
    return detach.callEdges(space, start, end);
  }

  /**
   * Before the memory node moves pages: writes back and drops the lines that cannot move with them.
   * These are lines that are partly in one of the ranges, and all of the old range when the distance
   * is no multiple of a line. It uses the context's request.
   *
   * @return false when there can be none
   */
  public boolean callDetachMove(AddressSpace space, long from, long bytes, long to, long newBytes) {
    int depth = context.stack().depth();
    callDetach(space, to, to + newBytes);
    if (movesLines(from, to)) {
      callDetach(space, from, from + bytes);
      if (newBytes < bytes) {
        callDetach(space, from + newBytes, from + bytes);
      }
    } else {
      detach.call(space, from, from + bytes);
    }
    return context.stack().depth() > depth;
  }

  /** True when pages keep their place in their lines over a move. */
  public boolean movesLines(long from, long to) {
    return pcache.geometry.pageOf(to - from) == to - from;
  }

  /** Drops every page of an address space that no CPU runs any more; its page tables stay. */
  public void callRelease(AddressSpace space) {
    space.release();
    pcache.forgetVictims(space.tgid(), 0, AddressSpace.END);
    callZap(space, 0, AddressSpace.END, PcachePath.NO);
  }

  /**
   * Moves the lines that are wholly in a range. Result: 1, or 0 when one could not get a line in its
   * new set.
   */
  public void callMove(AddressSpace space, long first, long target, long length) {
    long from = pcache.geometry.lineUp(first);
    long to = target + (from - first);
    long bytes = Math.max(0, pcache.geometry.pageOf(first + length) - from);
    pcache.forgetVictims(space.tgid(), from, from + bytes);
    pcache.forgetVictims(space.tgid(), to, to + bytes);
    Frame frame = context.stack().call(move);
    frame.slot[MovePath.SPACE] = space.index();
    frame.slot[MovePath.FROM] = from;
    frame.slot[MovePath.TO] = to;
    frame.slot[MovePath.LENGTH] = bytes;
  }

  /**
   * Gives {@code child} the parent's pages.
   *
   * @param areas of the parent, as {@link org.legosim.kernel.rpc.Request#areas} lists them
   */
  public void callFork(AddressSpace parent, AddressSpace child, long[] areas) {
    fork.areas(areas);
    Frame frame = context.stack().call(fork);
    frame.slot[ForkAreasPath.PARENT] = parent.index();
    frame.slot[ForkAreasPath.CHILD] = child.index();
    frame.slot[ForkAreasPath.NEXT_AREA] = 0;
  }

  /**
   * A fork into the parent's own address space, as vfork asks for. LEGOOS-BUG: F-31. The real kernel
   * copies the page table onto itself; without the defect the child gets an address space of its own.
   */
  public void callForkInto(AddressSpace parent, AddressSpace child, long[] areas) {
    callFork(parent, pcache.defects.forksOntoItself() ? parent : child, areas);
  }

  /** Why the last allocation that failed got no line. */
  public String describeOutOfMemory() {
    return pcache.describeOutOfMemory();
  }

  /**
   * Waits until no page of the range is on its way to its memory node: to be called before the memory
   * node is asked to move, copy or replace the range. Ends at once when nothing is in flight.
   */
  public void callSettle(AddressSpace space, long start, long end, MemoryPaths.Change change) {
    Frame frame = context.stack().call(settle);
    frame.slot[SettlePath.TGID] = space.tgid();
    frame.slot[SettlePath.START] = start;
    frame.slot[SettlePath.END] = pcache.defects.overtakesFlushes(change) ? start : end;
  }

  /** Keeps the pages of a range from leaving until {@link #unpin}: the memory node will be asked for them. */
  public void pin(AddressSpace space, long start, long end, MemoryPaths.Change change) {
    if (!pcache.defects.overtakesFlushes(change)) {
      pcache.pins.pin(space, start, end);
    }
  }

  public void unpin(AddressSpace space) {
    pcache.pins.unpin(space, context);
  }

  /** The memory node has moved a range, which this node's page table follows until {@link #moved}. */
  public void moving(AddressSpace space, long start, long end, long bytes) {
    if (!pcache.defects.overtakesFlushes(MemoryPaths.Change.MOVE)) {
      space.moving(start, end, bytes);
    }
  }

  public void moved(AddressSpace space) {
    space.moved();
  }

  private void callZap(AddressSpace space, long start, long end, long flush) {
    Frame frame = context.stack().call(zap);
    frame.slot[ZapPath.SPACE] = space.index();
    frame.slot[ZapPath.START] = start;
    frame.slot[ZapPath.END] = end;
    frame.slot[ZapPath.FLUSH] = flush;
  }
}
