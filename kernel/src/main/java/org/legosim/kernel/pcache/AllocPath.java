package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Gets a line for a page: this CPU's parked line, else a free line of the page's set, else evicts one
 * and tries again; gives up after 30 s. The freed line goes back to the set, and the evictor races
 * for it with everyone else.
 *
 * <p>Result: the line, with one reference, at the head of its list; or {@link Lines#NONE}.
 */
@HotPath
final class AllocPath extends PcachePath {
  /** Argument: address of the page. */
  static final int ADDRESS = 0;

  /** Argument: {@link #YES} when a dirty line may be parked for this fill. */
  static final int PIGGYBACK = 1;

  /** Argument: {@link #YES} to give up instead of waiting, and to evict one line at most. */
  static final int IMPATIENT = 8;

  private static final int EVICTIONS = 9;
  private static final int SET = 2;
  private static final int LINE = 3;
  private static final int START_PS = 4;
  private static final int ROUND_PS = 5;
  private static final int ROUND = 6;
  private static final int CHANGES = 7;
  private static final int EVICT_PS = 10;

  private static final int BEGIN = 0;
  private static final int TAKE = 1;
  private static final int POP = 2;
  private static final int INSERT = 3;
  private static final int INSERTED = 4;
  private static final int EVICT = 5;
  private static final int EVICTED = 6;
  private static final int LOOK_AGAIN = 7;

  private final EvictPath evict;

  AllocPath(Pcache pcache, KernelContext context, EvictPath evict) {
    super("pcache alloc", pcache, context);
    this.evict = evict;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case TAKE -> take(frame);
      case POP -> pop(frame);
      case INSERT -> insert(frame);
      case INSERTED -> inserted(frame);
      case EVICT -> evict(frame);
      case EVICTED -> evicted(frame);
      default -> lookAgain(frame);
    };
  }

  private int begin(Frame frame) {
    int set = pcache.geometry.setOf(frame.slot[ADDRESS]);
    frame.slot[SET] = set;
    frame.slot[START_PS] = context.nowPs();
    frame.slot[EVICTIONS] = 0;
    pcache.sets.count(set, Sets.STAT_ALLOC);
    return go(frame, TAKE);
  }

  private int take(Frame frame) {
    frame.slot[ROUND_PS] = context.nowPs();
    frame.slot[CHANGES] = pcache.changes((int) frame.slot[SET]);
    int cpu = context.cpuIndex();
    if (pcache.slots.line(cpu) != Lines.NONE) {
      int line = pcache.slots.take(cpu);
      pcache.lines.setBits(line, Lines.PIGGYBACK);
      frame.slot[LINE] = line;
      return pay(frame, INSERT, charges.allocate.charge());
    }
    long waitPs =
        pcache.sets.takeFreeLock((int) frame.slot[SET], context.nowPs(), charges.listUpdate.ps());
    if (waitPs > 0) {
      context.stamp(TimeCategory.ALLOCATE);
    }
    return pay(frame, POP, waitPs);
  }

  private int pop(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int set = (int) frame.slot[SET];
    int line = pcache.free.take(set);
    long costPs = charges.listUpdate.charge();
    int tests = pcache.free.lastTests();
    if (tests != 0) {
      long testsPs = charges.bitmapTest.charge(tests);
      pcache.sets.takeFreeLock(set, context.nowPs(), testsPs);
      costPs += testsPs;
    }
    if (line == Lines.NONE) {
      return pay(frame, EVICT, costPs);
    }
    pcache.lines.setBits(line, 0);
    counters.usedLines++;
    frame.slot[LINE] = line;
    return pay(frame, INSERT, costPs + charges.allocate.charge());
  }

  private int insert(Frame frame) {
    int set = pcache.geometry.setOfLine((int) frame.slot[LINE]);
    long holdPs = charges.listUpdate.charge();
    long waitPs = pcache.sets.takeListLock(set, context.nowPs(), holdPs);
    context.stamp(TimeCategory.ALLOCATE);
    if (waitPs > 0 && !context.advance(waitPs)) {
      frame.step = INSERTED;
      return WAIT;
    }
    return go(frame, INSERTED);
  }

  private int inserted(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    profile.allocFastPath.leave(context, frame.slot[ROUND_PS]);
    int line = (int) frame.slot[LINE];
    pcache.lines.setReferences(line, 1);
    pcache.lines.setMappings(line, 0);
    pcache.sectors.set(line, 0, 0);
    pcache.replacement.addFirst(line);
    return end(frame, line);
  }

  private int evict(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    profile.allocFastPath.leave(context, frame.slot[ROUND_PS]);
    if (frame.slot[IMPATIENT] == YES && frame.slot[EVICTIONS]++ > 0) {
      return end(frame, Lines.NONE); // another allocation got what was evicted
    }
    frame.step = EVICTED;
    frame.slot[EVICT_PS] = context.nowPs();
    Frame call = push(evict);
    call.slot[EvictPath.SET] = frame.slot[SET];
    call.slot[EvictPath.PIGGYBACK] = frame.slot[PIGGYBACK];
    return CALL;
  }

  private int evicted(Frame frame) {
    long outcome = result();
    profile.evict.leave(context, frame.slot[EVICT_PS]);
    if (outcome != EvictPath.EVICTED && frame.slot[IMPATIENT] == YES) {
      return end(frame, Lines.NONE);
    }
    if (outcome == EvictPath.FAILED) {
      return gaveUp(frame);
    }
    if (outcome == EvictPath.EVICTED) {
      boolean takesParked = pcache.slots.line(context.cpuIndex()) != Lines.NONE
          && !pcache.defects.parkedLineLeftBehind();
      return hasTimedOut(frame) && !takesParked ? gaveUp(frame) : go(frame, TAKE);
    }
    return tryAgain(frame);
  }

  /**
   * Nothing could be evicted. The kernel loops; as nothing changes until somebody else touches the
   * set, the rounds up to then are arithmetic.
   */
  private int tryAgain(Frame frame) {
    if (hasTimedOut(frame)) {
      return gaveUp(frame);
    }
    if (pcache.changes((int) frame.slot[SET]) != frame.slot[CHANGES]) {
      // It came while this round looked elsewhere, so nobody would wake us.
      return go(frame, TAKE);
    }
    long roundPs = Math.max(1, context.nowPs() - frame.slot[ROUND_PS]);
    frame.slot[ROUND] = roundPs;
    frame.slot[ROUND_PS] = context.nowPs();
    long untilPs = frame.slot[START_PS] + pcache.params.allocTimeoutPs();
    pcache.awaitChange((int) frame.slot[SET], context, roundPs, untilPs);
    frame.step = LOOK_AGAIN;
    return WAIT;
  }

  private int lookAgain(Frame frame) {
    pcache.endAwait(context);
    context.stamp(TimeCategory.LOCK_WAIT);
    long rounds = (context.nowPs() - frame.slot[ROUND_PS]) / frame.slot[ROUND];
    counters.evictionTriggered += rounds;
    counters.evictionEagainFreeable += rounds;
    return hasTimedOut(frame) ? gaveUp(frame) : go(frame, TAKE);
  }

  private int end(Frame frame, int line) {
    profile.alloc.leave(context, frame.slot[START_PS]);
    return done(line);
  }

  private int gaveUp(Frame frame) {
    pcache.failedToAllocate((int) frame.slot[SET]);
    return end(frame, Lines.NONE);
  }

  private boolean hasTimedOut(Frame frame) {
    return context.nowPs() - frame.slot[START_PS] >= pcache.params.allocTimeoutPs();
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case EVICTED -> "evicting";
      case LOOK_AGAIN -> "every line of the set is in use";
      default -> super.stepName(step);
    };
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.number("set", pcache.geometry.setOf(frame.slot[ADDRESS]));
  }
}
