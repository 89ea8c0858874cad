package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Eviction to the victim cache: an entry is reserved and its pages published, then the line is
 * unmapped with one shootdown and copied to the entry; a dirty entry is queued for the flush thread.
 * Without a free entry one that is flushed and unused is thrown out; after 20 s without any the
 * eviction fails.
 */
@HotPath
final class VictimEviction extends PcachePath {
  private static final int LINE = EvictPath.MECHANISM_LINE;
  private static final int ENTRY = 2;
  private static final int START_PS = 3;
  private static final int ROUND_PS = 4;
  private static final int ROUND = 5;
  private static final int DIRTY = 6;
  private static final int SINCE_PS = 7;

  private static final int BEGIN = 0;
  private static final int TAKE = 1;
  private static final int EVICT = 2;
  private static final int THROWN_OUT = 3;
  private static final int NO_ROOM = 4;
  private static final int LOOK_AGAIN = 5;
  private static final int PUBLISH = 6;
  private static final int UNMAPPED = 7;
  private static final int COPIED = 8;
  private static final int FINISH = 9;

  private final UnmapPath unmap;

  VictimEviction(Pcache pcache, KernelContext context, UnmapPath unmap) {
    super("evict to the victim cache", pcache, context);
    this.unmap = unmap;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case TAKE -> take(frame);
      case EVICT -> evict(frame);
      case THROWN_OUT -> go(frame, TAKE);
      case NO_ROOM -> noRoom(frame);
      case LOOK_AGAIN -> lookAgain(frame);
      case PUBLISH -> publish(frame);
      case UNMAPPED -> unmapped(frame);
      case COPIED -> copied(frame);
      default -> finish(frame);
    };
  }

  private int begin(Frame frame) {
    frame.slot[START_PS] = context.nowPs();
    return go(frame, TAKE);
  }

  private int take(Frame frame) {
    frame.slot[ROUND_PS] = context.nowPs();
    int entry = pcache.victims.take();
    frame.slot[ENTRY] = entry;
    return pay(frame, entry == VictimCache.NONE ? EVICT : PUBLISH, charges.victimAllocate.charge());
  }

  private int evict(Frame frame) {
    counters.victimEvictionTriggered++;
    int entry = pcache.victims.evict(context);
    long costPs = charges.victimScan.charge(pcache.victims.lastVisited());
    if (entry == VictimCache.NONE) {
      counters.victimEvictionEagain++;
      return pay(frame, NO_ROOM, costPs);
    }
    counters.victimEvictionSucceed++;
    logEntry(EventLog.VICTIM_THROWN_OUT, entry);
    return pay(frame, THROWN_OUT, costPs + charges.victimRelease.charge());
  }

  /** The rounds of the kernel's loop up to the next change are arithmetic. */
  private int noRoom(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    if (hasTimedOut(frame)) {
      return refuse();
    }
    long roundPs = Math.max(1, context.nowPs() - frame.slot[ROUND_PS]);
    frame.slot[ROUND] = roundPs;
    frame.slot[ROUND_PS] = context.nowPs();
    pcache.victims.awaitRoom(context, roundPs);
    pcache.limits.begin(context, frame.slot[START_PS] + pcache.params.victimTimeoutPs());
    frame.step = LOOK_AGAIN;
    return WAIT;
  }

  private int lookAgain(Frame frame) {
    pcache.victims.endAwait(context);
    pcache.limits.end(context);
    context.stamp(TimeCategory.LOCK_WAIT);
    long rounds = (context.nowPs() - frame.slot[ROUND_PS]) / frame.slot[ROUND];
    counters.victimEvictionTriggered += rounds;
    counters.victimEvictionEagain += rounds;
    return hasTimedOut(frame) ? refuse() : go(frame, TAKE);
  }

  /** F-17: nobody gave an entry back in time. */
  private int refuse() {
    pcache.failedToEvict();
    return done(EvictPath.MECHANISM_REFUSED);
  }

  private boolean hasTimedOut(Frame frame) {
    return context.nowPs() - frame.slot[START_PS] >= pcache.params.victimTimeoutPs();
  }

  private int publish(Frame frame) {
    int line = (int) frame.slot[LINE];
    int entry = (int) frame.slot[ENTRY];
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      AddressSpace space = pcache.space(pcache.rmaps.space(rmap));
      long address = space.addressAtMemory(pcache.rmaps.address(rmap));
      pcache.victims.addHit(entry, space.tgid(), address, space.nodeOf(address));
    }
    pcache.victims.publish(entry, pcache.geometry.setOfLine(line), context);
    counters.victimPrepareInsert++;
    logEntry(EventLog.VICTIM_TAKEN, entry);
    profile.victimPrepare.leave(context, frame.slot[START_PS]);
    frame.step = UNMAPPED;
    frame.slot[SINCE_PS] = context.nowPs();
    push(unmap).slot[UnmapPath.LINE] = line;
    return CALL;
  }

  private int unmapped(Frame frame) {
    int line = (int) frame.slot[LINE];
    int entry = (int) frame.slot[ENTRY];
    frame.slot[DIRTY] = result();
    profile.victimUnmap.leave(context, frame.slot[SINCE_PS]);
    frame.slot[SINCE_PS] = context.nowPs();
    pcache.logLine(
        context,
        result() == YES ? EventLog.EVICT_DIRTY : EventLog.EVICT_CLEAN,
        pcache.victims.hitTgid(entry, 0),
        pcache.victims.hitAddress(entry, 0),
        line);
    long present = pcache.sectors.present(line);
    pcache.victims.setSectors(entry, present, pcache.sectors.toFlush(line));
    return pay(frame, COPIED, charges.copy.chargeBytes(pcache.sectors.bytes(present)));
  }

  private int copied(Frame frame) {
    context.stamp(TimeCategory.COPY);
    pcache.contents.saveVictim((int) frame.slot[ENTRY], (int) frame.slot[LINE]);
    int mappings = pcache.lines.mappings((int) frame.slot[LINE]);
    return pay(frame, FINISH, charges.victimInsert.charge() + charges.rmapRemove.charge(mappings));
  }

  private int finish(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    pcache.rmaps.removeAll((int) frame.slot[LINE]);
    pcache.victims.finish((int) frame.slot[ENTRY], frame.slot[DIRTY] == YES, context);
    profile.victimFinish.leave(context, frame.slot[SINCE_PS]);
    return done(EvictPath.MECHANISM_DONE);
  }

  private void logEntry(char kind, int entry) {
    pcache.log(
        context,
        kind,
        pcache.victims.hitTgid(entry, 0),
        pcache.victims.hitAddress(entry, 0),
        pcache.victims.setOf(entry),
        entry);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case LOOK_AGAIN -> "no victim cache entry is free";
      case UNMAPPED -> "unmapping";
      default -> super.stepName(step);
    };
  }
}
