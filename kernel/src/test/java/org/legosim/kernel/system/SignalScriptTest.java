package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.Mapping;

/**
 * Diary row 13, signals, and row 15, ends of processes, each on a whole machine whose memory is remote. Every
 * program runs in the inlining and in the plain engine, which must agree, and is checked always.
 */
class SignalScriptTest {
  private static final long DATA = 0x7f0000000000L;
  private static final long STACK = DATA + 0x8000;
  private static final long ALTERNATE = DATA + 0x4000;
  private static final int USR1 = 10;
  private static final int SIGACTION = 13;
  private static final int SIGPROCMASK = 14;
  private static final int SIGRETURN = 15;
  private static final int PAUSE = 34;
  private static final int FORK = 57;
  private static final int CLONE = 56;
  private static final int WAIT4 = 61;
  private static final int KILL = 62;
  private static final int EXIT = 60;
  private static final int EXIT_GROUP = 231;
  private static final int FUTEX = 202;
  private static final int NANOSLEEP = 35;
  private static final long THREAD = 0x10f00;
  private static final int EINTR = -4;
  private static final String HANDLER = "0x401000 0x4000000 0x402000 0x0";
  private static final List<Mapping> MAPPINGS =
      List.of(new Mapping(DATA, DATA + 0x10000, "rw-p", 0, "[anon]"));

  private final ListTrace trace = new ListTrace().process(1, 0, MAPPINGS);
  private final ListTrace.Writer main = trace.thread(1, 1);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "1 MiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "check", "always",
      "processor.cpus", "8"));

  private RunResult run() {
    return Replay.run(trace, keys);
  }

  private static String texts(RunResult result) {
    return Replay.textsByThread(result);
  }

  private static ListTrace.Writer handles(ListTrace.Writer thread, int number, String action) {
    return thread.enterWith(List.of(action), SIGACTION, number, DATA, 0, 8).leave(0);
  }

  /** A handler that pushes one word, loads it back and returns. */
  private static ListTrace.Writer handler(ListTrace.Writer thread, int number, long frame) {
    thread.event(EventKind.SIGNAL, number);
    thread.access(AccessKind.STORE, frame - 8, 8, 2);
    thread.access(AccessKind.LOAD, frame - 8, 8, 2);
    return thread.enter(SIGRETURN);
  }

  /**
   * A program that signals itself. The frame's 1,292 bytes lie in the two pages around STACK, of which one is
   * new; they are written and read again, at 90 ns a KiB.
   */
  @Test
  void row13_theFrameIsWrittenThroughThePcache() {
    handles(main, USR1, HANDLER);
    main.access(AccessKind.LOAD, STACK, 8, 10);
    RunResult without = run();
    main.enter(KILL, 1, USR1).leave(0);
    handler(main, USR1, STACK - 8);
    main.access(AccessKind.LOAD, STACK, 8, 10);
    RunResult result = run();
    assertEquals("", texts(result));
    assertEquals(1, without.metrics().getLong("pcache_misses"));
    assertEquals(
        2,
        result.metrics().getLong("pcache_misses"),
        "the frame faults in the page below, the handler finds it");
    double copiedNs = result.metrics().getDouble("time_copy_ns");
    assertTrue(copiedNs >= 226 && copiedNs < 240, "frame written and read: " + copiedNs);
  }

  /** The first store of the handler lies in a page that only the frame has touched before. */
  @Test
  void row13_aFrameFaultsItsPagesIn() {
    handles(main, USR1, HANDLER);
    main.enter(KILL, 1, USR1).leave(0);
    handler(main, USR1, STACK + 0x808);
    RunResult result = run();
    assertEquals("", texts(result));
    assertEquals(1, result.metrics().getLong("pcache_misses"), "by the frame, not by the handler");
  }

  /** After a fork the frame is the first to write the stack: its page is copied. */
  @Test
  void row13_aFrameMayCopyASharedPage() {
    ListTrace.Writer child = trace.process(3, 1).thread(3, 3);
    main.access(AccessKind.STORE, STACK, 8, 1);
    handles(main, USR1, HANDLER);
    main.enter(FORK).leave(3);
    child.waitFor(0, main, 0, 3);
    child.enter(KILL, 3, USR1).leave(0);
    handler(child, USR1, STACK + 0x808);
    child.enter(EXIT_GROUP).event(EventKind.EXIT, 0);
    main.enter(WAIT4, 3, 0, 0).leave(3);
    main.waitFor(6, child, 1, 7);
    RunResult result = run();
    assertEquals("", texts(result));
    assertEquals(1, result.metrics().getLong("pcache_fault_cow"));
  }

  /** A task that is switched away in its handler finds its own registers; check always would stop it. */
  @Test
  void row13_theHandlerPreservesXmm() {
    keys.put("processor.cpus", "1");
    handles(main, USR1, HANDLER);
    ListTrace.Writer other = trace.thread(1, 2);
    other.access(AccessKind.LOAD, DATA, 8, 200_000_000);
    other.access(AccessKind.LOAD, DATA, 8, 200_000_000);
    main.access(AccessKind.LOAD, STACK, 8, 200_000_000);
    main.enter(KILL, 1, USR1).leave(0);
    main.event(EventKind.SIGNAL, USR1);
    main.access(AccessKind.STORE, STACK - 8, 8, 200_000_000);
    main.access(AccessKind.LOAD, STACK - 8, 8, 200_000_000);
    main.enter(SIGRETURN);
    main.access(AccessKind.LOAD, STACK, 8, 200_000_000);
    RunResult result = run();
    assertEquals("", texts(result));
    assertTrue(result.metrics().getLong("context_switches") > 4);
  }

  @Test
  void row13_whatContradictsTheKernelIsListed() {
    main.event(EventKind.SIGNAL, USR1).access(AccessKind.STORE, STACK, 8, 1);
    main.enter(SIGRETURN);
    handles(main, USR1, HANDLER);
    handler(main, USR1, STACK);
    main.enterWith(List.of("0x200"), SIGPROCMASK, 0, DATA, 0, 8).leave(0);
    main.enter(KILL, 1, USR1).leave(0);
    handler(main, USR1, STACK);
    main.enter(SIGRETURN);
    main.enter(KILL, 77, USR1).leave(0);
    main.enter(KILL, 1, 65).leave(0);
    main.enterWith(List.of(HANDLER), SIGACTION, 9, DATA, 0, 8).leave(0);
    assertEquals("""
        1 signal 10 delivered / not sent
        1 signal 10 delivered / not sent
        1 signal 10 delivered / blocked
        1 rt_sigreturn returned / no frame: SIGSEGV
        1 kill 0 / ESRCH
        1 kill 0 / EINVAL
        1 rt_sigaction 0 / EINVAL
        """, texts(run()));
  }

  @Test
  void row13_alternateStack() {
    main.enterWith(List.of("0x7f0000004000 0x0 0x2000"), 131, DATA, 0).leave(0);
    handles(main, USR1, "0x401000 0xc000000 0x402000 0x0");
    main.enter(KILL, 1, USR1).leave(0);
    handler(main, USR1, ALTERNATE + 0x1000);
    main.enter(KILL, 1, USR1).leave(0);
    handler(main, USR1, STACK);
    RunResult result = run();
    assertEquals("1 signal 10 on another stack / on the alternate stack\n", texts(result));
  }

  /** pause sleeps until the other thread's kill: its time is idle, and it ends with the sender's. */
  @Test
  void row13_pauseSleepsUntilTheSignal() {
    ListTrace.Writer other = trace.thread(1, 2);
    handles(main, USR1, HANDLER);
    main.enter(PAUSE).leave(EINTR);
    handler(main, USR1, STACK);
    other.access(AccessKind.LOAD, DATA, 8, 5_000_000);
    other.enter(234, 1, 1, USR1).leave(0);
    main.waitFor(3, other, 1, 1);
    RunResult result = run();
    assertEquals("", texts(result));
    assertTrue(result.metrics().getDouble("time_idle_ns") > 1_000_000);
  }

  /** alarm and pause: the timer goes off at a tick, three after the one begun for 25 ms. */
  @Test
  void row13_alarmsGoOffAtTicks() {
    handles(main, 14, HANDLER);
    main.enterWith(List.of("0.000000000", "0.025000000"), 38, 0, DATA, 0).leave(0);
    main.enter(PAUSE).leave(EINTR);
    handler(main, 14, STACK);
    RunResult result = run();
    assertEquals("", texts(result));
    long endNs = result.metrics().getLong("simulated_time_ns");
    assertTrue(endNs >= 40_000_000 && endNs < 40_040_000, "end " + endNs);
  }

  @Test
  void row13_anAlarmBeforeItsTickIsNotSent() {
    handles(main, 14, HANDLER);
    main.enter(37, 1).leave(0);
    handler(main, 14, STACK);
    assertEquals("1 signal 14 delivered / not sent\n", texts(run()));
  }

  /** A futex wait that a signal ends leaves its queue: the wake after it finds nobody. */
  @Test
  void row13_aSignalEndsAFutexWait() {
    ListTrace.Writer other = trace.thread(1, 2);
    handles(main, USR1, HANDLER);
    main.enter(FUTEX, DATA + 0x100, 128, 1).leave(EINTR);
    handler(main, USR1, STACK);
    main.access(AccessKind.STORE, DATA, 8, 1);
    other.access(AccessKind.LOAD, DATA, 8, 5_000_000);
    other.enter(KILL, 1, USR1).leave(0);
    other.enter(FUTEX, DATA + 0x100, 129, 1).leave(1);
    main.waitFor(3, other, 1, 1);
    other.waitFor(3, main, 0, 7);
    assertEquals("2 futex 1 / 0\n", texts(run()));
  }

  /** One computes on another CPU, one waits for a futex and leaves its queue first, one sleeps. */
  @Test
  void row15_exitGroupKillsTheOthers() {
    for (int tid = 2; tid <= 4; tid++) {
      ListTrace.Writer thread = trace.thread(1, tid);
      if (tid == 2) {
        thread.access(AccessKind.LOAD, DATA, 8, 1);
        for (int i = 0; i < 1000; i++) {
          thread.access(AccessKind.LOAD, DATA + 0x1000, 8, 1_000_000);
        }
      } else if (tid == 3) {
        thread.enter(FUTEX, DATA + 0x100, 128, 1).leave(0);
        thread.waitFor(1, main, 0, 99);
      } else {
        thread.enterWith(List.of("9.000000000"), NANOSLEEP, DATA, 0).leave(0);
      }
    }
    main.access(AccessKind.LOAD, DATA, 8, 10_000_000);
    main.enter(EXIT_GROUP).event(EventKind.EXIT, 0);
    RunResult result = run();
    assertEquals("""
        4 exit_group went on after its group's end / killed at its next return
        3 exit_group went on after its group's end / killed at its next return
        2 exit_group went on after its group's end / killed at its next return
        """, texts(result));
    assertTrue(result.metrics().getLong("accesses") < 20);
    assertTrue(result.metrics().getLong("simulated_time_ns") < 10_000_000);
  }

  /** What a killed thread would have made is never born: a thread and a process with a child of its own. */
  @Test
  void row15_whatTheKilledWouldHaveMadeIsNotBorn() {
    ListTrace.Writer thread = trace.thread(1, 2);
    thread.access(AccessKind.LOAD, DATA, 8, 1);
    thread.access(AccessKind.LOAD, DATA, 8, 100_000_000);
    thread.access(AccessKind.LOAD, DATA, 8, 1);
    thread.enter(CLONE, THREAD, STACK, 0, 0).leave(5);
    thread.enter(FORK).leave(6);
    ListTrace.Writer made = trace.thread(1, 5);
    made.access(AccessKind.LOAD, DATA, 8, 1);
    made.waitFor(0, thread, 1, 3);
    ListTrace.Writer child = trace.process(6, 1).thread(6, 6);
    child.enter(FORK).leave(7);
    child.waitFor(0, thread, 1, 5);
    ListTrace.Writer grandchild = trace.process(7, 6).thread(7, 7);
    grandchild.access(AccessKind.LOAD, DATA, 8, 1);
    grandchild.waitFor(0, child, 3, 0);
    main.access(AccessKind.LOAD, DATA, 8, 1);
    main.enter(EXIT_GROUP).event(EventKind.EXIT, 0);
    assertEquals("""
        2 exit_group went on after its group's end / killed at its next return
        5 clone began / its maker had ended before
        6 clone began / its maker had ended before
        7 clone began / its maker had ended before
        """, texts(run()));
  }

  /** SIGTERM without a handler: the child ends at its next return, its parent is told and reaps it. */
  @Test
  void row15_aFatalSignalEndsTheProcess() {
    ListTrace.Writer child = trace.process(3, 1).thread(3, 3);
    handles(main, 17, HANDLER);
    main.enter(FORK).leave(3);
    child.waitFor(0, main, 0, 2);
    child.enterWith(List.of("9.000000000"), NANOSLEEP, DATA, 0);
    child.event(EventKind.EXIT, 0);
    main.access(AccessKind.LOAD, DATA, 8, 1_000_000);
    main.enter(KILL, 3, 15).leave(0);
    main.enter(WAIT4, 3, 0, 0).leave(3);
    main.waitFor(8, child, 1, 1);
    handler(main, 17, STACK);
    main.enter(WAIT4, -1, 0, 1).leave(0);
    assertEquals("1 wait4 0 / ECHILD\n", texts(run()));
  }

  /** SIGCHLD is ignored: nobody is left to be reaped. */
  @Test
  void row15_ignoredChildrenReapThemselves() {
    ListTrace.Writer child = trace.process(3, 1).thread(3, 3);
    handles(main, 17, "0x1 0x4000000 0x402000 0x0");
    main.enter(FORK).leave(3);
    child.waitFor(0, main, 0, 2);
    child.enter(EXIT_GROUP).event(EventKind.EXIT, 0);
    main.enter(WAIT4, -1, 0, 0).leave(3);
    main.waitFor(5, child, 1, 1);
    assertEquals("1 wait4 reaped 3 / ECHILD\n", texts(run()));
  }

  /** exec with two more threads: they end first, then the image is replaced. */
  @Test
  void row15_execKillsTheOtherThreads() {
    for (int tid = 2; tid <= 3; tid++) {
      ListTrace.Writer thread = trace.thread(1, tid);
      thread.access(AccessKind.LOAD, DATA, 8, 1);
      thread.access(AccessKind.LOAD, DATA, 8, tid == 2 ? 1 : 20_000_000);
      thread.access(AccessKind.LOAD, DATA, 8, 1);
    }
    main.access(AccessKind.LOAD, DATA, 8, 1_000_000);
    main.enter(59, DATA, DATA, DATA).event(EventKind.EXEC, 0);
    main.enter(EXIT).event(EventKind.EXIT, 0);
    RunResult result = run();
    assertEquals(
        "3 exec went on after another thread's exec / killed at its next return\n", texts(result));
    assertTrue(
        result.metrics().getLong("simulated_time_ns") > 4_000_000, "it waited for the third");
  }
}
