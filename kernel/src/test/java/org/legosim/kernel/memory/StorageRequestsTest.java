package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.rpc.RpcClient;
import org.legosim.kernel.storage.StorageNode;
import org.legosim.kernel.storage.StorageParams;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** Requests to a memory node that need its storage node; F-28. */
class StorageRequestsTest {
  private static final long US = 1_000_000;
  private static final long PAGE = 4096;
  private static final long HEAP = 0x10_0000_0000L;
  private static final long TEXT = 0x400000;

  private Simulation simulation = new Simulation(1);
  private final List<RpcClient> clients = new ArrayList<>();
  private FitNetwork fit;
  private FitNode processor;
  private MemoryNode node;
  private StorageNode storage;

  private void build(String fault, String... settings) {
    simulation = new Simulation(1);
    clients.clear();
    Map<String, String> keys = new HashMap<>(Map.of("fit.costs.pollPeriod", "0 ns"));
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i], settings[i + 1]);
    }
    fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), 3, simulation.ledger()));
    processor = fit.addNode("P0");
    node = new MemoryNode(
        simulation,
        Defaults.of(MemoryNodeParams.class, keys),
        fit.addNode("M0"),
        MemoryDefects.of(List.of(fault)));
    storage =
        new StorageNode(simulation, Defaults.of(StorageParams.class, keys), fit.addNode("S0"));
    node.attachStorage(simulation, storage.number());
    fit.connect();
    node.start();
    node.loadImage(
        0,
        1,
        List.of(
            new Mapping(HEAP, HEAP + 1_000 * PAGE, "rw-p", 0, "[heap]"),
            new Mapping(TEXT, TEXT + 100 * PAGE, "r-xp", 0x2000, "/bin/program")));
  }

  private RpcClient client() {
    RpcClient client = new RpcClient(simulation, processor, "client " + clients.size());
    clients.add(client);
    return client;
  }

  private void run() {
    clients.forEach(RpcClient::start);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    node.verifyQuiescent();
    storage.verifyQuiescent();
  }

  private static Consumer<Request> miss(long address) {
    return r -> {
      r.prepare(Opcode.PCACHE_MISS, 1);
      r.tgid = 1;
      r.address = address;
      r.length = PAGE;
    };
  }

  private static Consumer<Request> read(long page) {
    return r -> {
      r.prepare(Opcode.READ, 1);
      r.tgid = 1;
      r.text = "/data";
      r.argument[Request.FILE_OFFSET] = page * PAGE;
      r.length = PAGE;
      r.replyBytes += (int) PAGE;
    };
  }

  private static Consumer<Request> write(long page) {
    return r -> {
      r.prepare(Opcode.WRITE, 1);
      r.tgid = 1;
      r.text = "/data";
      r.argument[Request.FILE_OFFSET] = page * PAGE;
      r.length = PAGE;
      r.requestBytes += (int) PAGE;
      r.isMarshalled = true;
    };
  }

  /** F-28: a miss that comes behind a read of a file. */
  private RpcClient behindARead(String fault, String... settings) {
    build(fault, settings);
    client().then(read(500));
    RpcClient other = client().at(5 * US, miss(HEAP));
    run();
    return other;
  }

  @Test
  void f28_theOnlyWorkerWaitsForTheStorageNode_andAMissBehindItToo() {
    RpcClient blocked = behindARead("F-28");
    assertTrue(blocked.last().latencyPs() > 90 * US, blocked.last().latencyPs() + " ps");
    assertEquals(0, node.counters().handedOver());
    RpcClient free = behindARead("");
    assertTrue(free.last().latencyPs() < 9 * US, free.last().latencyPs() + " ps");
    assertEquals(1, node.counters().handedOver());
    RpcClient second = behindARead("F-28", "memory.workers", "2");
    assertTrue(second.last().latencyPs() < 9 * US, "a second worker is not blocked");
  }

  @Test
  void aFilesPage_isReadFromStorageWhenItIsTouchedFirst_andOnlyThen() {
    for (String fault : new String[] {"", "F-28"}) {
      build(fault);
      RpcClient client = client().then(miss(TEXT)).then(miss(TEXT)).then(miss(HEAP));
      run();
      assertEquals(1, node.counters().storageReads());
      assertEquals(1, storage.counters().reads());
      assertEquals(PAGE, storage.drive().readBytes());
      assertTrue(client.outcomes.get(0).latencyPs() > 100 * US);
      assertTrue(client.outcomes.get(1).latencyPs() < 9 * US);
      assertTrue(client.outcomes.get(2).latencyPs() < 10 * US);
    }
  }

  @Test
  void stagesOfARequest_addUp_andStorageIsOneOfThem() {
    build("F-28");
    RpcClient client = client();
    long[] stages = new long[5];
    client.then(read(500)).then(r -> {
      stages[0] = r.storagePs;
      stages[1] = r.wirePs + r.networkQueuePs;
      stages[2] = r.memoryQueuePs + r.memoryServicePs;
      stages[3] = r.stagesPs();
      stages[4] = r.totalPs;
      miss(HEAP).accept(r);
    });
    run();
    assertEquals(stages[4], stages[3]);
    assertTrue(stages[0] > 90 * US && stages[0] < 110 * US, stages[0] + " ps at the storage node");
    assertTrue(stages[1] > 10 * US && stages[1] < 20 * US, stages[1] + " ps on four ways");
    assertTrue(stages[2] < 3 * US, stages[2] + " ps at the memory node");
  }

  @Test
  void writesGoThrough_andAreReadBackFromTheStorageNodesMemory() {
    build("");
    RpcClient client = client().then(write(7)).then(read(7));
    run();
    assertEquals(0, storage.drive().reads());
    assertEquals(1, storage.counters().writes());
    assertEquals(1, node.counters().storageWrites());
    assertTrue(client.last().latencyPs() < 30 * US);
  }

  private static void sync(Request r) {
    r.prepare(Opcode.FSYNC, 1);
    r.tgid = 1;
    r.text = "/data";
  }

  @Test
  void pageCache_aHitAsksNobody_aWriteOfAWholeLineNeither_anFsyncTakesItOn() {
    build("", "memory.pageCache", "true", "memory.pageCacheLine", "4 KiB");
    RpcClient client = client()
        .then(read(3))
        .then(read(3))
        .then(write(4))
        .then(StorageRequestsTest::sync)
        .then(StorageRequestsTest::sync);
    run();
    assertTrue(client.outcomes.get(0).latencyPs() > 100 * US);
    assertTrue(client.outcomes.get(1).latencyPs() < 9 * US, "a hit");
    assertTrue(client.outcomes.get(2).latencyPs() < 9 * US, "a whole line");
    assertTrue(client.outcomes.get(3).latencyPs() > 25 * US, "to the drive");
    assertEquals(1, storage.counters().writes());
    assertEquals(2, storage.drive().flushes(), "the second has nothing but the flush");
    assertEquals(4096, storage.drive().writtenBytes());
    // the read that missed, the write of a line that was not there, both fsyncs
    assertEquals(4, node.counters().handedOver());
  }

  @Test
  void pageCache_loadsWholeLines_andWritesThoseThatGo() {
    build(
        "",
        "memory.pageCache",
        "true",
        "memory.pageCacheLir",
        "2",
        "memory.pageCacheHir",
        "1",
        "storage.readAhead",
        "0 B");
    RpcClient client = client().then(write(0)); // part of line 0, which is loaded
    client.then(read(1)).then(read(64)).then(read(128)).then(read(192));
    client.then(write(0)).then(read(256));
    run();
    // lines 0 and 1 stay; 2 goes for 3, 3 for 4
    assertEquals(5, storage.counters().reads());
    assertEquals(5 * 64 * PAGE, storage.drive().readBytes());
    assertEquals(0, storage.counters().writes(), "line 0 was used often, and stays");
    assertTrue(client.outcomes.get(1).latencyPs() < 9 * US);
  }

  @Test
  void pageCache_aWrittenLineThatGoes_isWrittenFirst() {
    build(
        "F-28",
        "memory.pageCache",
        "true",
        "memory.pageCacheLine",
        "4 KiB",
        "memory.pageCacheLir",
        "1",
        "memory.pageCacheHir",
        "1");
    client().then(read(1)).then(write(2)).then(read(3));
    run();
    assertEquals(1, storage.counters().writes());
    assertEquals(2, storage.counters().reads());
  }

  @Test
  void theLoader_opensProgramAndInterpreter_readsTheirHeaders_andThePageThatBssBeginsIn() {
    build("");
    node.stageImage(
        0,
        1,
        ImagePlacement.captured(List.of(
            new Mapping(TEXT, TEXT + 10 * PAGE, "r-xp", 0, "/bin/new"),
            new Mapping(TEXT + 0x200000, TEXT + 0x202a40, "rw-p", 0xa000, "/bin/new"),
            new Mapping(0x7f0000000000L, 0x7f0000010000L, "r-xp", 0, "/lib/ld.so"))));
    client().then(r -> {
      r.prepare(Opcode.EXECVE, 1);
      r.tgid = 1;
    });
    run();
    // two files opened; header and program headers of each, and the last page of the data
    assertEquals(2, storage.counters().pathCalls());
    assertEquals(5, storage.counters().reads());
    assertEquals(0, client(0).outcomes.get(0).status());
  }

  private RpcClient client(int index) {
    return clients.get(index);
  }
}
