package org.legosim.kernel.processor;

import org.legosim.kernel.smp.CallDescriptor;
import org.legosim.kernel.smp.FlushCall;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Flushing translations on every CPU that may hold them: the local flush, a call descriptor for each of the others
 * in CPU order, their interrupts, and the wait until each has unlocked its descriptor. One target is interrupted only
 * if its list was empty; several are all interrupted, once every descriptor is queued. Handlers run in parallel; a
 * target whose hyperthread sibling handles a request too is slower, one with interrupts off is late.
 *
 * <p>Source: LegoOS {@code arch/x86/mm/tlb.c}, {@code kernel/smp.c}.
 */
public final class ShootdownPath extends KernelPath implements FlushCall {
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

  private static final int LOCAL_FLUSH = 0;
  private static final int MASK = 1;
  private static final int LOCK = 2;
  private static final int QUEUE = 3;
  private static final int SEND = 4;
  private static final int SENT = 5;
  private static final int ACKNOWLEDGED = 6;

  private final ExecutionContext context;
  private final int cpu;
  private final ShootdownTargets targets;
  private final Costs costs;
  private final int[] asked;

  private int space;
  private long address;
  private long pages;
  private int askedCount;
  private int position;
  private boolean mustInterrupt;
  private int pending;
  private long acknowledgedPs;
  private boolean isWaiting;
  private long count;
  private final Profile.Counter others;
  /** When the first target was found; meaningless without one. */
  private long othersPs;

  /** The costs of the mechanism, shared by all CPUs of a node. */
  static final class Costs {
    final Cost request;
    final Cost interrupt;
    final Cost delivery;
    final Cost handler;
    final Cost call;
    final Cost crossing;
    final Cost invalidatePage;
    final Cost flushAll;
    final long smtSharePercent;

    Costs(Ledger ledger, ProcessorCosts costs) {
      request = ledger.cost(costs.shootdown().request());
      interrupt = ledger.cost(costs.shootdown().interrupt());
      delivery = ledger.cost(costs.shootdown().delivery());
      handler = ledger.cost(costs.shootdown().handler());
      call = ledger.cost(costs.shootdown().call());
      crossing = ledger.cost(costs.shootdown().crossing());
      invalidatePage = ledger.cost(costs.shootdown().invalidatePage());
      flushAll = ledger.cost(costs.shootdown().flushAll());
      smtSharePercent = costs.smtShare().value();
    }

    /** How long a handler of {@code ps} takes when the CPU's hyperthread sibling may be in one too. */
    long besideSibling(long ps, boolean isSiblingBusy) {
      return isSiblingBusy ? ps * 100 / smtSharePercent : ps;
    }

    /** Time that flushing takes on one CPU. */
    long flushPs(long pageCount) {
      return pageCount == ALL_PAGES ? flushAll.charge() : invalidatePage.charge(pageCount);
    }
  }

  ShootdownPath(ExecutionContext context, int cpu, ShootdownTargets targets, Costs costs) {
    super("tlb shootdown");
    this.context = context;
    this.cpu = cpu;
    this.targets = targets;
    this.costs = costs;
    this.asked = new int[targets.cpuCount()];
    this.others = context
        .simulation()
        .profile()
        .counter(nodeOf(context.name()), ProfilePoint.FLUSH_TLB_OTHERS);
  }

  /** A context's name begins with its node's. */
  private static String nodeOf(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
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
        case MASK:
          askedCount = targets.holders(cpu, space, asked);
          if (askedCount > 0) {
            targets.calls(cpu);
          }
          position = 0;
          othersPs = context.nowPs();
          frame.step = LOCK;
        // fall through
        case LOCK:
          if (position == askedCount) {
            position = 0;
            frame.step = SENT;
            continue;
          }
          if (!descriptor().isFree(context)) {
            return WAIT;
          }
          frame.step = QUEUE;
          if (!context.advance(costs.request.charge())) {
            return WAIT;
          }
        // fall through
        case QUEUE:
          queue();
          frame.step = LOCK;
          continue;
        case SENT:
          if (position == askedCount) {
            frame.step = ACKNOWLEDGED;
            if (!awaitAcknowledgements()) {
              return WAIT;
            }
            continue;
          }
          if (!mustInterrupt) {
            position++;
            continue;
          }
          frame.step = SEND;
          if (!context.advance(costs.interrupt.charge())) {
            return WAIT;
          }
        // fall through
        case SEND:
          send(asked[position++]);
          frame.step = SENT;
          continue;
        default: // ACKNOWLEDGED
          if (askedCount > 0) {
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
    frame.step = MASK;
    if (frame.slot[REMOTE_ONLY] != 0) {
      return true;
    }
    if (pages > CEILING_PAGES) {
      pages = ALL_PAGES;
    }
    targets.flushLocal(cpu, space, address, pages);
    return context.advance(costs.flushPs(pages));
  }

  private CallDescriptor descriptor() {
    return targets.descriptor(cpu, asked[position]);
  }

  private void queue() {
    CallDescriptor descriptor = descriptor();
    descriptor.lock(this);
    pending++;
    boolean wasEmpty = targets.queue(asked[position], descriptor);
    mustInterrupt = wasEmpty || askedCount > 1;
    position++;
  }

  private void send(int target) {
    long crossingPs = targets.isSameSocket(cpu, target) ? 0 : costs.crossing.charge();
    targets.interrupt(context.id(), target, context.nowPs() + costs.delivery.charge() + crossingPs);
  }

  private boolean awaitAcknowledgements() {
    if (pending == 0) {
      return context.advance(Math.max(0, acknowledgedPs - context.nowPs()));
    }
    isWaiting = true;
    context.beginWait("tlb shootdown acknowledgements");
    return false;
  }

  @Override
  public void unlocked(int actor, int target, long timePs) {
    long crossingPs = targets.isSameSocket(cpu, target) ? 0 : costs.crossing.charge();
    acknowledgedPs = Math.max(acknowledgedPs, timePs + crossingPs);
    if (--pending == 0 && isWaiting) {
      isWaiting = false;
      context.wake(actor, acknowledgedPs);
    }
  }

  @Override
  public int space() {
    return space;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long pages() {
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
      case MASK, LOCK, QUEUE -> "request";
      case SENT, SEND -> "interrupt";
      default -> "acknowledged";
    };
  }
}
