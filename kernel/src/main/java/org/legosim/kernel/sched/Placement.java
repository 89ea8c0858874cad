package org.legosim.kernel.sched;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a node's tasks run: a new task goes to the first CPU without one, else to the one with the
 * fewest; a woken task stays where it ran; nothing is ever balanced. Only active CPUs take user tasks: a
 * kernel thread that is pinned takes its CPU out of that mask.
 *
 * <p>Source: LegoOS {@code kernel/sched/fair.c}, {@code kernel/sched/core.c}.
 */
public final class Placement {
  private final List<Integer> candidates;
  private final int[] assigned;

  /**
   * @param cpus logical CPUs, at least 1
   * @param pinned CPUs that pinned kernel threads take; one is always left
   */
  public Placement(int cpus, int pinned, SchedDefects defects) {
    List<Integer> active = activeCpus(cpus, Math.min(pinned, cpus - 1));
    // a mask without an active CPU is given up for all of them, as the kernel's fallback does
    candidates = defects.keepsInitMask() && active.contains(0) ? List.of(0) : active;
    assigned = new int[cpus];
  }

  private static List<Integer> activeCpus(int cpus, int pinned) {
    List<Integer> active = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      // kernel threads were pinned where they ran: on CPU 0 and from CPU 2 on
      boolean isPinned = cpu == 0 ? pinned > 0 : cpu >= 2 && cpu < pinned + 1;
      if (!isPinned || cpus == 1) {
        active.add(cpu);
      }
    }
    return active;
  }

  /** Places a new task; the CPU counts it from now on. */
  public int place() {
    int best = candidates.get(0);
    for (int cpu : candidates) {
      if (assigned[cpu] < assigned[best]) {
        best = cpu;
      }
    }
    assigned[best]++;
    return best;
  }

  /** A task that ran on {@code cpu} can run again; it stays there. */
  public void woken(int cpu) {
    assigned[cpu]++;
  }

  /** A task of {@code cpu} sleeps or has ended. */
  public void left(int cpu) {
    assigned[cpu]--;
  }
}
