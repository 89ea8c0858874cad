package org.legosim.kernel.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static List<Integer> place(Placement placement, int tasks) {
    List<Integer> cpus = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      cpus.add(placement.place());
    }
    return cpus;
  }

  /** The sample machine: 8 CPUs, kernel threads pinned on 0, 2 and 3. */
  @Test
  void pinnedThreadsTakeTheirCpusFromUserTasks() {
    Placement placement = new Placement(8, 3, SchedDefects.NONE);
    assertEquals(List.of(1, 4, 5, 6, 7, 1, 4), place(placement, 7));
  }

  @Test
  void aNewTaskGoesWhereNoneIsAndNobodyIsMoved() {
    Placement placement = new Placement(3, 0, SchedDefects.NONE);
    assertEquals(List.of(0, 1, 2, 0), place(placement, 4));
    placement.left(1);
    placement.left(2);
    // CPU 0 keeps both of its tasks though two CPUs are idle; a woken task returns to its own
    placement.woken(2);
    assertEquals(List.of(1, 1, 2, 0), place(placement, 4));
  }

  /** F-8: everybody inherits the first process's mask. */
  @Test
  void allTasksShareCpuZeroWhenInitKeepsItsMask() {
    SchedDefects defects = SchedDefects.of(List.of("F-8"));
    assertEquals(List.of(0, 0, 0), place(new Placement(4, 0, defects), 3));
    // where CPU 0 is pinned the mask has no active CPU and is given up
    assertEquals(List.of(1, 4, 5), place(new Placement(8, 3, defects), 3));
  }

  @Test
  void oneCpuIsAlwaysLeft() {
    assertEquals(List.of(0, 0), place(new Placement(1, 3, SchedDefects.NONE), 2));
    assertEquals(List.of(1, 1), place(new Placement(2, 9, SchedDefects.NONE), 2));
  }
}
