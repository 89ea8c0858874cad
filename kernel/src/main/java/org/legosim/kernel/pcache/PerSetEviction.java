package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Eviction with the per-set list: the line's pages go on the list of their set, are unmapped with one
 * shootdown, and stay on the list until their data is safe. A clean line is done at once. A dirty one
 * is parked for this CPU's fill, or flushed by an RPC while faults on it wait.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache/perset.c}.
 */
@HotPath
final class PerSetEviction extends PcachePath {
  private static final int LINE = EvictPath.MECHANISM_LINE;
  private static final int PIGGYBACK = EvictPath.MECHANISM_PIGGYBACK;
  private static final int NEXT_ENTRY = 2;
  private static final int SINCE_PS = 3;

  private static final int BEGIN = 0;
  private static final int INSERT = 1;
  private static final int UNMAPPED = 2;
  private static final int PARK = 3;
  private static final int FLUSH = 4;
  private static final int REMOVE = 5;
  private static final int REMOVED = 6;

  private final UnmapPath unmap;
  private final FlushPath flush;

  PerSetEviction(Pcache pcache, KernelContext context, UnmapPath unmap, FlushPath flush) {
    super("evict to the per-set list", pcache, context);
    this.unmap = unmap;
    this.flush = flush;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case INSERT -> insert(frame);
      case UNMAPPED -> unmapped(frame);
      case PARK -> park(frame);
      case FLUSH -> flush(frame);
      case REMOVE -> remove(frame);
      default -> removed(frame);
    };
  }

  private int begin(Frame frame) {
    int mappings = pcache.lines.mappings((int) frame.slot[LINE]);
    long costPs = charges.evictionInsert.charge(mappings);
    return pay(frame, INSERT, costPs + charges.kmalloc.charge(mappings - 1L));
  }

  private int insert(Frame frame) {
    int line = (int) frame.slot[LINE];
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      AddressSpace space = pcache.space(pcache.rmaps.space(rmap));
      long address = space.addressAtMemory(pcache.rmaps.address(rmap));
      pcache.evictions.add(line, space.tgid(), address, space.nodeOf(address));
    }
    frame.step = UNMAPPED;
    frame.slot[SINCE_PS] = context.nowPs();
    push(unmap).slot[UnmapPath.LINE] = line;
    return CALL;
  }

  private int unmapped(Frame frame) {
    int line = (int) frame.slot[LINE];
    boolean isDirty = result() == YES;
    profile.perSetUnmap.leave(context, frame.slot[SINCE_PS]);
    int entry = pcache.evictions.entryOfLine(line, 0);
    pcache.logLine(
        context,
        isDirty ? EventLog.EVICT_DIRTY : EventLog.EVICT_CLEAN,
        pcache.evictions.tgid(entry),
        pcache.evictions.address(entry),
        line);
    if (!isDirty) {
      counters.clflushCleanSkipped++;
      return go(frame, REMOVE);
    }
    if (mayPark(frame, line)) {
      return pay(frame, PARK, charges.rmapRemove.charge());
    }
    return beginFlush(frame);
  }

  private int beginFlush(Frame frame) {
    frame.slot[NEXT_ENTRY] = 0;
    frame.slot[SINCE_PS] = context.nowPs();
    return go(frame, FLUSH);
  }

  private boolean mayPark(Frame frame, int line) {
    // MODEL: a line that somebody waits for with a reference is flushed at once, as it will be
    // freed
    // by that reference's owner and not by the fill.
    return frame.slot[PIGGYBACK] == YES
        && pcache.lines.mappings(line) == 1
        && pcache.lines.references(line) == 2;
  }

  private int park(Frame frame) {
    int line = (int) frame.slot[LINE];
    if (!mayPark(frame, line)) {
      return beginFlush(frame);
    }
    context.stamp(TimeCategory.EVICT);
    int entry = pcache.evictions.entryOfLine(line, 0);
    pcache.rmaps.remove(line, pcache.rmaps.first(line));
    pcache.lines.setReferences(line, 0);
    pcache.lines.setBits(line, Lines.PIGGYBACK_CACHED);
    unlockLine(line);
    pcache.slots.park(
        context.cpuIndex(),
        line,
        pcache.evictions.tgid(entry),
        pcache.evictions.address(entry),
        pcache.evictions.node(entry),
        pcache.sectors.toFlush(line));
    return done(EvictPath.MECHANISM_PARKED);
  }

  /** Flushes to each owner in turn. */
  private int flush(Frame frame) {
    int line = (int) frame.slot[LINE];
    int entry = pcache.evictions.entryOfLine(line, (int) frame.slot[NEXT_ENTRY]++);
    if (entry == pcache.evictions.count()) {
      profile.perSetFlush.leave(context, frame.slot[SINCE_PS]);
      return go(frame, REMOVE);
    }
    frame.step = FLUSH;
    Frame call = push(flush);
    call.slot[FlushPath.TGID] = pcache.evictions.tgid(entry);
    call.slot[FlushPath.ADDRESS] = pcache.evictions.address(entry);
    call.slot[FlushPath.NODE] = pcache.evictions.node(entry);
    call.slot[FlushPath.LINE] = line;
    call.slot[FlushPath.SECTORS] = pcache.sectors.toFlush(line);
    return CALL;
  }

  private int remove(Frame frame) {
    int mappings = pcache.lines.mappings((int) frame.slot[LINE]);
    long costPs = charges.rmapRemove.charge(mappings) + charges.evictionRemove.charge();
    return pay(frame, REMOVED, costPs);
  }

  private int removed(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    int line = (int) frame.slot[LINE];
    pcache.rmaps.removeAll(line);
    pcache.evictions.removeLine(line, context);
    return done(EvictPath.MECHANISM_DONE);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case UNMAPPED -> "unmapping";
      case FLUSH -> "flushing";
      default -> super.stepName(step);
    };
  }
}
