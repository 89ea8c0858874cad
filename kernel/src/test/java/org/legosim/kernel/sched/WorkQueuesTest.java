package org.legosim.kernel.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows 7 and 8: pools of CPUs that are brought up, or not quite. */
class WorkQueuesTest {
  private final List<String> handed = new ArrayList<>();
  private final WorkQueues queues =
      new WorkQueues(3, (sender, cpu, work) -> handed.add(work.name() + " to " + cpu));
  private final WorkQueues.Work work = new WorkQueues.Work("drain", 0, () -> {});

  @Test
  void row8_workOnACpuThatIsNotOnlineWaitsForIt() {
    queues.prepare(1);
    assertTrue(queues.queueOn(1, 0, work));
    assertEquals(List.of(), handed);
    assertEquals(List.of("work drain is queued on CPU 1, which is not online"), queues.held());
    assertFalse(queues.queueOn(1, 0, work));
    assertTrue(queues.online(1, 0));
    assertEquals(List.of("drain to 1"), handed);
    assertEquals(List.of(), queues.held());
    assertTrue(work.isPending());
    work.run();
    assertFalse(work.isPending());
    assertEquals(1, work.runs());
    assertTrue(queues.queueOn(1, 0, work));
    assertEquals(2, handed.size());
  }

  /** Row 7: without the step that makes the worker, nothing is ever done there. */
  @Test
  void row7_aCpuThatWasNeverPreparedHasNoWorker() {
    assertTrue(queues.queueOn(2, 0, work));
    assertFalse(queues.online(2, 0));
    assertEquals(List.of(), handed);
    assertEquals(List.of("work drain is queued on CPU 2, which has no worker"), queues.held());
  }
}
