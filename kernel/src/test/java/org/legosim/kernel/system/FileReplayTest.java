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
import org.legosim.timing.trace.Mapping;

/** Files as a processor node sees them, on a whole machine: diary row 30, pipes, the console. */
class FileReplayTest {
  private static final long DATA = 0x7f0000000000L;
  private static final long REGION = 2L << 20;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int CLOSE = 3;
  private static final int PREAD64 = 17;
  private static final int READV = 19;
  private static final int PIPE = 22;
  private static final int DUP2 = 33;
  private static final int OPENAT = 257;
  /** Time of one byte at 115200 baud, in picoseconds. */
  private static final long BYTE_PS = 86_805_555;

  private final ListTrace trace = new ListTrace()
      .process(1, 0, List.of(new Mapping(DATA, DATA + 40 * REGION, "rw-p", 0, "[anon]")));
  private final ListTrace.Writer main = trace.thread(1, 1);
  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "8 MiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off"));

  private RunResult run() {
    return Replay.run(trace, keys);
  }

  private static long of(RunResult result, String metric) {
    return result.metrics().getLong(metric);
  }

  private static String texts(RunResult result) {
    return Replay.texts(result);
  }

  private static ListTrace.Writer open(ListTrace.Writer thread, String path, long result) {
    return thread.enterWith(List.of(path), OPENAT, -100, DATA, 0).leave(result);
  }

  /** A page of its own in a page table and a set of its own, never touched before. */
  private static long buffer(int thread) {
    return DATA + (1 + thread) * (REGION + 4096);
  }

  /**
   * Row 30: 24 threads that each open and read /proc/meminfo, as glibc's qsort has them do. Nobody is asked for the file, but each
   * buffer is faulted in from the memory node while the lock of its own open file is held.
   */
  private RunResult meminfo(boolean shares) {
    open(main, "/proc/meminfo", 3);
    long opened = main.size() - 1;
    for (int i = 0; i < 24; i++) {
      ListTrace.Writer thread = trace.thread(1, 2 + i);
      thread.waitFor(0, main, 0, opened);
      if (!shares) {
        open(thread, "/proc/meminfo", 4 + i);
      }
      thread.enter(READ, shares ? 3 : 4 + i, buffer(i), 40).leave(40);
    }
    return run();
  }

  @Test
  void row30_threadsWithAFileEach_faultUnderTheirOwnLocks() {
    RunResult result = meminfo(false);
    assertEquals(24, of(result, "rpc_count"), "the buffers");
    assertEquals("", texts(result));
    // nobody waits for another's lock; what is left is the pcache's own locks
    assertTrue(of(result, "time_lock_wait_ns") < 24 * 20_000, of(result, "time_lock_wait_ns") + "");
  }

  @Test
  void row30_threadsThatShareAFile_waitWhileTheOwnerOfTheLockAsksTheMemoryNode() {
    RunResult result = meminfo(true);
    assertEquals(24, of(result, "rpc_count"));
    double rpcNs = result.metrics().getDouble("rpc_latency_p50_ns");
    // each waits for all remote misses before its own, 0 + 1 + ... + 23; some threads have no CPU
    // meanwhile
    assertTrue(
        of(result, "time_lock_wait_ns") > 200 * rpcNs,
        of(result, "time_lock_wait_ns") + " ns for misses of " + rpcNs + " ns");
  }

  /** Row 30: the list of CPUs is that of the active ones, and the report says so. */
  @Test
  void row30_onlineIsTheActiveMask() {
    keys.put("processor.cpus", "8");
    open(main, "/sys/devices/system/cpu/online", 3);
    main.enter(READ, 3, DATA, 8192).leave(4);
    RunResult result = run();
    assertEquals("read 4 / 6: /sys/devices/system/cpu/online says 1,4-7\n", texts(result));
    assertTrue(
        result.approximations().stream().anyMatch(text -> text.contains("active CPUs, 1,4-7,")));
    assertEquals(1, of(result, "rpc_count"), "the buffer's page, nothing for the file");
  }

  /** Reads of 512 bytes up to the end: a captured meminfo of 1,400 bytes and the kernel's of 1,039. */
  @Test
  void row30_meminfoHasTheLengthOfItsLines() {
    open(main, "/proc/meminfo", 3);
    for (int bytes : new int[] {512, 512, 376, 0}) {
      main.enter(READ, 3, DATA, 512).leave(bytes);
    }
    open(main, "/proc/sys/vm/overcommit_memory", 4);
    main.enter(READ, 4, DATA, 8).leave(2);
    main.enter(PREAD64, 4, DATA, 8, 1).leave(1);
    open(main, "/proc/version", 5);
    main.enter(READ, 5, DATA, 512).leave(150);
    RunResult result = run();
    assertEquals(
        "read 376 / 15: /proc/meminfo has 1039 bytes by Linux 4.8's format\n", texts(result));
    assertEquals(1, of(result, "replay_disagreements"));
  }

  /** The content is made at the first read, whatever that takes of it. */
  @Test
  void row30_aFileIsMadeOnce() {
    keys.put("kernel.files.show", "1024000 ns/KiB");
    main.access(AccessKind.LOAD, DATA, 8, 1);
    open(main, "/proc/meminfo", 3);
    main.enter(READ, 3, DATA, 39).leave(39);
    long first = of(run(), "simulated_time_ns");
    main.enter(READ, 3, DATA, 1000).leave(1000);
    main.enter(READ, 3, DATA, 1000).leave(0);
    long all = of(run(), "simulated_time_ns");
    assertTrue(first > 1_039_000 && all - first < 10_000, first + " and " + all);
  }

  @Test
  void descriptors_sayWhoIsAsked() {
    main.access(AccessKind.STORE, DATA, 8, 1);
    open(main, "data", 3);
    main.enter(WRITE, 3, DATA, 10).leave(10);
    main.enter(DUP2, 3, 1).leave(1);
    main.enter(CLOSE, 3).leave(0);
    main.enter(WRITE, 1, DATA, 10).leave(10);
    main.enter(WRITE, 3, DATA, 10).leave(10);
    open(main, "/proc/self/maps", 3);
    open(main, "data", 70);
    main.enter(READ, 0, DATA, 5).leave(5);
    for (int i = 0; i < 5; i++) {
      main.enter(READV, 1, DATA, 1).leave(8);
    }
    RunResult result = run();
    // a miss, two opens that ask the storage node, and two writes of its file
    assertEquals(5, of(result, "rpc_count"));
    assertEquals("""
        write 10 / EBADF: descriptor 3 is closed
        openat 3 / ENOENT: LegoOS has no /proc/self/maps
        openat 70 / EMFILE: a process has 64 descriptors
        read 5 / refused: the console cannot be read
        readv 8 / EFAULT: LegoOS has no readv
        """, texts(result));
    assertEquals(9, of(result, "replay_disagreements"), "each one counts, the first is listed");
  }

  private long printNs(String baud) {
    keys.put("console.baud", baud);
    return of(run(), "simulated_time_ns");
  }

  @Test
  void theConsole_printsAtItsBaudRate() {
    main.access(AccessKind.LOAD, DATA, 8, 1);
    main.enter(WRITE, 1, DATA, 115).leave(115);
    main.enter(WRITE, 2, DATA, 100).leave(100);
    long differenceNs = printNs("115200") - printNs("0");
    long expectedNs = 215 * BYTE_PS / 1000;
    // the tick may interrupt the wait for the console
    assertTrue(
        differenceNs >= expectedNs - 1 && differenceNs < expectedNs + 10_000, differenceNs + " ns");
  }

  @Test
  void theConsole_takesOneWriterAtATime() {
    ListTrace.Writer other = trace.thread(1, 2);
    for (ListTrace.Writer thread : List.of(main, other)) {
      thread.access(AccessKind.LOAD, DATA, 8, 1);
      thread.enter(WRITE, 1, DATA, 115).leave(115);
    }
    keys.put("console.baud", "115200");
    RunResult result = run();
    long printNs = 115 * BYTE_PS / 1000;
    long lockNs = of(result, "time_lock_wait_ns");
    assertTrue(lockNs > printNs * 9 / 10 && lockNs < printNs * 11 / 10, lockNs + " ns");
    assertTrue(of(result, "simulated_time_ns") > 2 * printNs);
  }

  /** Writes of 512 KiB each against a ring of 1 MiB whose reader comes late. */
  private RunResult pipe(int writes) {
    main.enter(PIPE, DATA).leaveWith(List.of("3", "4"), 0);
    ListTrace.Writer reader = trace.thread(1, 2);
    // some 50 ms of computing before it reads anything
    reader.access(AccessKind.LOAD, DATA + REGION, 8, 120_000_000);
    reader.waitFor(0, main, 0, 1);
    for (int i = 0; i < writes; i++) {
      main.enter(WRITE, 4, DATA, 512 << 10);
      long entered = main.size() - 1;
      main.leave(512 << 10);
      reader.enter(READ, 3, DATA + 4 * REGION, 512 << 10).leave(512 << 10);
      reader.waitFor(reader.size() - 1, main, 0, entered);
    }
    return run();
  }

  @Test
  void aPipe_holdsAMebibyte() {
    RunResult result = pipe(2);
    assertEquals("", texts(result));
    assertEquals(0, of(result, "time_idle_ns"));
  }

  @Test
  void aPipesWriter_sleepsUntilTheReaderHasMadeRoom() {
    RunResult result = pipe(4);
    assertEquals("", texts(result));
    long idleNs = of(result, "time_idle_ns");
    assertTrue(idleNs > 20_000_000 && idleNs < 60_000_000, idleNs + " ns");
  }
}
