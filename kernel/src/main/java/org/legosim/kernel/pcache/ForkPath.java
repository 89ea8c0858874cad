package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.results.TimeCategory;

/**
 * Gives a child the pages of one area of its parent: marks are copied, present pages are shared. In an
 * area that is copied on write the parent's page is write-protected and flushed, one shootdown per
 * page, even if it was protected before.
 *
 * <p>Source: LegoOS {@code managers/processor/pgtable.c}, {@code pcache/rmap.c}.
 */
final class ForkPath extends PcachePath {
  static final int PARENT = 0;
  static final int CHILD = 1;
  static final int START = 2;
  static final int END = 3;

  /** Argument: {@link #COPY_ON_WRITE}, {@link #SHARED}. */
  static final int FLAGS = 4;

  static final long COPY_ON_WRITE = 1;
  static final long SHARED = 2;

  private static final int ENTRY = 5;

  private static final int BEGIN = 0;
  private static final int LOCKED = 1;
  private static final int PAGE = 2;
  private static final int LINE_LOCKED = 3;
  private static final int PROTECT = 4;
  private static final int SHARE = 5;
  private static final int SHARED_PAGE = 6;

  private final LockLinePath lockLine;

  ForkPath(Pcache pcache, KernelContext context, LockLinePath lockLine) {
    super("fork pages", pcache, context);
    this.lockLine = lockLine;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> nextTable(frame);
      case LOCKED -> locked(frame);
      case PAGE -> page(frame);
      case LINE_LOCKED -> lineLocked(frame);
      case PROTECT -> protect(frame);
      case SHARE -> share(frame);
      default -> sharedPage(frame);
    };
  }

  private int nextTable(Frame frame) {
    PageTable table = parent(frame).firstTableIn(frame.slot[START], frame.slot[END]);
    if (table == null) {
      context.stamp(TimeCategory.ALLOCATE);
      return done(0);
    }
    frame.slot[START] = Math.max(frame.slot[START], table.start());
    return lock(frame, LOCKED, table, TimeCategory.ALLOCATE);
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    long from = frame.slot[START];
    PageTable table = table(frame);
    long costPs = charges.visitTable.charge() + charges.pteLock.charge();
    if (child(frame).table(from) == null) {
      costPs += charges.tableAllocate.charge();
    }
    PageTable copy = child(frame).makeTable(from);
    if (table.isUniform() && from == table.start() && frame.slot[END] >= table.end()) {
      copy.setAll(table.get(from));
      frame.slot[START] = table.end();
      unlock(table);
      return pay(frame, BEGIN, costPs + charges.visitPage.charge(table.count()));
    }
    return pay(frame, PAGE, costPs);
  }

  private int page(Frame frame) {
    PageTable table = table(frame);
    PageTable copy = child(frame).existingTable(frame.slot[START]);
    long to = Math.min(table.end(), frame.slot[END]);
    long address = frame.slot[START];
    long entry = Pte.NONE;
    while (address < to) {
      entry = table.get(address);
      if (Pte.isPresent(entry)) {
        break;
      }
      if (entry != Pte.NONE) {
        copy.set(address, entry);
      }
      address += pcache.geometry.lineBytes();
    }
    long passed = (address - frame.slot[START]) >>> pcache.geometry.lineShift();
    long costPs = charges.visitPage.charge(passed);
    frame.slot[START] = address;
    if (address == to) {
      unlock(table);
      return pay(frame, BEGIN, costPs);
    }
    frame.slot[ENTRY] = entry;
    return pay(frame, PROTECT, costPs + charges.forkPage.charge());
  }

  /** Locks the line first: adding a reverse mapping needs that lock. */
  private int protect(Frame frame) {
    long address = frame.slot[START];
    frame.slot[ENTRY] = table(frame).get(address);
    frame.step = LINE_LOCKED;
    // MODEL: the kernel spins for the line's lock with the page-table locks held, which can hang
    // with
    // an eviction that has the line and wants the page table; here the order of locks is kept.
    Frame call = push(lockLine);
    call.slot[LockLinePath.SPACE] = frame.slot[PARENT];
    call.slot[LockLinePath.ADDRESS] = address;
    call.slot[LockLinePath.OTHER] = address;
    call.slot[LockLinePath.ENTRY] = frame.slot[ENTRY];
    return CALL;
  }

  private int lineLocked(Frame frame) {
    if (result() == NO) {
      return go(frame, PAGE);
    }
    if ((frame.slot[FLAGS] & COPY_ON_WRITE) == 0) {
      return go(frame, SHARE);
    }
    long address = frame.slot[START];
    // The dirty bit stays: the child inherits it, and a page that it only read is flushed for it.
    table(frame).set(address, table(frame).get(address) & ~Pte.WRITE);
    context.stamp(TimeCategory.ALLOCATE);
    return callShootdown(frame, SHARE, (int) frame.slot[PARENT], address, 1);
  }

  private int share(Frame frame) {
    context.stamp(
        (frame.slot[FLAGS] & COPY_ON_WRITE) != 0 ? TimeCategory.SHOOTDOWN : TimeCategory.ALLOCATE);
    return pay(
        frame,
        SHARED_PAGE,
        charges.pteUpdate.charge() + charges.rmapAdd.charge() + charges.kmalloc.charge());
  }

  private int sharedPage(Frame frame) {
    long address = frame.slot[START];
    AddressSpace child = child(frame);
    long entry = table(frame).get(address);
    int line = Pte.line(entry);
    long inherited = entry & ~(Pte.ACCESSED | Pte.PREFETCHED);
    if ((frame.slot[FLAGS] & SHARED) != 0) {
      inherited &= ~Pte.DIRTY;
    }
    child.existingTable(address).set(address, inherited);
    pcache.lines.setReferences(line, pcache.lines.references(line) + 1);
    pcache.rmaps.add(line, child.index(), address);
    boolean isCopied = (frame.slot[FLAGS] & COPY_ON_WRITE) != 0;
    pcache.sharedPages.shared((int) frame.slot[PARENT], child.index(), address, isCopied);
    pcache.logLine(context, EventLog.FORK_SHARED, child.tgid(), address, line);
    unlockLine(line);
    PageTable table = table(frame);
    frame.slot[START] = address + pcache.geometry.lineBytes();
    if (frame.slot[START] >= table.end()) {
      unlock(table);
      return go(frame, BEGIN);
    }
    return go(frame, PAGE);
  }

  private AddressSpace parent(Frame frame) {
    return pcache.space((int) frame.slot[PARENT]);
  }

  private AddressSpace child(Frame frame) {
    return pcache.space((int) frame.slot[CHILD]);
  }

  private PageTable table(Frame frame) {
    return parent(frame).existingTable(frame.slot[START]);
  }

  @Override
  public String stepName(int step) {
    return step == LOCKED ? "page-table lock" : super.stepName(step);
  }
}
