package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.hardware.MemoryHierarchy;
import org.legosim.hardware.core.Core;
import org.legosim.hardware.tlb.PageTableLayout;
import org.legosim.hardware.tlb.PageWalker;
import org.legosim.hardware.tlb.Tlb;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.ThreadClock;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;

/**
 * Execution through TLB and caches: each access is translated, looked up in the private caches and,
 * if they lack it, in the socket's cache and DRAM.
 *
 * <p>A frame that was filled anew since this CPU last translated to it must not be found in the
 * private caches. The hardware drops such lines when the fill arrives by DMA; here they are dropped
 * when the CPU next walks to the frame, before which it cannot access it: the same, seen from this
 * CPU.
 *
 * <p>Instruction fetches are translated but do not go through the caches at this level.
 */
@HotPath
final class HierarchyMode implements UserMode {
  /** Distance of the parts of a record; the records are larger than one line of any CPU. */
  private static final int CACHE_LINE_BYTES = 64;

  private final Core core;
  private final Tlb tlb;
  private final PageWalker walker;
  private final MemoryHierarchy memory;
  private final FrameGenerations generations;
  private final PhysicalLayout layout;
  private final PageTableLayout tables;
  private final int pageShift;
  private final int sectorShift;

  /** The sectors that the translations are known to have; null where pages have none. */
  private final @Nullable PageFilter sectors;

  private final long offsetMask;
  private final long stlbCycles;

  private final AuditPoint audit;

  private int space;
  private boolean isSectorWalk;
  private boolean isMiss;
  private long repeatedMisses;
  private long timePs;
  private long address;
  private boolean isStore;
  private boolean isPending;
  private int pendingKind;
  private long l1Ps;
  private long l2Ps;
  private long llcPs;
  private long dramPs;
  private long walkPs;

  HierarchyMode(
      CpuModel model,
      Ledger ledger,
      MemoryHierarchy memory,
      FrameGenerations generations,
      PhysicalLayout layout,
      int pageShift,
      int sectorShift,
      AuditPoint audit) {
    this.audit = audit;
    this.core = new Core(model.core(), ledger);
    this.tlb = new Tlb(model.tlb());
    this.walker = new PageWalker(model.tlb(), core.frequency(), ledger);
    this.memory = memory;
    this.generations = generations;
    this.layout = layout;
    this.pageShift = pageShift;
    this.sectorShift = sectorShift;
    this.sectors = sectorShift == pageShift ? null : new PageFilter();
    this.offsetMask = (1L << pageShift) - 1;
    this.stlbCycles = model.tlb().stlbLatencyCycles().value();
    this.tables = (level, page) -> layout.entryAddress(space, level, page);
  }

  @Override
  public boolean isPending() {
    return isPending;
  }

  @Override
  public int run(Task task, int stop, long startPs, long horizonPs) {
    timePs = startPs;
    isSectorWalk = false;
    AccessBatch batch = task.batch;
    int first = task.position;
    while (task.position < stop) {
      if (timePs >= horizonPs && task.position > first) {
        return HORIZON;
      }
      int outcome = access(task, batch, task.position);
      if (outcome != STOP) {
        return outcome;
      }
    }
    return STOP;
  }

  /** One access: STOP when it is complete. */
  private int access(Task task, AccessBatch batch, int index) {
    long at = batch.address[index];
    int shape = batch.shape[index];
    int kind = AccessBatch.kindOf(shape);
    int bytes = AccessBatch.bytesOf(shape);
    long page = at >>> pageShift;
    boolean store = AccessKind.writes(kind);
    int found = tlb.lookup(page, store);
    if (found >= Tlb.NEEDS_DIRTY) {
      isMiss = found == Tlb.MISS;
      return walk(at, store);
    }
    long frame = tlb.frame();
    long physical = (frame << pageShift) | (at & offsetMask);
    long secondPhysical = 0;
    int secondBytes = 0;
    long end = at + bytes - 1;
    if (end >>> pageShift != page) {
      int foundSecond = tlb.lookup(end >>> pageShift, store);
      if (foundSecond >= Tlb.NEEDS_DIRTY) {
        isMiss = foundSecond == Tlb.MISS;
        return walk(end, store);
      }
      found = Math.max(found, foundSecond);
      secondBytes = (int) (end & offsetMask) + 1;
      secondPhysical = tlb.frame() << pageShift;
      audit.access(task.tid, end, tlb.frame(), store, timePs);
      task.lookups += sectors == null ? 1 : 0;
    }
    if (sectors != null) {
      long sign = store ? PageFilter.STORE : 0;
      if (!sectors.allows(at >>> sectorShift, sign)) {
        return walkForSector(at, store);
      }
      if (end >>> sectorShift != at >>> sectorShift) {
        if (!sectors.allows(end >>> sectorShift, sign)) {
          return walkForSector(end, store);
        }
        task.lookups++;
      }
    }
    audit.access(task.tid, at, frame, store, timePs);
    complete(task, kind, batch.instructions[index]);
    if (found == Tlb.HIT_SECOND) {
      long ps = core.cycles(stlbCycles);
      walkPs += ps;
      timePs += ps;
    }
    if (kind == AccessKind.FETCH) {
      return STOP;
    }
    int served = memory.probePrivate(physical, bytes - secondBytes, kind);
    if (secondBytes != 0) {
      served = Math.max(served, memory.probePrivate(secondPhysical, secondBytes, kind));
    }
    if (served == MemoryHierarchy.SHARED) {
      isPending = true;
      pendingKind = kind;
      return SHARED;
    }
    stall(served, core.hit(timePs, kind, memory.latencyCycles(served)));
    return STOP;
  }

  /** Counts the access and executes the instructions up to it. */
  private void complete(Task task, int kind, int instructions) {
    task.position++;
    task.lookups++;
    task.instructions += instructions;
    if (kind == AccessKind.FETCH) {
      task.fetches++;
    } else {
      task.accesses++;
    }
    timePs += core.instructions(instructions);
  }

  private void stall(int level, long ps) {
    if (ps == 0) {
      return;
    }
    timePs += ps;
    memory.chargeStall(level, ps);
    switch (level) {
      case MemoryHierarchy.L1 -> l1Ps += ps;
      case MemoryHierarchy.L2 -> l2Ps += ps;
      case MemoryHierarchy.LLC -> llcPs += ps;
      default -> dramPs += ps;
    }
  }

  private int walk(long at, boolean store) {
    address = at;
    isStore = store;
    return WALK;
  }

  /** The translation is known, but not that it has this sector: as if its bits were looked up again. */
  private int walkForSector(long at, boolean store) {
    isSectorWalk = true;
    isMiss = false;
    return walk(at, store);
  }

  @Override
  public long shared(Task task, long nowPs) {
    isPending = false;
    timePs = nowPs;
    long completionPs = memory.accessShared(nowPs);
    stall(memory.servedBy(), core.completed(nowPs, pendingKind, completionPs));
    return timePs;
  }

  @Override
  public long elapse(long startPs, long instructions) {
    return startPs + core.instructions(instructions);
  }

  @Override
  public void walkPutOff() {
    repeatedMisses += isMiss ? 1 : 0;
  }

  @Override
  public long timePs() {
    return timePs;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public boolean isStore() {
    return isStore;
  }

  @Override
  public long translated(long at, long frame, boolean mayStore, long nowPs) {
    long page = at >>> pageShift;
    if (sectors != null) {
      sectors.fill(at >>> sectorShift, (int) frame, mayStore);
      if (isSectorWalk) {
        isSectorWalk = false;
        return 0;
      }
    }
    if (generations.isNew(frame)) {
      memory.invalidate(frame << pageShift, (int) offsetMask + 1);
    }
    long ps = walker.walk(nowPs, page, tables, memory) - nowPs;
    tlb.fill(page, frame, true, mayStore);
    walkPs += ps;
    return ps;
  }

  @Override
  public long touchRecords(long at, long frame, long nowPs) {
    long page = at >>> pageShift;
    long neighbour = frame == 0 ? 1 : frame - 1;
    long set = layout.setAddress(page);
    long meta = layout.metaAddress(frame);
    long endPs = update(nowPs, set);
    endPs = update(endPs, set + CACHE_LINE_BYTES);
    endPs = update(endPs, meta);
    endPs = update(endPs, meta + CACHE_LINE_BYTES);
    endPs = update(endPs, layout.metaAddress(neighbour));
    endPs = update(endPs, layout.rmapAddress(frame));
    return update(endPs, layout.entryAddress(space, 0, page)) - nowPs;
  }

  private long update(long nowPs, long physicalAddress) {
    return memory.access(nowPs, physicalAddress, Long.BYTES, AccessKind.STORE);
  }

  @Override
  public void invalidate(long at, long pages) {
    long page = at >>> pageShift;
    for (long i = 0; i < pages; i++) {
      tlb.invalidatePage(page + i);
    }
    if (sectors != null) {
      long first = page << (pageShift - sectorShift);
      for (long i = 0; i < pages << (pageShift - sectorShift); i++) {
        sectors.invalidate(first + i);
      }
    }
    walker.flush();
  }

  @Override
  public void invalidateAll() {
    tlb.flushAll();
    if (sectors != null) {
      sectors.invalidateAll();
    }
    walker.flush();
  }

  @Override
  public void load(int newSpace) {
    space = newSpace;
    audit.load(newSpace);
    invalidateAll();
  }

  @Override
  public void settle(ThreadClock clock, long nowPs) {
    clock.part(TimeCategory.L1, l1Ps, nowPs);
    clock.part(TimeCategory.L2, l2Ps, nowPs);
    clock.part(TimeCategory.LLC, llcPs, nowPs);
    clock.part(TimeCategory.LOCAL_DRAM, dramPs, nowPs);
    clock.part(TimeCategory.PAGE_WALK, walkPs, nowPs);
    clock.stamp(TimeCategory.COMPUTE, nowPs);
    l1Ps = 0;
    l2Ps = 0;
    llcPs = 0;
    dramPs = 0;
    walkPs = 0;
  }

  @Override
  public long dtlbMisses() {
    return tlb.misses() - repeatedMisses;
  }

  @Override
  public long l1dMisses() {
    return memory.first().misses();
  }

  @Override
  public long l2Misses() {
    return memory.second().misses();
  }
}
