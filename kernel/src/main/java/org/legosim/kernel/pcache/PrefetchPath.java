package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;

/**
 * One run of a prefetching thread: takes pages from the queue until it is empty, and fetches each by
 * the ordinary miss, with a line that may cost an eviction. Whatever speaks against a page ends its
 * request and nothing else: it is there already, its newest data is still on its way to the memory
 * node, no line can be had at once, the memory node knows no such page, or its process has ended.
 */
@HotPath
final class PrefetchPath extends PcachePath {
  private static final int SPACE = 0;
  private static final int ADDRESS = 1;

  private static final int NEXT_PAGE = 0;
  private static final int DECIDE = 1;
  private static final int FILLED = 2;

  private final Prefetcher prefetcher;
  private final FillPath fill;
  private int fetchingSpace = -1;
  private long fetchingAddress;

  PrefetchPath(Pcache pcache, KernelContext context, Prefetcher prefetcher, FillPath fill) {
    super("prefetch thread", pcache, context);
    this.prefetcher = prefetcher;
    this.fill = fill;
  }

  /** True when the page is this thread's present one. */
  boolean isFetching(int space, long address) {
    return fetchingSpace == space && fetchingAddress == address;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case NEXT_PAGE -> nextPage(frame);
      case DECIDE -> decide(frame);
      default -> filled(frame);
    };
  }

  private int nextPage(Frame frame) {
    fetchingSpace = -1;
    if (!prefetcher.hasWork()) {
      return done(0);
    }
    fetchingSpace = prefetcher.nextSpace();
    fetchingAddress = prefetcher.nextAddress();
    frame.slot[SPACE] = fetchingSpace;
    frame.slot[ADDRESS] = fetchingAddress;
    prefetcher.removeNext();
    long costPs = charges.walk.charge() + charges.evictionLookup.charge();
    if (!space(frame).isReleased() && space(frame).table(fetchingAddress) == null) {
      costPs += charges.tableAllocate.charge();
    }
    return pay(frame, DECIDE, costPs);
  }

  private int decide(Frame frame) {
    AddressSpace space = space(frame);
    long address = frame.slot[ADDRESS];
    if (space.isReleased()
        || space.makeTable(address).get(address) != Pte.NONE
        || pcache.isInFlight(space.tgid(), address)) {
      return fail(frame);
    }
    frame.step = FILLED;
    Frame call = push(fill);
    call.slot[FillPath.ADDRESS] = address;
    call.slot[FillPath.FLAGS] = 0;
    call.slot[FillPath.SPACE] = frame.slot[SPACE];
    call.slot[FillPath.ORIGINAL] = Pte.NONE;
    call.slot[FillPath.SOURCE] = FillPath.SOURCE_PREFETCH;
    call.slot[FillPath.TOUCHED] = address;
    return CALL;
  }

  private int filled(Frame frame) {
    if (result() != FaultPath.HANDLED || fill.lastKind() == FaultKind.LOST_RACE) {
      return fail(frame);
    }
    prefetcher.filled(fill.lastLine());
    return go(frame, NEXT_PAGE);
  }

  private int fail(Frame frame) {
    counters.prefetchesFailed++;
    return go(frame, NEXT_PAGE);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  @Override
  public String stepName(int step) {
    return step == FILLED ? "fetching" : super.stepName(step);
  }
}
