package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * The pcache's kernel paths of one context. Each {@code call} pushes a path on the context's stack;
 * the caller returns {@link KernelPath#CALL} and finds the result in the stack when it is resumed.
 */
public final class PcachePaths {
  private final KernelContext context;
  private final FaultPath fault;

  public PcachePaths(Pcache pcache, KernelContext context) {
    this.context = context;
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
    PresentFaultPath present = new PresentFaultPath(pcache, context, alloc, put);
    FillPath fill = new FillPath(pcache, context, alloc, flush, put);
    fault = new FaultPath(pcache, context, fill, present);
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
}
