package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Moves one present page to another address, with both page-table locks held. In the same set only
 * the entry and the reverse mapping move. In another set the page needs a line there, which may need
 * an eviction and is filled by a copy; entry flags are kept, so the copy of a
 * shared page stays write-protected.
 *
 * <p>Result: {@link #YES}, or {@link #NO} when no line could be had.
 */
final class MovePagePath extends PcachePath {
  static final int SPACE = 0;
  static final int FROM = 1;
  static final int TO = 2;

  private static final int ENTRY = 3;
  private static final int FRESH = 4;

  private static final int BEGIN = 0;
  private static final int SAME_LOCKED = 1;
  private static final int SAME = 2;
  private static final int ALLOCATED = 3;
  private static final int LOCK_HIGHER = 4;
  private static final int RELOCKED = 5;
  private static final int OTHER_LOCKED = 6;
  private static final int COPIED = 7;
  private static final int INSTALL = 8;
  private static final int OLD_PUT = 9;
  private static final int FRESH_PUT = 10;
  private static final int TARGET_LOCKED = 11;
  private static final int DROP_TARGET = 12;
  private static final int TARGET_FLUSHED = 13;

  private final AllocPath alloc;
  private final LockLinePath lockLine;
  private final PutPath put;

  MovePagePath(
      Pcache pcache, KernelContext context, AllocPath alloc, LockLinePath lockLine, PutPath put) {
    super("move page", pcache, context);
    this.alloc = alloc;
    this.lockLine = lockLine;
    this.put = put;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case SAME_LOCKED -> sameLocked(frame);
      case SAME -> same(frame);
      case ALLOCATED -> allocated(frame);
      case LOCK_HIGHER -> lockHigher(frame);
      case RELOCKED -> relocked(frame);
      case OTHER_LOCKED -> otherLocked(frame);
      case COPIED -> copied(frame);
      case INSTALL -> install(frame);
      case OLD_PUT -> oldPut(frame);
      case TARGET_LOCKED -> targetLocked(frame);
      case DROP_TARGET -> dropTarget(frame);
      case TARGET_FLUSHED -> targetFlushed(frame);
      default -> go(frame, BEGIN);
    };
  }

  private int begin(Frame frame) {
    long entry = source(frame).get(frame.slot[FROM]);
    if (!Pte.isPresent(entry)) {
      return done(YES);
    }
    long target = target(frame).get(frame.slot[TO]);
    if (Pte.isPresent(target) && !pcache.defects.keepsMoveTarget()) {
      return callLockLine(frame, TARGET_LOCKED, target, TO, FROM);
    }
    int from = pcache.geometry.setOf(frame.slot[FROM]);
    if (from == pcache.geometry.setOf(frame.slot[TO])) {
      return callLockLine(frame, SAME_LOCKED, entry, FROM, TO);
    }
    if (!pcache.defects.evictsUnderPageTableLocks()) {
      if (source(frame) != target(frame)) {
        unlock(target(frame));
      }
      unlock(source(frame));
    }
    frame.step = ALLOCATED;
    Frame call = push(alloc);
    call.slot[AllocPath.ADDRESS] = frame.slot[TO];
    call.slot[AllocPath.PIGGYBACK] = NO;
    call.slot[AllocPath.IMPATIENT] = NO;
    return CALL;
  }

  /** Somebody faulted a page in at the destination meanwhile; it goes, or its line would keep a
   * mapping that is no more. */
  private int targetLocked(Frame frame) {
    if (result() == NO) {
      return go(frame, BEGIN);
    }
    return pay(frame, DROP_TARGET, charges.zapPage.charge());
  }

  private int dropTarget(Frame frame) {
    long to = frame.slot[TO];
    long entry = target(frame).get(to);
    int line = Pte.line(entry);
    pcache.dropped(entry);
    target(frame).set(to, Pte.NONE);
    pcache.removeRmap(line, (int) frame.slot[SPACE], to, context);
    pcache.logLine(context, EventLog.DROPPED, space(frame).tgid(), to, line);
    unlockLine(line);
    context.stamp(TimeCategory.ALLOCATE);
    frame.slot[FRESH] = line;
    return callShootdown(frame, TARGET_FLUSHED, (int) frame.slot[SPACE], to, 1);
  }

  private int targetFlushed(Frame frame) {
    context.stamp(TimeCategory.SHOOTDOWN);
    return callPut(frame, BEGIN, (int) frame.slot[FRESH]);
  }

  private int sameLocked(Frame frame) {
    if (result() == NO) {
      return go(frame, BEGIN);
    }
    return pay(frame, SAME, charges.movePage.charge() + charges.pteUpdate.charge(2));
  }

  private int same(Frame frame) {
    long entry = source(frame).get(frame.slot[FROM]);
    int line = Pte.line(entry);
    int rmap = pcache.requireRmap(line, (int) frame.slot[SPACE], frame.slot[FROM], context);
    pcache.rmaps.relocate(line, rmap, frame.slot[TO]);
    source(frame).set(frame.slot[FROM], Pte.NONE);
    target(frame).set(frame.slot[TO], entry);
    unlockLine(line);
    counters.mremapPsetSame++;
    return moved(frame, EventLog.MOVED_SAME_SET, line);
  }

  private int allocated(Frame frame) {
    frame.slot[FRESH] = result();
    if (pcache.defects.evictsUnderPageTableLocks()) {
      return go(frame, RELOCKED);
    }
    PageTable lower = frame.slot[FROM] <= frame.slot[TO] ? source(frame) : target(frame);
    return lock(frame, LOCK_HIGHER, lower, TimeCategory.ALLOCATE);
  }

  private int lockHigher(Frame frame) {
    if (source(frame) == target(frame)) {
      return go(frame, RELOCKED);
    }
    PageTable higher = frame.slot[FROM] <= frame.slot[TO] ? target(frame) : source(frame);
    return lock(frame, RELOCKED, higher, TimeCategory.LOCK_WAIT);
  }

  private int relocked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int fresh = (int) frame.slot[FRESH];
    if (fresh == Lines.NONE) {
      // MODEL: the kernel warns and tries again for ever.
      return done(NO);
    }
    long entry = source(frame).get(frame.slot[FROM]);
    boolean isTargetTaken =
        Pte.isPresent(target(frame).get(frame.slot[TO])) && !pcache.defects.keepsMoveTarget();
    if (!Pte.isPresent(entry) || isTargetTaken) {
      return callPut(frame, FRESH_PUT, fresh);
    }
    return callLockLine(frame, OTHER_LOCKED, entry, FROM, TO);
  }

  private int otherLocked(Frame frame) {
    int fresh = (int) frame.slot[FRESH];
    boolean isTargetTaken =
        Pte.isPresent(target(frame).get(frame.slot[TO])) && !pcache.defects.keepsMoveTarget();
    if (result() == YES && isTargetTaken) {
      unlockLine(Pte.line(source(frame).get(frame.slot[FROM])));
    }
    if (result() == NO || isTargetTaken) {
      // MODEL: the kernel loses the fresh line here and tries again.
      return callPut(frame, FRESH_PUT, fresh);
    }
    context.stamp(TimeCategory.ALLOCATE);
    long entry = source(frame).get(frame.slot[FROM]);
    long present = pcache.sectors.present(Pte.line(entry));
    return pay(frame, COPIED, charges.copy.chargeBytes(pcache.sectors.bytes(present)));
  }

  private int copied(Frame frame) {
    context.stamp(TimeCategory.COPY);
    int from = Pte.line(source(frame).get(frame.slot[FROM]));
    pcache.contents.copy(from, (int) frame.slot[FRESH]);
    long costPs = charges.movePage.charge() + charges.pteUpdate.charge(2);
    return pay(frame, INSTALL, costPs + charges.rmapRemove.charge() + charges.rmapAdd.charge());
  }

  private int install(Frame frame) {
    int space = (int) frame.slot[SPACE];
    int fresh = (int) frame.slot[FRESH];
    long entry = source(frame).get(frame.slot[FROM]);
    int old = Pte.line(entry);
    frame.slot[ENTRY] = old;
    pcache.sectors.set(fresh, pcache.sectors.present(old), pcache.sectors.dirty(old));
    source(frame).set(frame.slot[FROM], Pte.NONE);
    pcache.removeRmap(old, space, frame.slot[FROM], context);
    target(frame).set(frame.slot[TO], Pte.of(fresh, entry & Pte.FLAGS));
    pcache.rmaps.add(fresh, space, frame.slot[TO]);
    pcache.changed(fresh, context);
    unlockLine(old);
    counters.mremapPsetDiff++;
    return callPut(frame, OLD_PUT, old);
  }

  private int oldPut(Frame frame) {
    return moved(frame, EventLog.MOVED_OTHER_SET, (int) frame.slot[FRESH]);
  }

  private int moved(Frame frame, char kind, int line) {
    context.stamp(TimeCategory.ALLOCATE);
    pcache.logLine(context, kind, space(frame).tgid(), frame.slot[TO], line);
    return done(YES);
  }

  private int callLockLine(Frame frame, int step, long entry, int address, int other) {
    frame.step = step;
    Frame call = push(lockLine);
    call.slot[LockLinePath.SPACE] = frame.slot[SPACE];
    call.slot[LockLinePath.ADDRESS] = frame.slot[address];
    call.slot[LockLinePath.OTHER] = frame.slot[other];
    call.slot[LockLinePath.ENTRY] = entry;
    return CALL;
  }

  private int callPut(Frame frame, int step, int line) {
    frame.step = step;
    push(put).slot[PutPath.LINE] = line;
    return CALL;
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  private PageTable source(Frame frame) {
    return space(frame).existingTable(frame.slot[FROM]);
  }

  private PageTable target(Frame frame) {
    return space(frame).existingTable(frame.slot[TO]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case ALLOCATED -> "allocating in the new set";
      case SAME_LOCKED, OTHER_LOCKED, TARGET_LOCKED -> "line lock";
      default -> super.stepName(step);
    };
  }
}
