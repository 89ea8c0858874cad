package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;

/**
 * Passes over all sets for ever, with a pause after each pass. In a full set the newest quarter of the
 * list is looked at, from the head, until one line was not accessed since its last visit: that one
 * moves to the tail and will be evicted next.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache/evict_sweep.c}.
 */
@HotPath
final class SweepPath extends PcachePath {
  /** Sets passed in one step while none has work. */
  private static final int SETS_PER_STEP = 1024;

  private static final int BUDGET_DIVISOR = 4;

  private static final int SET = 0;
  private static final int PASS_PS = 1;
  private static final int SET_PS = 2;

  private static final int PASS = 0;
  private static final int NEXT_SET = 1;
  private static final int SWEEP = 2;
  private static final int SWEPT = 3;

  private boolean isStopping;
  private boolean isPausing;

  SweepPath(Pcache pcache, KernelContext context) {
    super("sweep thread", pcache, context);
  }

  /** Asks the path to end; true when it must be woken from its pause. */
  boolean stop() {
    isStopping = true;
    return isPausing;
  }

  @Override
  int step(Frame frame) {
    if (isStopping) {
      isPausing = false;
      return done(0);
    }
    return switch (frame.step) {
      case PASS -> pass(frame);
      case NEXT_SET -> nextSet(frame);
      case SWEEP -> sweep(frame);
      default -> swept(frame);
    };
  }

  private int pass(Frame frame) {
    isPausing = false;
    counters.sweepRun++;
    frame.slot[SET] = 0;
    frame.slot[PASS_PS] = context.nowPs();
    return go(frame, NEXT_SET);
  }

  private int nextSet(Frame frame) {
    int set = (int) frame.slot[SET];
    if (set >= pcache.sets.sets()) {
      isPausing = true;
      profile.sweep.leave(context, frame.slot[PASS_PS]);
      return pay(frame, PASS, pcache.params.sweepIntervalPs());
    }
    int end = Math.min(pcache.sets.sets(), set + SETS_PER_STEP);
    int passed = 0;
    while (set < end && !mayHaveWork(set)) {
      set++;
      passed++;
    }
    frame.slot[SET] = set;
    return pay(frame, set < end ? SWEEP : NEXT_SET, charges.sweepSet.charge(Math.max(1, passed)));
  }

  private boolean mayHaveWork(int set) {
    return !pcache.sets.isUntouched(set)
        && pcache.sets.listed(set) >= pcache.geometry.ways()
        && !pcache.sets.has(set, Sets.EVICTING);
  }

  private int sweep(Frame frame) {
    int set = (int) frame.slot[SET];
    // The lock is only tried, and the set may have changed since it was looked at.
    if (!mayHaveWork(set) || pcache.sets.listLockFreePs(set) > context.nowPs()) {
      frame.slot[SET] = set + 1L;
      return go(frame, NEXT_SET);
    }
    counters.sweepNrPset++;
    pcache.sets.setFlag(set, Sets.SWEEPING, true);
    int visited = sweepSet(set);
    long costPs = charges.sweepSet.charge() + charges.sweepLine.charge(visited);
    pcache.sets.holdListLock(set, context.nowPs() + costPs);
    frame.slot[SET_PS] = context.nowPs();
    return pay(frame, SWEPT, costPs);
  }

  private int swept(Frame frame) {
    profile.sweepSet.leave(context, frame.slot[SET_PS]);
    pcache.sets.setFlag((int) frame.slot[SET], Sets.SWEEPING, false);
    frame.slot[SET]++;
    return go(frame, NEXT_SET);
  }

  /** Looks at lines from the head and moves one at most; returns how many it looked at. */
  private int sweepSet(int set) {
    int budget = pcache.geometry.ways() / BUDGET_DIVISOR;
    int visited = 0;
    int line = pcache.replacement.head(set);
    while (line != Lines.NONE && visited < budget) {
      visited++;
      if (pcache.lines.references(line) == 0) {
        return visited; // somebody is freeing it
      }
      int next = pcache.lines.next(line);
      if (pcache.lines.has(line, Lines.VALID)
          && !pcache.lines.isLocked(line)
          && wasNotAccessed(line)) {
        pcache.replacement.remove(line);
        pcache.replacement.addLast(line);
        counters.sweepNrMoved++;
        return visited;
      }
      line = next;
    }
    return visited;
  }

  /** Tests and clears the accessed bit of every mapping; a page table in use counts as accessed. */
  private boolean wasNotAccessed(int line) {
    boolean isIdle = true;
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      PageTable table = pcache.tableOf(rmap);
      if (!table.lock().isFree()) {
        return false;
      }
      long address = pcache.rmaps.address(rmap);
      long entry = table.get(address);
      if ((entry & Pte.ACCESSED) != 0) {
        table.set(address, entry & ~Pte.ACCESSED);
        isIdle = false;
      }
    }
    return isIdle;
  }

  @Override
  public String stepName(int step) {
    return step == PASS ? "pausing" : super.stepName(step);
  }
}
