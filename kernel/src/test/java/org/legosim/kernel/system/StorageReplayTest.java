package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.memory.MemoryCounters;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Mapping;

/** Programs whose files are at a storage node, on a whole machine: diary rows 33 and 34. */
class StorageReplayTest {
  private static final long TEXT = 0x400000;
  private static final long DATA = 0x6a0000;
  private static final long BUFFER = 0x7f0000000000L;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OPEN = 2;
  private static final int FSTAT = 5;
  private static final int MMAP = 9;
  private static final int PREAD64 = 17;
  private static final int FSYNC = 74;
  private static final int RENAME = 82;
  private static final int UNLINK = 87;
  private static final int O_CREAT_TRUNC_RDWR = 0x242;

  private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
      "pcache.size", "8 MiB",
      "pcache.ways", "4",
      "caches.model", "off",
      "tlb.model", "off",
      "check", "always"));
  private final List<String> events = new ArrayList<>();
  private final List<LegoSystem> last = new ArrayList<>();

  /** As iozone is linked: data that ends within a page, bss behind it, pages of bss, a buffer. */
  private static ListTrace trace() {
    return new ListTrace()
        .process(
            1,
            0,
            List.of(
                new Mapping(TEXT, TEXT + 0xa0000, "r-xp", 0, "/usr/bin/iozone"),
                new Mapping(DATA, DATA + 0x2a40, "rw-p", 0xa0000, "/usr/bin/iozone"),
                new Mapping(DATA + 0x3000, DATA + 0x10000, "rw-p", 0, "[anon]"),
                new Mapping(BUFFER, BUFFER + 0x400000, "rw-p", 0, "[anon]")));
  }

  /** Writes a file in records, reads it back, maps it, and looks at its bss in between. */
  private static ListTrace iozone() {
    ListTrace trace = trace();
    ListTrace.Writer main = trace.thread(1, 1);
    main.access(AccessKind.FETCH, TEXT, 4, 10);
    main.access(AccessKind.LOAD, DATA + 0x2100, 8, 10);
    main.access(AccessKind.LOAD, DATA + 0x2a48, 8, 10); // the first part of bss
    main.access(AccessKind.STORE, DATA + 0x3000, 8, 10);
    main.enterWith(List.of("/tmp/iozone.tmp"), OPEN, DATA, O_CREAT_TRUNC_RDWR, 0x1b6)
        .leave(3);
    main.enter(FSTAT, 3, DATA + 0x4000).leave(0);
    for (int record = 0; record < 8; record++) {
      main.access(AccessKind.STORE, BUFFER, 8, 10);
      main.enter(WRITE, 3, BUFFER, 0x20000).leave(0x20000);
    }
    main.enter(FSYNC, 3).leave(0);
    for (int record = 0; record < 8; record++) {
      main.enter(PREAD64, 3, BUFFER, 0x20000, record * 0x20000L).leave(0x20000);
      main.access(AccessKind.LOAD, DATA + 0x2a48, 8, 10);
    }
    main.enter(READ, 3, BUFFER, 0x1000).leave(0);
    main.enter(MMAP, 0, 0x100000, 3, 1, 3, 0).leave(0x7f1000000000L);
    for (int page = 0; page < 16; page++) {
      main.access(AccessKind.LOAD, 0x7f1000000000L + page * 4096L, 8, 10);
    }
    main.enterWith(List.of("/tmp/iozone.tmp", "/tmp/iozone.old"), RENAME, DATA, DATA)
        .leave(0);
    main.enterWith(List.of("/tmp/iozone.old"), UNLINK, DATA).leave(0);
    return trace;
  }

  private RunResult run(ListTrace trace, String... settings) {
    Map<String, String> all = new LinkedHashMap<>(keys);
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    events.clear();
    EventLog log = (timePs, cpu, kind, tgid, address, set, way) ->
        events.add(kind + ":" + Long.toHexString(address) + "@" + set + "." + way);
    RunOptions options =
        new RunOptions(new RunIdentity("c", "t", "v", 1), log, true, RunOptions.Progress.NONE);
    LegoSystem system = new LegoSystem(RunAheadLawTest.params(all), options);
    last.add(system);
    return system.load(new Application(trace, 0)).run();
  }

  private LegoSystem last() {
    return last.get(last.size() - 1);
  }

  private static long of(RunResult result, String metric) {
    return result.metrics().getLong(metric);
  }

  private static void assertAddsUp(RunResult result) {
    long sumNs = result.metrics().entries().stream()
        .filter(entry -> entry.metric().name().matches("time_.*_ns"))
        .mapToLong(entry -> entry.longValue())
        .sum();
    assertEquals(of(result, "thread_time_ns"), sumNs);
  }

  /** Row 34: P, M and S do what P and M did; what differs is time. */
  @Test
  void row34_withAStorageNode_theProgramSeesTheSame_andWaitsLonger() {
    RunResult without = run(iozone());
    List<String> eventsWithout = List.copyOf(events);
    RunResult with = run(iozone(), "storage.nodes", "1");
    assertEquals(eventsWithout, events);
    for (String metric :
        List.of("pcache_misses", "pcache_fill_remote", "pcache_evictions", "syscalls")) {
      assertEquals(of(without, metric), of(with, metric), metric);
    }
    assertEquals(List.of(), without.disagreements());
    assertEquals(List.of(), with.disagreements());
    assertEquals(0, of(without, "time_storage_ns"));
    assertTrue(of(with, "time_storage_ns") > 100_000, of(with, "time_storage_ns") + "");
    assertTrue(of(with, "simulated_time_ns") > of(without, "simulated_time_ns"));
    assertAddsUp(with);
    assertTrue(without.approximations().stream().anyMatch(text -> text.contains("storage node")));
    assertTrue(
        with.approximations().stream().noneMatch(text -> text.contains("no storage node")),
        with.approximations().toString());
  }

  /** Row 33: a bss that begins in a page of the file is zero there, whoever reads the file. */
  @Test
  void row33_bssBehindTheDataOfAFile_isZero_unlessItsTailIsLeft() {
    run(iozone(), "storage.nodes", "1");
    keys.put("check", "always");
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", 1), EventLog.NONE, true, RunOptions.Progress.NONE);
    SystemParams params = RunAheadLawTest.params(withStorage());
    SystemParams broken = new SystemParams(
        params.processor(),
        params.processorCosts(),
        params.cpu(),
        params.pcache(),
        params.pcacheCosts(),
        params.network(),
        params.fit(),
        params.memory(),
        params.storage(),
        new CheckParams(CheckParams.When.ALWAYS, List.of("F-11")));
    LegoSystem system = new LegoSystem(broken, options).load(new Application(iozone(), 0));
    Exception found =
        org.junit.jupiter.api.Assertions.assertThrows(RuntimeException.class, system::run);
    assertTrue(found.getMessage().contains("content: a load from 0x6a2a48"), found.getMessage());
  }

  private Map<String, String> withStorage() {
    Map<String, String> all = new LinkedHashMap<>(keys);
    all.put("storage.nodes", "1");
    return all;
  }

  /** Messages of a transfer: 64 KiB of a write, all of a read; each names its file. */
  @Test
  void transfers_goInPiecesOfWhatABufferHolds() {
    ListTrace trace = trace();
    ListTrace.Writer main = trace.thread(1, 1);
    main.enterWith(List.of("/tmp/f"), OPEN, DATA, O_CREAT_TRUNC_RDWR, 0x1b6).leave(3);
    long openOnly = of(run(trace, "storage.nodes", "1"), "rpc_count");
    main.enter(WRITE, 3, BUFFER, 0x20001).leave(0x20001);
    long withWrite = of(run(trace, "storage.nodes", "1"), "rpc_count");
    // three messages, and the 33 pages of the buffer
    assertEquals(openOnly + 3 + 33, withWrite);
    main.enter(PREAD64, 3, BUFFER, 0x20000, 0).leave(0x20000);
    assertEquals(withWrite + 1, of(run(trace, "storage.nodes", "1"), "rpc_count"));
  }

  /** With a page cache at the memory node the program sees the same as well. */
  @Test
  void aPageCacheAtTheMemoryNode_changesTimeOnly() {
    run(iozone(), "storage.nodes", "1");
    List<String> without = List.copyOf(events);
    RunResult with = run(iozone(), "storage.nodes", "1", "memory.pageCache", "true");
    assertEquals(without, events);
    assertEquals(List.of(), with.disagreements());
    assertAddsUp(with);
    Exception refused = org.junit.jupiter.api.Assertions.assertThrows(
        RuntimeException.class, () -> run(iozone(), "memory.pageCache", "true"));
    assertTrue(refused.getMessage().contains("storage.nodes"), refused.getMessage());
  }

  /** A program that writes twice as much as the pcache holds. */
  private static ListTrace stream() {
    ListTrace trace = new ListTrace()
        .process(1, 0, List.of(new Mapping(BUFFER, BUFFER + 0x2000000, "rw-p", 0, "[anon]")));
    ListTrace.Writer main = trace.thread(1, 1);
    for (int page = 0; page < 4096; page++) {
      main.access(AccessKind.STORE, BUFFER + page * 4096L, 8, 10);
    }
    main.enter(MMAP, 0, 0x1000, 3, 0x22, -1, 0).leave(0x7f1000000000L);
    return trace;
  }

  @Test
  void replication_sendsEachFlushedLineTwice_onItsOwnOrWithAMiss() {
    for (String piggyback : new String[] {"true", "false"}) {
      List<String> withoutReplicas = new ArrayList<>();
      for (String replication : new String[] {"off", "on"}) {
        RunResult result = run(
            stream(),
            "pcache.piggyback",
            piggyback,
            "storage.nodes",
            "1",
            "memory.nodes",
            "2",
            "memory.placement",
            "home",
            "memory.replication",
            replication);
        List<MemoryNode> nodes = ((RemoteMachine) last().machine()).memoryNodes();
        assertAddsUp(result);
        if (replication.equals("off")) {
          withoutReplicas.addAll(events);
          continue;
        }
        assertEquals(withoutReplicas, events, "the program's pages go the same ways");
        MemoryCounters second = nodes.get(1).counters();
        assertTrue(second.replicas() > 2000, second.replicas() + " lines");
        assertEquals(of(result, "pcache_flushes"), second.replicas());
        assertEquals(0, nodes.get(0).counters().replicas());
        // what is kept is in logs of 256 that were sent, in the one that fills, or dropped
        long kept = second.replicas() - second.droppedReplicas();
        assertEquals(second.batchedLogFlushes(), kept / 256);
        assertTrue(second.batchedLogFlushes() > 2);
      }
    }
  }

  @Test
  void replication_needsASecondMemoryNodeAndAStorageNode() {
    for (String[] settings : new String[][] {
      {"memory.replication", "on", "memory.nodes", "2"},
      {"memory.replication", "on", "storage.nodes", "1"}
    }) {
      Exception refused = org.junit.jupiter.api.Assertions.assertThrows(
          RuntimeException.class, () -> run(stream(), settings));
      assertTrue(refused.getMessage().contains("memory.nodes to 2"), refused.getMessage());
    }
  }

  /** A machine with a drive of its own asks nobody. */
  @Test
  void anOrdinaryMachine_readsAndWritesItsOwnDrive() {
    RunResult result =
        run(iozone(), "storage.nodes", "1", "processor.memory", "local", "memory.nodes", "0");
    assertEquals(0, of(result, "rpc_count"));
    assertTrue(of(result, "time_storage_ns") > 100_000, of(result, "time_storage_ns") + "");
    assertAddsUp(result);
  }

  @Test
  void severalStorageNodes_haveTheFilesOfOneApplicationEachInTurn() {
    RunResult one = run(iozone(), "storage.nodes", "1");
    RunResult two = run(iozone(), "storage.nodes", "2");
    assertEquals(of(one, "simulated_time_ns"), of(two, "simulated_time_ns"));
  }
}
