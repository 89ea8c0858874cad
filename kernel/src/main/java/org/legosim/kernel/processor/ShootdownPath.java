package org.legosim.kernel.processor;

import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Flushing translations on every CPU that may hold them: the local flush, one request per target in
 * CPU order, and the wait until each has acknowledged. Requests are prepared one after the other,
 * handlers run in parallel; a target whose hyperthread sibling handles a request too is slower.
 *
 * <p>Source: LegoOS {@code arch/x86/mm/tlb.c}, {@code kernel/smp.c}. Left out at this level: targets
 * with interrupts off.
 */
public final class ShootdownPath extends KernelPath {
  /** Argument: index of the address space. */
  public static final int SPACE = 0;

  /** Argument: first address. */
  public static final int ADDRESS = 1;

  /** Argument: pages, or {@link #ALL_PAGES}. */
  public static final int PAGES = 2;

  /** Argument: 1 when the caller must not flush its own translations. */
  public static final int REMOTE_ONLY = 3;

  /** Flush everything of the space. */
  public static final long ALL_PAGES = 0;

  /** Above this many pages the kernel flushes everything. Source: LegoOS arch/x86/mm/tlb.c. */
  public static final int CEILING_PAGES = 33;

  private static final int TARGET = 4;

  private static final int LOCAL_FLUSH = 0;
  private static final int NEXT_TARGET = 1;
  private static final int REQUEST = 2;
  private static final int ACKNOWLEDGED = 3;

  private final ExecutionContext context;
  private final int cpu;
  private final int initiator;
  private final ShootdownTargets targets;
  private final Costs costs;

  private int space;
  private long address;
  private long pages;
  private int pending;
  private long acknowledgedPs;
  private boolean isWaiting;
  private long count;
  private final Profile.Counter others;
  /** When the first target was found; meaningless without one. */
  private long othersPs;

  private boolean hasOthers;

  /** The costs of the mechanism, shared by all CPUs of a node. */
  static final class Costs {
    final Cost request;
    final Cost delivery;
    final Cost handler;
    final Cost crossing;
    final Cost invalidatePage;
    final Cost flushAll;
    final long smtSharePercent;

    Costs(Ledger ledger, ProcessorCosts costs) {
      request = ledger.cost(costs.shootdownRequest());
      delivery = ledger.cost(costs.shootdownDelivery());
      handler = ledger.cost(costs.shootdownHandler());
      crossing = ledger.cost(costs.shootdownCrossing());
      invalidatePage = ledger.cost(costs.invalidatePage());
      flushAll = ledger.cost(costs.flushAll());
      smtSharePercent = costs.smtShare().value();
    }

    /** Time that flushing takes on one CPU. */
    long flushPs(long pageCount) {
      return pageCount == ALL_PAGES ? flushAll.charge() : invalidatePage.charge(pageCount);
    }
  }

  ShootdownPath(
      ExecutionContext context, int cpu, int initiator, ShootdownTargets targets, Costs costs) {
    super("tlb shootdown");
    this.context = context;
    this.cpu = cpu;
    this.initiator = initiator;
    this.targets = targets;
    this.costs = costs;
    this.others = context.simulation().profile().counter("P0", ProfilePoint.FLUSH_TLB_OTHERS);
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    while (true) {
      switch (frame.step) {
        case LOCAL_FLUSH:
          if (!begin(frame)) {
            return WAIT;
          }
        // fall through
        case NEXT_TARGET:
          int target = targets.next((int) frame.slot[TARGET], cpu, space);
          if (target < 0) {
            frame.step = ACKNOWLEDGED;
            if (!awaitAcknowledgements()) {
              return WAIT;
            }
            continue;
          }
          if (!hasOthers) {
            hasOthers = true;
            othersPs = context.nowPs();
          }
          frame.slot[TARGET] = target;
          frame.step = REQUEST;
          if (!context.advance(costs.request.charge())) {
            return WAIT;
          }
        // fall through
        case REQUEST:
          frame.step = NEXT_TARGET;
          send((int) frame.slot[TARGET]);
          continue;
        default: // ACKNOWLEDGED
          if (hasOthers) {
            others.leave(context, othersPs);
          }
          return DONE;
      }
    }
  }

  private boolean begin(Frame frame) {
    count++;
    space = (int) frame.slot[SPACE];
    address = frame.slot[ADDRESS];
    pages = frame.slot[PAGES];
    pending = 0;
    acknowledgedPs = 0;
    isWaiting = false;
    hasOthers = false;
    frame.slot[TARGET] = -1;
    frame.step = NEXT_TARGET;
    if (frame.slot[REMOTE_ONLY] != 0) {
      return true;
    }
    if (pages > CEILING_PAGES) {
      pages = ALL_PAGES;
    }
    targets.flushLocal(cpu, space, address, pages);
    return context.advance(costs.flushPs(pages));
  }

  private void send(int target) {
    long crossingPs = targets.isSameSocket(cpu, target) ? 0 : costs.crossing.charge();
    pending++;
    targets.interrupt(
        context.id(), target, context.nowPs() + costs.delivery.charge() + crossingPs, this);
  }

  private boolean awaitAcknowledgements() {
    if (pending == 0) {
      return context.advance(Math.max(0, acknowledgedPs - context.nowPs()));
    }
    isWaiting = true;
    context.beginWait("tlb shootdown acknowledgements");
    return false;
  }

  /** Time that the handler takes on {@code target}. */
  long handlerPs(boolean siblingIsBusy) {
    long ps = costs.handler.charge() + costs.flushPs(pages);
    return siblingIsBusy ? ps * 100 / costs.smtSharePercent : ps;
  }

  /** Called by a target: its handler ends at {@code endPs}. */
  void acknowledge(int targetActor, int target, long endPs) {
    long crossingPs = targets.isSameSocket(cpu, target) ? 0 : costs.crossing.charge();
    acknowledgedPs = Math.max(acknowledgedPs, endPs + crossingPs);
    if (--pending == 0 && isWaiting) {
      isWaiting = false;
      context.wake(targetActor, acknowledgedPs);
    }
  }

  int initiator() {
    return initiator;
  }

  int space() {
    return space;
  }

  long address() {
    return address;
  }

  long pages() {
    return pages;
  }

  /** Shootdowns begun on this context. */
  long count() {
    return count;
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.address("address", frame.slot[ADDRESS]).number("pages", frame.slot[PAGES]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case LOCAL_FLUSH -> "local flush";
      case NEXT_TARGET -> "next target";
      case REQUEST -> "request";
      default -> "acknowledged";
    };
  }
}
