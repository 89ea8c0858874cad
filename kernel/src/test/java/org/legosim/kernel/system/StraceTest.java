package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.ThreadSyscalls;
import org.legosim.timing.trace.Mapping;

/** The kernel's own strace: diary row 31. */
class StraceTest {
  private static final long DATA = 0x7f0000000000L;
  private static final long ENOENT = -2;

  private final ListTrace trace = new ListTrace()
      .process(1, 0, List.of(new Mapping(DATA, DATA + 0x100000, "rw-p", 0, "[anon]")));

  private RunResult run(Map<String, String> more) {
    Map<String, String> keys = new LinkedHashMap<>(Map.of(
        "pcache.size", "1 MiB",
        "pcache.ways", "4",
        "caches.model", "off",
        "tlb.model", "off",
        "processor.cpus", "8"));
    keys.putAll(more);
    return new LegoSystem(
            RunAheadLawTest.params(keys), RunOptions.of(new RunIdentity("c", "t", "v", 1)))
        .load(new Application(trace, 0))
        .run();
  }

  /**
   * Row 31: what the developers counted under Linux (futex 30, munmap 62, mmap 88, clone 93, mprotect 64,
   * write 16, open 2), spread over a group of threads, is what the group's table has at its end.
   */
  @Test
  void row31_theGroupsTable_hasEveryThreadsCalls() {
    List<ListTrace.Writer> threads = new ArrayList<>();
    for (int tid = 1; tid <= 5; tid++) {
      threads.add(trace.thread(1, tid));
    }
    Map<Integer, Integer> calls = new LinkedHashMap<>();
    calls.put(202, 30);
    calls.put(11, 62);
    calls.put(9, 88);
    calls.put(56, 93);
    calls.put(10, 64);
    calls.put(1, 16);
    calls.put(2, 2);
    calls.forEach((number, count) -> {
      for (int i = 0; i < count; i++) {
        ListTrace.Writer thread = threads.get(i % threads.size());
        switch (number) {
          case 202 -> thread.enter(202, DATA + 8, 129, 1).leave(0);
          case 11 -> thread.enter(11, DATA + 0x80000, 4096).leave(0);
          case 9 -> thread.enter(9, 0, 4096, 3, 0x22, -1, 0).leave(DATA + 0x200000 + i * 4096L);
          case 10 -> thread.enter(10, DATA, 4096, 3).leave(0);
          case 1 -> thread.enter(1, 1, DATA, 4).leave(4);
          default -> thread.enter(number, 0, DATA).leave(ENOENT);
        }
      }
    });
    Map<Integer, Integer> found = new LinkedHashMap<>();
    RunResult result = run(Map.of());
    long errors = 0;
    for (SyscallRow row : result.syscalls()) {
      found.put(row.number(), (int) row.calls());
      errors += row.errors();
    }
    assertEquals(calls, found);
    assertEquals(5, result.threadSyscalls().size());
    Map<Integer, Integer> sums = new LinkedHashMap<>();
    for (ThreadSyscalls thread : result.threadSyscalls()) {
      for (SyscallRow row : thread.rows()) {
        sums.merge(row.number(), (int) row.calls(), Integer::sum);
      }
    }
    assertEquals(calls, sums);
    // of 30 futex calls each of the five has 6, of 62 munmaps the first two have 13
    SyscallRow munmap = result.threadSyscalls().get(1).rows().get(4);
    assertEquals("munmap 13", munmap.name() + " " + munmap.calls());
    assertEquals(93 + 2, errors);
    assertEquals(355, result.metrics().getLong("syscalls"));
  }

  /** Two readings of the clock per call, when the kernel traces. */
  @Test
  void strace_readsTheClockTwicePerCall() {
    ListTrace.Writer thread = trace.thread(1, 1);
    for (int i = 0; i < 10; i++) {
      // more different calls than a table begins with
      thread.enter(100 + i).leave(1);
    }
    long offNs = run(Map.of()).metrics().getLong("simulated_time_ns");
    RunResult on = run(Map.of("kernel.strace", "on", "kernel.costs.clockRead", "7 ns"));
    assertEquals(offNs + 10 * 2 * 7, on.metrics().getLong("simulated_time_ns"));
  }
}
