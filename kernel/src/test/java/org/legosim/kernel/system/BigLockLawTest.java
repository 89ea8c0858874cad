package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row 5 of the diary: with one lock around all system calls programs are no faster and do the same. They map, use and
 * unmap memory of their own; nothing else brings them together.
 */
class BigLockLawTest {
  private static final List<String> SAME =
      List.of("accesses", "instructions", "syscalls", "replay_disagreements", "futex_waits");

  private static Script programs(int processes) {
    Script script = new Script(256, 8).unordered();
    for (int process = 1; process <= processes; process++) {
      if (process > 1) {
        script.process(process);
      }
      script.by(process);
      for (int round = 0; round < 12; round++) {
        long page = process * 2048L + round * 8L;
        script.map(page, 4).write(page, page + 1).read(page).unmap(page, 4);
      }
    }
    return script;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void oneLockForAllCalls_isNoFaster_andChangesNothingElse(int processes) {
    Script free = programs(processes);
    free.run();
    Script locked = programs(processes).set("kernel.bigSyscallLock", "true");
    locked.run();
    long freeNs = free.metric("simulated_time_ns");
    long lockedNs = locked.metric("simulated_time_ns");
    assertTrue(lockedNs >= freeNs, lockedNs + " ns with the lock, " + freeNs + " ns without");
    assertEquals(processes == 1, lockedNs == freeNs, lockedNs + " ns and " + freeNs + " ns");
    for (String metric : SAME) {
      assertEquals(free.metric(metric), locked.metric(metric), metric);
    }
    assertEquals(
        free.metric("time_lock_wait_ns") < locked.metric("time_lock_wait_ns"), processes > 1);
  }

  /** A call that sleeps gives the lock up: the one that wakes it needs it. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void forksAndWaits_endWithTheLockToo(String isLocked) {
    Script script =
        new Script(64, 4).set("kernel.bigSyscallLock", isLocked).map(0, 8).write(0, 1);
    script.fork(2).fork(3);
    for (int pid = 1; pid <= 3; pid++) {
      script.by(pid).write(1).read(2).map(64L * pid, 4).write(64L * pid);
    }
    assertTrue(script.run().contains("K"), "nothing was inherited");
  }
}
