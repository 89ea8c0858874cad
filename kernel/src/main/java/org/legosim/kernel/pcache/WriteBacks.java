package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.ExecutionContext;

/**
 * Lines that are being evicted by write protection. They stay mapped while they are flushed, so neither
 * the page table nor a list of the kernel's says that their data is on its way.
 */
final class WriteBacks {
  private final Rmaps rmaps;
  private final Pcache pcache;
  private final WaitList waiters = new WaitList();
  private int[] lines = new int[8];
  private int count;

  WriteBacks(Pcache pcache) {
    this.pcache = pcache;
    this.rmaps = pcache.rmaps;
  }

  void begin(int line) {
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
    }
    lines[count++] = line;
  }

  /** The line's data is safe and its mappings are about to go. */
  void end(int line, ExecutionContext by) {
    for (int i = 0; i < count; i++) {
      if (lines[i] == line) {
        lines[i] = lines[--count];
      }
    }
    if (!waiters.isEmpty()) {
      waiters.wakeEveryone(by);
    }
  }

  /** True when a page of the range is among them. */
  boolean isAny(int tgid, long start, long end) {
    for (int i = 0; i < count; i++) {
      for (int rmap = rmaps.first(lines[i]); rmap != Rmaps.NONE; rmap = rmaps.next(rmap)) {
        long address = rmaps.address(rmap);
        if (pcache.space(rmaps.space(rmap)).tgid() == tgid && address >= start && address < end) {
          return true;
        }
      }
    }
    return false;
  }

  /** Waits until one of them is done, looking every {@code pollPs}. */
  void await(KernelContext context, long pollPs) {
    waiters.add(context, 0, 0, pollPs);
    context.beginWait("a line that is being written back");
  }
}
