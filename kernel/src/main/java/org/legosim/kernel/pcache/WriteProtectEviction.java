package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Eviction by write protection: every mapping is made read-only and clean and flushed from the TLBs,
 * the line is sent to each owner, clean or not, then unmapped with a second shootdown. Writers that
 * come meanwhile fault and try again.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache/evict.c}.
 */
@HotPath
final class WriteProtectEviction extends PcachePath {
  private static final int LINE = EvictPath.MECHANISM_LINE;
  private static final int RMAP = 2;
  private static final int DIRTY = 3;

  private static final int BEGIN = 0;
  private static final int PROTECT_NEXT = 1;
  private static final int LOCKED = 2;
  private static final int PROTECT = 3;
  private static final int PROTECTED = 4;
  private static final int FLUSH = 5;
  private static final int UNMAP = 6;
  private static final int UNMAPPED = 7;
  private static final int REMOVED = 8;

  private final UnmapPath unmap;
  private final FlushPath flush;

  WriteProtectEviction(Pcache pcache, KernelContext context, UnmapPath unmap, FlushPath flush) {
    super("evict by write protection", pcache, context);
    this.unmap = unmap;
    this.flush = flush;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case PROTECT_NEXT -> protectNext(frame);
      case LOCKED -> locked(frame);
      case PROTECT -> protect(frame);
      case PROTECTED -> protectedPage(frame);
      case FLUSH -> flush(frame);
      case UNMAP -> unmap(frame);
      case UNMAPPED -> unmapped(frame);
      default -> removed(frame);
    };
  }

  private int begin(Frame frame) {
    pcache.writeBacks.begin((int) frame.slot[LINE]);
    frame.slot[RMAP] = pcache.rmaps.first((int) frame.slot[LINE]);
    frame.slot[DIRTY] = NO;
    return go(frame, PROTECT_NEXT);
  }

  private int protectNext(Frame frame) {
    int rmap = (int) frame.slot[RMAP];
    if (rmap == Rmaps.NONE) {
      frame.slot[RMAP] = pcache.rmaps.first((int) frame.slot[LINE]);
      return go(frame, FLUSH);
    }
    context.stamp(TimeCategory.EVICT);
    frame.step = LOCKED;
    return pcache.lockForUnmap(pcache.tableOf(rmap), context) ? NEXT : WAIT;
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, PROTECT, charges.pteLock.charge() + charges.pteUpdate.charge());
  }

  private int protect(Frame frame) {
    int rmap = (int) frame.slot[RMAP];
    long address = pcache.rmaps.address(rmap);
    PageTable table = pcache.tableOf(rmap);
    long entry = table.get(address);
    if (Pte.isDirty(entry)) {
      frame.slot[DIRTY] = YES;
    }
    table.set(address, entry & ~(Pte.WRITE | Pte.DIRTY));
    context.stamp(TimeCategory.EVICT);
    return callShootdown(frame, PROTECTED, pcache.rmaps.space(rmap), address, 1);
  }

  private int protectedPage(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    int rmap = (int) frame.slot[RMAP];
    unlock(pcache.tableOf(rmap));
    frame.slot[RMAP] = pcache.rmaps.next(rmap);
    return go(frame, PROTECT_NEXT);
  }

  private int flush(Frame frame) {
    int rmap = (int) frame.slot[RMAP];
    if (rmap == Rmaps.NONE) {
      return go(frame, UNMAP);
    }
    frame.slot[RMAP] = pcache.rmaps.next(rmap);
    frame.step = FLUSH;
    AddressSpace space = pcache.space(pcache.rmaps.space(rmap));
    long address = space.addressAtMemory(pcache.rmaps.address(rmap));
    Frame call = push(flush);
    call.slot[FlushPath.TGID] = space.tgid();
    call.slot[FlushPath.ADDRESS] = address;
    call.slot[FlushPath.NODE] = space.nodeOf(address);
    call.slot[FlushPath.LINE] = frame.slot[LINE];
    call.slot[FlushPath.SECTORS] = pcache.sectors.toFlush((int) frame.slot[LINE]);
    return CALL;
  }

  private int unmap(Frame frame) {
    frame.step = UNMAPPED;
    push(unmap).slot[UnmapPath.LINE] = frame.slot[LINE];
    return CALL;
  }

  private int unmapped(Frame frame) {
    int line = (int) frame.slot[LINE];
    int rmap = pcache.rmaps.first(line);
    // The entries are clean by now; the event tells whether the page was dirty when it was chosen.
    char kind = frame.slot[DIRTY] == YES ? EventLog.EVICT_DIRTY : EventLog.EVICT_CLEAN;
    int tgid = pcache.space(pcache.rmaps.space(rmap)).tgid();
    pcache.logLine(context, kind, tgid, pcache.rmaps.address(rmap), line);
    return pay(frame, REMOVED, charges.rmapRemove.charge(pcache.lines.mappings(line)));
  }

  private int removed(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    int line = (int) frame.slot[LINE];
    pcache.writeBacks.end(line, context);
    pcache.rmaps.removeAll(line);
    return done(EvictPath.MECHANISM_DONE);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case LOCKED -> "page-table lock";
      case FLUSH -> "flushing";
      case UNMAPPED -> "unmapping";
      default -> super.stepName(step);
    };
  }
}
