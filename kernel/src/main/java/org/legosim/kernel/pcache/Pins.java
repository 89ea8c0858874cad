package org.legosim.kernel.pcache;

import java.util.List;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * Lines that must not be evicted for a moment: their memory node is about to copy or move their pages,
 * and a dirty one on its way would arrive behind that.
 */
@HotPath
final class Pins {
  private final Rmaps rmaps;
  private final List<AddressSpace> spaces;
  private final WaitList waiters;
  private final int[] changes;
  private int active;
  private boolean hasHeld;

  /**
   * @param waiters allocations that found every line of their set in use
   * @param changes the counters that tell them of changes
   */
  Pins(Rmaps rmaps, List<AddressSpace> spaces, WaitList waiters, int[] changes) {
    this.rmaps = rmaps;
    this.spaces = spaces;
    this.waiters = waiters;
    this.changes = changes;
  }

  void pin(AddressSpace space, long start, long end) {
    space.pin(start, end);
    active++;
  }

  /** Lets the lines go, and allocations that wait for them look again. */
  void unpin(AddressSpace space, ExecutionContext by) {
    if (!space.hasPins()) {
      return;
    }
    space.unpin();
    active--;
    if (hasHeld) {
      hasHeld = false;
      for (int i = 0; i < changes.length; i++) {
        changes[i]++;
      }
      waiters.wakeEveryone(by);
    }
  }

  /** True when a page of the line is pinned. */
  boolean hold(int line) {
    if (active == 0) {
      return false;
    }
    for (int rmap = rmaps.first(line); rmap != Rmaps.NONE; rmap = rmaps.next(rmap)) {
      if (spaces.get(rmaps.space(rmap)).isPinned(rmaps.address(rmap))) {
        hasHeld = true;
        return true;
      }
    }
    return false;
  }
}
