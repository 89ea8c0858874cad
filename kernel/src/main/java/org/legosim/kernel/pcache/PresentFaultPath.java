package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * A fault on a page that is present: somebody was faster, or it is a write to a read-only page. The
 * latter takes the line over when nobody else maps it, else copies it to a line of its own, which is
 * allocated, perhaps by an eviction, with the old line's lock held.
 */
@HotPath
final class PresentFaultPath extends PcachePath {
  static final int ADDRESS = 0;
  static final int FLAGS = 1;
  static final int SPACE = 2;
  static final int ORIGINAL = 3;

  /** Argument: the address that faulted. */
  static final int TOUCHED = 6;

  private static final int OLD = 4;
  private static final int FRESH = 5;

  private static final int BEGIN = 0;
  private static final int COMPARE = 1;
  private static final int LINE_LOCKED = 2;
  private static final int REUSE = 3;
  private static final int ALLOCATED = 4;
  private static final int RELOCKED = 5;
  private static final int COPIED = 6;
  private static final int FLUSHED = 7;
  private static final int REMAPPED = 8;
  private static final int RELEASED = 9;
  private static final int CHANGED = 10;

  private final AllocPath alloc;
  private final LockLinePath lockLine;
  private final PutPath put;
  private FaultKind lastKind = FaultKind.LOST_RACE;
  private int lastLine = Lines.NONE;

  PresentFaultPath(
      Pcache pcache, KernelContext context, AllocPath alloc, LockLinePath lockLine, PutPath put) {
    super("fault on a present page", pcache, context);
    this.alloc = alloc;
    this.lockLine = lockLine;
    this.put = put;
  }

  FaultKind lastKind() {
    return lastKind;
  }

  int lastLine() {
    return lastLine;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> lock(frame, COMPARE, table(frame), TimeCategory.ALLOCATE);
      case COMPARE -> compare(frame);
      case LINE_LOCKED -> lineLocked(frame);
      case REUSE -> reuse(frame);
      case ALLOCATED -> allocated(frame);
      case RELOCKED -> relocked(frame);
      case COPIED -> copied(frame);
      case FLUSHED -> flushed(frame);
      case REMAPPED -> remapped(frame);
      case RELEASED -> released(frame);
      default -> lost(frame);
    };
  }

  private int compare(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    long original = frame.slot[ORIGINAL];
    boolean isWrite = (frame.slot[FLAGS] & FaultPath.WRITE) != 0;
    if (table(frame).get(frame.slot[ADDRESS]) != original || !isWrite || Pte.isWritable(original)) {
      return lost(frame);
    }
    counters.pgfaultWp++;
    int old = Pte.line(original);
    frame.slot[OLD] = old;
    if (pcache.lines.has(old, Lines.RECLAIM)
        && pcache.params.eviction() == EvictionMechanism.WRITE_PROTECT) {
      counters.pgfaultConcurrentEviction++;
      return lost(frame);
    }
    frame.step = LINE_LOCKED;
    Frame call = push(lockLine);
    call.slot[LockLinePath.SPACE] = frame.slot[SPACE];
    call.slot[LockLinePath.ADDRESS] = frame.slot[ADDRESS];
    call.slot[LockLinePath.OTHER] = frame.slot[ADDRESS];
    call.slot[LockLinePath.ENTRY] = original;
    return CALL;
  }

  private int lineLocked(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    return result() == YES ? decide(frame) : lost(frame);
  }

  private int decide(Frame frame) {
    if (pcache.lines.mappings((int) frame.slot[OLD]) == 1) {
      return pay(frame, REUSE, charges.pteLock.charge() + charges.pteUpdate.charge());
    }
    if (!pcache.defects.evictsUnderPageTableLocks()) {
      unlock(table(frame)); // the old line stays locked, so this mapping of it stays
    }
    frame.step = ALLOCATED;
    Frame call = push(alloc);
    call.slot[AllocPath.ADDRESS] = frame.slot[ADDRESS];
    call.slot[AllocPath.PIGGYBACK] = NO;
    call.slot[AllocPath.IMPATIENT] = NO;
    return CALL;
  }

  private int reuse(Frame frame) {
    int old = (int) frame.slot[OLD];
    long taken = pcache.touched(frame.slot[ORIGINAL]) | Pte.WRITE | Pte.DIRTY | Pte.ACCESSED;
    table(frame).set(frame.slot[ADDRESS], taken);
    pcache.sectors.addDirty(old, frame.slot[TOUCHED]);
    counters.pgfaultWpReuse++;
    unlockLine(old);
    unlock(table(frame));
    return resolved(frame, old, EventLog.WRITE_REUSED);
  }

  private int allocated(Frame frame) {
    frame.slot[FRESH] = result();
    context.stamp(TimeCategory.ALLOCATE);
    if (pcache.defects.evictsUnderPageTableLocks()) {
      return go(frame, RELOCKED);
    }
    return lock(frame, RELOCKED, table(frame), TimeCategory.ALLOCATE);
  }

  private int relocked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int fresh = (int) frame.slot[FRESH];
    if (fresh == Lines.NONE) {
      unlockLine((int) frame.slot[OLD]);
      unlock(table(frame));
      return done(FaultPath.OUT_OF_MEMORY);
    }
    if (table(frame).get(frame.slot[ADDRESS]) != frame.slot[ORIGINAL]) {
      unlockLine((int) frame.slot[OLD]);
      return callPut(frame, fresh, CHANGED);
    }
    long present = pcache.sectors.present((int) frame.slot[OLD]);
    return pay(frame, COPIED, charges.copy.chargeBytes(pcache.sectors.bytes(present)));
  }

  private int copied(Frame frame) {
    context.stamp(TimeCategory.COPY);
    long address = frame.slot[ADDRESS];
    pcache.contents.copy((int) frame.slot[OLD], (int) frame.slot[FRESH]);
    long entry = Pte.of((int) frame.slot[FRESH], Pte.FILLED | Pte.DIRTY);
    pcache.touched(frame.slot[ORIGINAL]);
    table(frame).set(address, entry);
    // Other than the old line's, the owner's page at the memory node may have none of it.
    long present = pcache.sectors.present((int) frame.slot[OLD]);
    pcache.sectors.set((int) frame.slot[FRESH], present, present);
    return callShootdown(frame, FLUSHED, (int) frame.slot[SPACE], address, 1);
  }

  private int flushed(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    long costPs = charges.pteLock.charge() + charges.pteUpdate.charge();
    return pay(frame, REMAPPED, costPs + charges.rmapAdd.charge() + charges.rmapRemove.charge());
  }

  private int remapped(Frame frame) {
    int old = (int) frame.slot[OLD];
    int fresh = (int) frame.slot[FRESH];
    int space = (int) frame.slot[SPACE];
    long address = frame.slot[ADDRESS];
    pcache.rmaps.add(fresh, space, address);
    pcache.changed(fresh, context);
    pcache.rmaps.remove(old, pcache.rmaps.find(old, space, address));
    counters.pgfaultWpCow++;
    unlockLine(old);
    return callPut(frame, old, RELEASED);
  }

  private int released(Frame frame) {
    unlock(table(frame));
    return resolved(frame, (int) frame.slot[FRESH], EventLog.WRITE_COPIED);
  }

  private int resolved(Frame frame, int line, char event) {
    counters.missWriteProtected++;
    lastKind = FaultKind.COW;
    lastLine = line;
    int tgid = pcache.space((int) frame.slot[SPACE]).tgid();
    pcache.logLine(context, event, tgid, frame.slot[ADDRESS], line);
    context.stamp(TimeCategory.ALLOCATE);
    return done(FaultPath.HANDLED);
  }

  /** Nothing is left to do: the access is tried again. */
  private int lost(Frame frame) {
    unlock(table(frame));
    counters.missLostRace++;
    lastKind = FaultKind.LOST_RACE;
    lastLine = Lines.NONE;
    return done(FaultPath.HANDLED);
  }

  private int callPut(Frame frame, int line, int step) {
    frame.step = step;
    push(put).slot[PutPath.LINE] = line;
    return CALL;
  }

  private PageTable table(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]).existingTable(frame.slot[ADDRESS]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case COMPARE, RELOCKED -> "page-table lock";
      case LINE_LOCKED -> "line lock";
      case ALLOCATED -> "allocating the copy";
      default -> super.stepName(step);
    };
  }
}
