package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Evicts one line of a set: chooses it, lets the mechanism unmap it and care for its data, and gives
 * it to the set's free lines, if nobody took a reference in the meantime.
 */
@HotPath
final class EvictPath extends PcachePath {
  /** Argument: the set. */
  static final int SET = 0;

  /** Argument: {@link #YES} when a dirty line may be parked in the CPU's slot. */
  static final int PIGGYBACK = 1;

  /** Result: a line was freed or parked. */
  static final long EVICTED = 0;

  /** Result: nothing qualified, or the chosen line got another reference; try again. */
  static final long AGAIN = 1;

  /** Result: the mechanism refused. */
  static final long FAILED = 2;

  /** Result of a mechanism: unmapped, the data safe, no reverse mapping left. */
  static final long MECHANISM_DONE = 0;

  /** Result of a mechanism: the line is in the CPU's slot. */
  static final long MECHANISM_PARKED = 1;

  /** Result of a mechanism: it did nothing. */
  static final long MECHANISM_REFUSED = 2;

  /** Argument of a mechanism: the locked line. */
  static final int MECHANISM_LINE = 0;

  /** Argument of a mechanism: {@link #YES} when the line may be parked. */
  static final int MECHANISM_PIGGYBACK = 1;

  private static final int LINE = 2;
  private static final int MAPPINGS = 3;
  private static final int SINCE_PS = 4;

  private static final int BEGIN = 0;
  private static final int FIND = 1;
  private static final int FOUND = 2;
  private static final int CARED_FOR = 3;
  private static final int RELEASED = 4;

  private final KernelPath mechanism;

  EvictPath(Pcache pcache, KernelContext context, KernelPath mechanism) {
    super("pcache evict", pcache, context);
    this.mechanism = mechanism;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case FIND -> find(frame);
      case FOUND -> found(frame);
      case CARED_FOR -> caredFor(frame);
      default -> released(frame);
    };
  }

  private int begin(Frame frame) {
    counters.evictionTriggered++;
    frame.slot[SINCE_PS] = context.nowPs();
    int set = (int) frame.slot[SET];
    pcache.sets.setFlag(set, Sets.EVICTING, true);
    long waitPs = pcache.sets.takeListLock(set, context.nowPs(), charges.find.ps());
    return pay(frame, FIND, waitPs);
  }

  private int find(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int set = (int) frame.slot[SET];
    int line = pcache.replacement.find(set, context);
    long costPs = charges.find.charge() + charges.scanLine.charge(pcache.replacement.lastVisited());
    pcache.sets.holdListLock(set, context.nowPs() + costPs);
    frame.slot[LINE] = line;
    return pay(frame, FOUND, costPs);
  }

  private int found(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    profile.evictFind.leave(context, frame.slot[SINCE_PS]);
    pcache.sets.setFlag((int) frame.slot[SET], Sets.EVICTING, false);
    int line = (int) frame.slot[LINE];
    if (line == Replacement.AGAIN) {
      counters.evictionEagainFreeable++;
      return done(AGAIN);
    }
    pcache.reports.requireChosen((int) frame.slot[SET], line, context);
    frame.slot[MAPPINGS] = pcache.lines.mappings(line);
    frame.step = CARED_FOR;
    frame.slot[SINCE_PS] = context.nowPs();
    Frame call = push(mechanism);
    call.slot[MECHANISM_LINE] = line;
    call.slot[MECHANISM_PIGGYBACK] = frame.slot[PIGGYBACK];
    return CALL;
  }

  private int caredFor(Frame frame) {
    int line = (int) frame.slot[LINE];
    long outcome = result();
    profile.evictLine.leave(context, frame.slot[SINCE_PS]);
    if (outcome == MECHANISM_REFUSED) {
      return putBack(line);
    }
    pcache.sets.count((int) frame.slot[SET], Sets.STAT_EVICTION);
    if (outcome == MECHANISM_PARKED) {
      counters.evictionSucceed++;
      return done(EVICTED);
    }
    int expected = (int) frame.slot[MAPPINGS] + 1;
    if (pcache.lines.references(line) != expected) {
      return lostToAnother(line, expected);
    }
    return pay(frame, RELEASED, charges.release.charge());
  }

  private int released(Frame frame) {
    int line = (int) frame.slot[LINE];
    int expected = (int) frame.slot[MAPPINGS] + 1;
    if (pcache.lines.references(line) != expected) {
      return lostToAnother(line, expected);
    }
    context.stamp(TimeCategory.EVICT);
    pcache.lines.setReferences(line, 0);
    pcache.lines.remove(line, Lines.RECLAIM);
    pcache.giveFree(line);
    unlockLine(line);
    counters.evictionSucceed++;
    return done(EVICTED);
  }

  /** The mechanism refused the line: it goes back as if nothing had happened. */
  private int putBack(int line) {
    counters.evictionFailureEvict++;
    pcache.lines.remove(line, Lines.RECLAIM);
    pcache.lines.setReferences(line, pcache.lines.references(line) - 1);
    pcache.replacement.addFirst(line);
    unlockLine(line);
    return done(FAILED);
  }

  /** Somebody waits for the line with a reference of its own, and will free it. */
  private int lostToAnother(int line, int expected) {
    counters.evictionEagainConcurrent++;
    pcache.lines.setReferences(line, pcache.lines.references(line) - expected);
    pcache.lines.remove(line, Lines.RECLAIM);
    pcache.replacement.addFirst(line);
    unlockLine(line);
    return done(AGAIN);
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.number("set", frame.slot[SET]);
  }

  @Override
  public void showEnd(Frame frame, SliceDetails details) {
    details.text(
        "outcome", result() == EVICTED ? "evicted" : result() == AGAIN ? "try again" : "refused");
  }

  @Override
  public String stepName(int step) {
    return step == CARED_FOR ? "unmapping" : super.stepName(step);
  }
}
