package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * Replay by meaning: a program of four threads with mutexes, condition variables, a spin lock and a barrier ({@code
 * trace-capture/examples/turns.c}, captured), and small ones by hand.
 */
class SemanticOrderTest {
  private static RunResult run(TraceImage image, boolean runsAhead, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("check=always", "memory.mapOnTouch=on", "replay.order=semantic"));
    RunOptions options = new RunOptions(
        new RunIdentity("", "", "", 1), EventLog.NONE, runsAhead, RunOptions.Progress.NONE);
    return new LegoSystem(
            Systems.bind(Machines.find(KnownParameters.catalog()).load("legoos-osdi18", all)),
            options)
        .load(new Application(image, 0))
        .run();
  }

  private static Path turns() throws URISyntaxException {
    URL trace = SemanticOrderTest.class.getResource("/turns.ltrace");
    return Path.of(Objects.requireNonNull(trace).toURI());
  }

  /** Also with fewer CPUs than threads, where a thread may be preempted with a lock in its hands. */
  @ParameterizedTest
  @CsvSource({"off, 8, 64 MiB", "off, 2, 512 KiB", "off, 1, 64 MiB", "hierarchy, 4, 64 MiB"})
  void aCapturedProgram_endsAsItWould_whoeverGetsTheLocks(String caches, int cpus, String pcache)
      throws URISyntaxException {
    String[] settings = {"caches.model=" + caches, "processor.cpus=" + cpus, "pcache.size=" + pcache
    };
    try (TraceImage image = Traces.open(turns())) {
      RunResult ahead = run(image, true, settings);
      RunResult plain = run(image, false, settings);
      assertEquals(
          plain.metrics().entries(), ahead.metrics().entries(), "running ahead changes nothing");
      assertEquals(0, ahead.metrics().getLong("replay_disagreements"));
      assertTrue(ahead.metrics().getLong("accesses") > 30_000);
    }
  }

  private static RunResult runText(String body) {
    String text = """
        legosim-text 1
        P 100 1 "turns"
        T 100
        > 1 56 0x50f00 0 0 0 0
        < 101
        """ + body;
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
      return run(image, true, "caches.model=off");
    }
  }

  private static long futexCalls(RunResult result) {
    return result.syscalls().stream()
        .filter(row -> row.name().equals("futex"))
        .mapToLong(SyscallRow::calls)
        .sum();
  }

  private static final String GET = "A 0x1000 4 1 @0x400100\n";
  private static final String SLOW = "A 0x1000 4 1 @0x400110\n";
  private static final String GIVE = "A 0x1000 4 1 @0x400200\n";
  private static final String OTHER = "T 101\n";
  private static final String FIRST = "T 100\n";

  /** Each to its own page, by far longer than the second thread needs to begin. */
  private static final String LONG_WORK = "S 0x%x0000 8 100000 @0x400300\n".repeat(4);

  /**
   * In the capture nobody waited. Here the thread that comes second does, as the first one holds it for long: one wait, one wake
   * for it, and the wake that every thread calls that got the lock after waiting.
   */
  @Test
  void aLockThatWasFree_isWaitedFor_whenItIsTaken() {
    RunResult result = runText(FIRST
        + GET
        + LONG_WORK.formatted(0x20, 0x21, 0x22, 0x23)
        + GIVE
        + OTHER
        + GET
        + LONG_WORK.formatted(0x30, 0x31, 0x32, 0x33)
        + GIVE);
    assertEquals(3, futexCalls(result));
    assertEquals(1, result.metrics().getLong("futex_waits"));
  }

  /** In the capture the second thread waited. Here it comes long after the lock was given up: nobody waits, nobody wakes. */
  @Test
  void aLockThatWasWaitedFor_isFree_whenTheOtherIsLate() {
    RunResult result = runText(FIRST + GET + OTHER + "L 0x300000 8 1 @0x400300\n"
        + "L 0x310000 8 900000000 @0x400300\n" + GET + SLOW
        + "> 1 202 0x1000 128 2 0 0 0\n" + FIRST + GIVE + "> 1 202 0x1000 129 1 0 0 0\n< 1\n"
        + OTHER
        + "< 0\n" + SLOW + GIVE + "> 1 202 0x1000 129 1 0 0 0\n< 0\n");
    assertEquals(0, futexCalls(result));
    assertEquals(0, result.metrics().getLong("futex_waits"));
  }

  /** Works for long before it asks for the lock that, in the capture, it had and gave up before the others did. */
  private static final String LATE = "L 0x310000 8 1 @0x400300\nS 0x320000 8 2400000 @0x400300\n";

  private static String slowly(int instructions) {
    return LONG_WORK.formatted(0x40, 0x41, 0x42, 0x43).replace("100000", "" + instructions);
  }

  /** One thread has the lock, another one sleeps for it, and a third ends the group: the sleeper is woken and dies. */
  @Test
  void aThreadThatIsKilledWhileItWaitsForALock_ends() {
    RunResult result = runText("> 1 56 0x50f00 0 0 0 0\n< 102\n" + OTHER + GET + slowly(24_000_000)
        + GIVE + "T 102\n" + LATE + GET + GIVE + FIRST
        + "L 0x330000 8 24000000 @0x400300\n> 1 231 0 0 0 0 0 0\n! exit\n");
    assertEquals(1, result.metrics().getLong("futex_waits"));
    assertEquals(2, result.disagreements().size());
    for (Disagreement row : result.disagreements()) {
      assertEquals("exit_group", row.call());
    }
    assertTrue(result.metrics().getLong("simulated_time_ns") < 15_000_000);
  }

  /** The trace was cut while a thread had the lock, whose word then keeps the captured order: nobody waits for ever. */
  @ParameterizedTest
  @ValueSource(strings = {GIVE, "S 0x1000 4 1 @0x400200\n"})
  void aLockThatIsHeldWhereTheTraceEnds_isReplayedInOrder(String give) {
    RunResult result =
        runText(FIRST + GET + give + OTHER + LATE + GET + give + FIRST + GET + slowly(24_000_000));
    assertEquals(0, futexCalls(result));
    assertEquals(0, result.disagreements().size());
    assertTrue(
        result.metrics().getLong("time_replay_order_ns") > 100_000, "held for the other one");
  }
}
