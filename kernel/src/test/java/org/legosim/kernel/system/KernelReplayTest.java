package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.TraceException;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.Mapping;

/**
 * Futexes, the ends and births of threads and processes, and traces that contradict themselves, each on a
 * whole machine with two memory pages' worth of program.
 */
class KernelReplayTest {
  private static final long DATA = 0x7f0000000000L;
  private static final long WORD = DATA + 0x100;
  private static final long OTHER_WORD = DATA + 0x1100;
  private static final int FUTEX = 202;
  private static final int WAIT = 128;
  private static final int WAKE = 129;
  private static final int EXIT = 60;
  private static final long THREAD_FLAGS = 0x3d0f00;
  private static final List<Mapping> MAPPINGS =
      List.of(new Mapping(DATA, DATA + 0x10000, "rw-p", 0, "[anon]"));

  private final ListTrace trace = new ListTrace().process(1, 0, MAPPINGS);
  private final ListTrace.Writer main = trace.thread(1, 1);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "1 MiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "processor.cpus", "8"));

  private RunResult run() {
    return Replay.run(trace, keys);
  }

  private static String texts(RunResult result) {
    return Replay.texts(result);
  }

  /** Diary row 12: a wait that has queued is found by its wake, whoever is faster. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10_000, 100_000})
  void row12_aWakeIsNeverLost(int delay) {
    ListTrace.Writer waiter = trace.thread(1, 2);
    waiter.access(AccessKind.LOAD, WORD, 4, 1);
    waiter.enter(FUTEX, WORD, WAIT, 1).leave(0);
    main.access(AccessKind.LOAD, OTHER_WORD, 4, 1 + delay);
    main.enter(FUTEX, WORD, WAKE, 1).leave(delay < 100_000 ? 0 : 1);
    waiter.waitFor(2, main, 0, 1);
    RunResult result = run();
    boolean isLate = delay < 100_000;
    assertEquals(isLate ? "futex 0 / EAGAIN\n" : "", texts(result));
    assertEquals(isLate ? 0 : 1, result.metrics().getLong("futex_waits"));
  }

  /** Two waiters, one wake: the one that came first is taken, and the counts are the kernel's. */
  @Test
  void row12_wakeCountsAreTheQueues() {
    for (int tid = 2; tid <= 3; tid++) {
      ListTrace.Writer waiter = trace.thread(1, tid);
      waiter.enter(FUTEX, WORD, WAIT, 1).leave(0);
      waiter.waitFor(1, main, 0, tid == 2 ? 1 : 3);
    }
    main.access(AccessKind.LOAD, OTHER_WORD, 4, 1_000_000);
    main.enter(FUTEX, WORD, WAKE, 1).leave(1);
    main.enter(FUTEX, WORD, WAKE, 10).leave(7);
    assertEquals("futex 7 / 1\n", texts(run()));
  }

  /** The word's page is not resident: the wait faults it in, by a remote miss, and queues then. */
  @Test
  void row12_theWordLivesInThePcache() {
    main.enter(FUTEX, WORD, WAIT, 1).leave(-11);
    RunResult result = run();
    assertEquals("", texts(result));
    assertEquals(1, result.metrics().getLong("pcache_fill_remote"));
    assertEquals(1, result.metrics().getLong("pcache_misses"));
    assertEquals(0, result.metrics().getLong("pcache_hits"));
  }

  @Test
  void row12_aWakeWithoutWaiters_touchesNothing() {
    main.enter(FUTEX, WORD, WAKE, 1).leave(0);
    RunResult result = run();
    assertEquals(0, result.metrics().getLong("pcache_misses"));
    assertEquals(0, result.metrics().getLong("rpc_count"));
  }

  /** A timeout of 25 ms that begins in tick 0 ends with tick 4: three ticks and the one begun. */
  @Test
  void row12_timeoutsEndAtTicks() {
    main.access(AccessKind.LOAD, WORD, 4, 1);
    main.enterWith(List.of("0.025000000"), FUTEX, WORD, WAIT, 1, DATA + 0x2000).leave(-110);
    RunResult result = run();
    assertEquals("", texts(result));
    long endNs = result.metrics().getLong("simulated_time_ns");
    assertTrue(endNs >= 40_000_000 && endNs < 40_010_000, "end " + endNs);
  }

  /** pthread_join: the child's end clears its word and wakes the joiner, who waits without PRIVATE. */
  @Test
  void row12_aThreadsEndWakesItsJoiner() {
    ListTrace.Writer child = trace.thread(1, 2);
    main.access(AccessKind.STORE, WORD, 4, 1);
    main.enter(56, THREAD_FLAGS, DATA + 0x8000, WORD, WORD).leave(2);
    main.enter(FUTEX, WORD, 0, 2).leave(0);
    child.access(AccessKind.LOAD, DATA + 0x7000, 8, 1_000_000);
    child.enter(EXIT).event(EventKind.EXIT, 0);
    child.waitFor(0, main, 0, 1);
    main.waitFor(4, child, 1, 1);
    assertEquals("", texts(run()));
  }

  /** A robust futex whose owner dies: its word is marked and its waiter woken. */
  @Test
  void row12_aDeadOwnersWaiterIsWoken() {
    ListTrace.Writer owner = trace.thread(1, 2);
    owner.enter(273, DATA + 0x3000, 24).leave(0);
    owner.access(AccessKind.LOAD, DATA + 0x7000, 8, 1_000_000);
    owner.enterWith(List.of("0x" + Long.toHexString(WORD)), EXIT);
    main.enter(FUTEX, WORD, WAIT, 1).leave(0);
    main.waitFor(1, owner, 1, 3);
    assertEquals("", texts(run()));
  }

  /** The same without the list: nobody wakes it, as the captured result then contradicts. */
  @Test
  void row12_withoutTheListNobodyWakes() {
    ListTrace.Writer owner = trace.thread(1, 2);
    owner.access(AccessKind.LOAD, DATA + 0x7000, 8, 1_000_000);
    owner.enterWith(List.of("0x" + Long.toHexString(WORD)), EXIT);
    main.enter(FUTEX, WORD, WAIT, 1).leave(0);
    main.waitFor(1, owner, 1, 1);
    assertEquals("futex 0 / EAGAIN\n", texts(run()));
  }

  /** Two words of one bucket: the calls wait for its lock, not for each other's waiters. */
  @Test
  void row12_bucketLocksAreTimed() {
    for (int tid = 2; tid <= 6; tid++) {
      ListTrace.Writer waker = trace.thread(1, tid);
      waker.access(AccessKind.LOAD, WORD, 4, 1_000_000);
      waker.enter(FUTEX, WORD, WAIT, 1).leave(-11);
    }
    main.access(AccessKind.STORE, WORD, 4, 1);
    RunResult result = run();
    assertEquals("", texts(result));
    assertTrue(result.metrics().getDouble("time_lock_wait_ns") > 100);
  }

  /** Diary row 15: a thread is made here alone, a process by one message. */
  @Test
  void row15_aThreadCloneIssuesNoRpc() {
    main.enter(56, THREAD_FLAGS & ~0x300000L, DATA + 0x8000, 0, 0).leave(2);
    ListTrace.Writer child = trace.thread(1, 2);
    child.enter(EXIT).event(EventKind.EXIT, 0);
    child.waitFor(0, main, 0, 0);
    assertEquals(0, run().metrics().getLong("rpc_count"));
    ListTrace.Writer process = trace.process(3, 1).thread(3, 3);
    main.enter(57).leave(3);
    process.enter(231).event(EventKind.EXIT, 0);
    process.waitFor(0, main, 0, 2);
    assertEquals(1, run().metrics().getLong("rpc_count"));
  }

  /** A child is a zombie until it is reaped, once. */
  @Test
  void row15_aZombieIsReapedOnce() {
    ListTrace.Writer child = trace.process(3, 1).thread(3, 3);
    main.enter(57).leave(3);
    child.enter(231).event(EventKind.EXIT, 0);
    child.waitFor(0, main, 0, 0);
    main.enter(61, -1).leave(3);
    main.waitFor(3, child, 1, 1);
    main.access(AccessKind.LOAD, WORD, 4, 100_000);
    main.enter(61, -1).leave(3);
    assertEquals("wait4 reaped 3 / ECHILD\n", texts(run()));
  }

  /** Diary row 39: uname is answered here, with release 4.0.0; its buffer is user memory. */
  @Test
  void row39_unameIsAnsweredHere() {
    main.enter(63, WORD).leave(0);
    RunResult result = run();
    assertEquals(1, result.metrics().getLong("rpc_count"));
    assertEquals(1, result.metrics().getLong("pcache_fill_remote"));
    assertTrue(result.approximations().toString().contains("4.0.0"));
  }

  @Test
  void contradictions_areReplayedAndListed() {
    main.access(AccessKind.LOAD, WORD, 4, 1);
    main.enter(11, 0x10000000L, 0x4000).leave(0);
    main.enter(11, 0x10000010L, 0x4000).leave(0);
    main.enter(FUTEX, 0x20000000L, WAIT, 0).leave(0);
    main.enter(FUTEX, WORD, 134).leave(0);
    main.enter(FUTEX, WORD + 1, WAKE, 1).leave(0);
    main.enter(56, THREAD_FLAGS, DATA, WORD, WORD).leave(150);
    main.enter(25, 0x30000000L, 0x2000, 0x4000, 1).leave(0x31000000L);
    main.enter(61, 555).leave(555);
    main.enter(39).leave(77);
    main.leave(5);
    main.enter(0, 0, 0x50000000L, 4096).leave(4096);
    main.enter(EXIT).enter(EXIT);
    assertEquals("""
        munmap 0 / EINVAL
        futex 0 / EFAULT
        futex 0 / ENOSYS
        futex 0 / EINVAL
        clone made 150 / the trace has no thread that begins here
        mremap 0x31000000 / EFAULT
        wait4 reaped 555 / ECHILD
        getpid 77 / 1
        return 5 / no call is in progress
        read 4096 / EFAULT
        exit went on after its end / ended: the rest is left out
        """, texts(run()));
  }

  /** What a refused call would have mapped explains no access. */
  @Test
  void anAccessNoMappingExplains_isTheTracesError() {
    main.enter(25, 0x30000000L, 0x2000, 0x4000, 1).leave(0x31000000L);
    main.access(AccessKind.LOAD, 0x31000000L, 8, 1);
    TraceException error = assertThrows(TraceException.class, () -> Replay.run(trace, keys, true));
    assertTrue(error.getMessage().contains("record 2"), error.getMessage());
  }
}
