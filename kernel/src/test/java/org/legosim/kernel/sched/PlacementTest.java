package org.legosim.kernel.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final long TICK_PS = 10_000_000_000L;

  private final List<RunQueue> queues = new ArrayList<>();

  /** CPUs that alternate between two sockets. */
  private Placement placement(int cpus, Integer... pinned) {
    queues.clear();
    List<Integer> active = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      queues.add(new RunQueue(cpu, SchedParams.DEFAULT, TICK_PS));
      if (!List.of(pinned).contains(cpu)) {
        active.add(cpu);
      }
    }
    return new Placement(queues, CpuMask.of(active), cpu -> cpu % 2);
  }

  private List<Integer> place(Placement placement, SchedDefects defects, int tasks) {
    List<Integer> cpus = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      SchedEntity entity = new SchedEntity(task, Placement.initMask(queues.size(), defects));
      int cpu = placement.fork(entity, 0);
      queues.get(cpu).add(entity, 0);
      cpus.add(cpu);
    }
    return cpus;
  }

  /**
   * Row 11, the sample machine: 8 CPUs, kernel threads pinned on 0, 2 and 3. When every CPU has a task the
   * least loaded ones are those of the pinned threads, forever, and the first active CPU beside the parent
   * gets all the rest.
   */
  @Test
  void row11_pinnedThreadsTakeTheirCpusFromUserTasks() {
    Placement placement = placement(8, 0, 2, 3);
    assertEquals(List.of(1, 4, 5, 6, 7, 4, 4, 4), place(placement, SchedDefects.NONE, 8));
  }

  @Test
  void aNewTaskGoesWhereNoneIs_elseWhereFewestAre_andNobodyIsMoved() {
    Placement placement = placement(3);
    assertEquals(List.of(0, 1, 2, 0), place(placement, SchedDefects.NONE, 4));
    queues.get(1).pick(0);
    queues.get(1).block(0);
    queues.get(2).pick(0);
    queues.get(2).block(0);
    // CPU 0 keeps both of its tasks though two CPUs are idle
    assertEquals(2, queues.get(0).count());
    assertEquals(List.of(1, 2, 1, 2, 0), place(placement, SchedDefects.NONE, 5));
  }

  /** A real-time task does not keep new fair ones away. */
  @Test
  void onlyFairTasksMakeACpuBusyForNewOnes() {
    Placement placement = placement(2);
    SchedEntity realTime = new SchedEntity(9, CpuMask.first(2));
    queues.get(0).change(realTime, Policy.FIFO, 0, 10, 0);
    queues.get(0).add(realTime, 0);
    assertEquals(List.of(0, 1, 1), place(placement, SchedDefects.NONE, 3));
  }

  @Test
  void whoIsOnTheWayCounts() {
    Placement placement = placement(2);
    SchedEntity first = new SchedEntity(0, CpuMask.first(2));
    int cpu = placement.fork(first, 0);
    placement.sent(first, cpu);
    assertEquals(0, cpu);
    assertEquals(1, placement.fork(new SchedEntity(1, CpuMask.first(2)), 0));
    placement.arrived(first, cpu);
    placement.arrived(first, cpu);
    assertEquals(0, placement.fork(new SchedEntity(2, CpuMask.first(2)), 0));
  }

  @Test
  void affinityIsLookedAtAfterwards() {
    Placement placement = placement(4);
    // CPU 0 is empty and not allowed: the first allowed one of the parent's socket, then any
    assertEquals(3, placement.fork(new SchedEntity(0, CpuMask.of(List.of(2, 3))), 1));
    assertEquals(2, placement.fork(new SchedEntity(1, CpuMask.of(List.of(2, 3))), 0));
    assertEquals(3, placement.fork(new SchedEntity(2, CpuMask.only(3)), 0));
    assertEquals(2, placement.wake(new SchedEntity(3, CpuMask.of(List.of(1, 2))), 2));
    assertEquals(1, placement.wake(new SchedEntity(4, CpuMask.of(List.of(1, 2))), 3));
  }

  /** F-8, row 10: everybody inherits the first process's mask. */
  @Test
  void f8_allTasksShareCpuZeroWhenInitKeepsItsMask() {
    SchedDefects defects = SchedDefects.of(List.of("F-8"));
    assertEquals(List.of(0, 0, 0), place(placement(4), defects, 3));
    assertEquals(List.of(0, 1, 2), place(placement(4), SchedDefects.NONE, 3));
    // where CPU 0 is pinned the mask has no active CPU and is given up for all
    assertEquals(List.of(4, 4), place(placement(8, 0, 2, 3), defects, 2));
  }
}
