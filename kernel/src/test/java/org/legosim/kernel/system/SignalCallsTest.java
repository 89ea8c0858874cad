package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.TraceException;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.Mapping;

/** Row 13: timers of CPU time, masks of waits, who can be signalled; row 37: why an access raises SIGSEGV. A tick is 1 ms. */
class SignalCallsTest {
  private static final long DATA = 0x7f0000000000L;
  private static final int MS = 2_400_000;
  private static final int WRITE = 1;
  private static final int SIGACTION = 13;
  private static final int SIGPROCMASK = 14;
  private static final int SIGRETURN = 15;
  private static final int SETITIMER = 38;
  private static final int KILL = 62;
  private static final int TGKILL = 234;
  private static final int USR1 = 10;
  private static final int VTALRM = 26;
  private static final int PROF = 27;
  private static final int EINTR = -4;
  private static final String HANDLER = "0x401000 0x4000000 0x402000 0x0";

  private final ListTrace trace = new ListTrace()
      .process(1, 0, List.of(new Mapping(DATA, DATA + 0x10000, "rw-p", 0, "[anon]")));
  private final ListTrace.Writer main = trace.thread(1, 1);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "1 MiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "core.cyclesPerInstruction", "1 cycles",
      "kernel.hz", "1000",
      "check", "always",
      "processor.cpus", "8"));

  private String texts() {
    return Replay.texts(Replay.run(trace, keys));
  }

  private void handles(int number) {
    main.enterWith(List.of(HANDLER), SIGACTION, number, DATA, 0, 8).leave(0);
  }

  private void timer(int which, String interval, String value) {
    main.enterWith(List.of(interval, value), SETITIMER, which, DATA, 0).leave(0);
  }

  private void computes(int instructions) {
    main.access(AccessKind.LOAD, DATA, 8, instructions);
  }

  private static void handler(ListTrace.Writer thread, int number) {
    thread.event(EventKind.SIGNAL, number);
    thread.access(AccessKind.STORE, DATA + 0x8000, 8, 2);
    thread.enter(SIGRETURN);
  }

  /** Asked for after 3 ms and then every 2 ms, a timer goes off at the ticks 4, 6 and 8 that find the program running. */
  @ParameterizedTest
  @CsvSource({"1, 26", "2, 27"})
  void row13_timersOfCpuTimeRunDownByTicks(int which, int number) {
    handles(number);
    computes(1);
    timer(which, "0.002000000", "0.003000000");
    computes(4 * MS + MS / 2);
    handler(main, number);
    computes(2 * MS);
    handler(main, number);
    RunResult result = Replay.run(trace, keys);
    assertEquals("", Replay.texts(result));
    assertEquals(2, result.metrics().getLong("signals_delivered"));
    computes(MS / 4);
    handler(main, number);
    assertEquals("signal " + number + " delivered / not sent\n", texts());
  }

  /** The console takes 8.7 ms for 100 bytes, of which all ticks are the kernel's. */
  @Test
  void row13_theKernelsTicksCountForOneOfTheTwo() {
    handles(VTALRM);
    handles(PROF);
    timer(1, "0.000000000", "0.003000000");
    timer(2, "0.000000000", "0.003000000");
    main.enter(WRITE, 1, DATA, 100).leave(100);
    handler(main, PROF);
    computes(2);
    handler(main, VTALRM);
    assertEquals("signal 26 delivered / not sent\n", texts());
  }

  /** A mask that a wait has for itself lets a signal through, and the handler's return brings the blocking one back. */
  @ParameterizedTest
  @ValueSource(ints = {270, 271, 281})
  void row13_aWaitHasAMaskOfItsOwn(int call) {
    handles(USR1);
    main.enterWith(List.of("0x200"), SIGPROCMASK, 2, DATA, 0, 8).leave(0);
    main.enterWith(List.of("0x0"), call, DATA, 1, 0, 0).leave(EINTR);
    long interrupted = main.size() - 1;
    handler(main, USR1);
    main.enterWith(List.of("0x0"), call, DATA, 1, 0, 0).leave(1);
    main.enter(KILL, 1, USR1).leave(0);
    ListTrace.Writer other = trace.thread(1, 2);
    other.access(AccessKind.LOAD, DATA, 8, MS);
    other.enter(KILL, 1, USR1).leave(0);
    main.waitFor(interrupted, other, 1, 1);
    assertEquals("", texts());
    handler(main, USR1);
    assertEquals("signal 10 delivered / blocked\n", texts());
  }

  @Test
  void row13_whoIsNotThereIsNotSignalled() {
    main.enter(KILL, 0, USR1).leave(0);
    main.enter(KILL, -1, USR1).leave(0);
    main.enter(KILL, -7, USR1).leave(0);
    main.enter(KILL, 77, 99).leave(-22);
    main.enter(KILL, 1, 99).leave(0);
    main.enter(TGKILL, 0, 1, 0).leave(0);
    main.enter(TGKILL, 1, 1, 0).leave(0);
    assertEquals("""
        kill 0 / ESRCH
        kill 0 / ESRCH
        kill 0 / ESRCH
        kill EINVAL / ESRCH
        kill 0 / EINVAL
        tgkill 0 / EINVAL
        """, texts());
  }

  @Test
  void row13_thereAreNoSessionsAndNoSignalFiles() {
    for (int call : new int[] {109, 111, 112, 121, 124, 282, 289}) {
      main.enter(call, 0, 0).leave(1);
    }
    main.enter(112).leave(-38);
    assertEquals("""
        setpgid 1 / ENOSYS
        getpgrp 1 / ENOSYS
        setsid 1 / ENOSYS
        getpgid 1 / ENOSYS
        getsid 1 / ENOSYS
        signalfd 1 / ENOSYS
        signalfd4 1 / ENOSYS
        """, texts());
  }

  /** Row 37: the diary's garbage pointer is no page fault; what else can be wrong with an address is. */
  @ParameterizedTest
  @CsvSource({
    "0x4854005942004441, general protection (#GP)",
    "0x800000000000, general protection (#GP)",
    "0xffff880000001000, an address of the kernel: a page fault (#PF) by protection",
    "0x8, page fault (#PF) at a NULL pointer",
    "0x10000000, an address that nothing maps: a page fault (#PF)"
  })
  void row37_theAddressTellsWhySigsegvIsRaised(String address, String text) {
    long at = Long.parseUnsignedLong(address.substring(2), 16);
    computes(1);
    main.access(AccessKind.LOAD, at, 8, 1);
    TraceException error = assertThrows(TraceException.class, () -> Replay.run(trace, keys, true));
    assertTrue(error.getMessage().contains(text), error.getMessage());
    assertTrue(error.getMessage().contains(address), error.getMessage());
  }
}
