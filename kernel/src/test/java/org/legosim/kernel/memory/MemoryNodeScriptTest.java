package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** Requests to a memory node, alone and against each other. */
class MemoryNodeScriptTest {
  private static final long PAGE = 4096;
  private static final long HEAP = 0x10_0000_0000L;

  private final MemoryNodeCosts costs = Defaults.of(MemoryNodeCosts.class);
  private Simulation simulation = new Simulation(1);
  private final List<RpcClient> clients = new ArrayList<>();
  private FitNetwork fit;
  private FitNode processor;
  private MemoryNode node;

  /** Processes 1 and 2 with a heap of 1,000 pages each. */
  private void build(String... settings) {
    build(MemoryDefects.NONE, settings);
  }

  private void build(MemoryDefects defects, String... settings) {
    simulation = new Simulation(1);
    Map<String, String> keys = new HashMap<>(Map.of("fit.costs.pollPeriod", "0 ns"));
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i], settings[i + 1]);
    }
    fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), 2, 24, simulation));
    processor = fit.addNode("P0");
    node = new MemoryNode(
        simulation, Defaults.of(MemoryNodeParams.class, keys), fit.addNode("M0"), defects);
    fit.connect();
    node.start();
    for (int tgid = 1; tgid <= 2; tgid++) {
      node.loadImage(0, tgid, List.of(new Mapping(HEAP, HEAP + 1_000 * PAGE, "rw-p", 0, "[heap]")));
    }
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
  }

  private static Consumer<Request> request(Opcode opcode, int tgid, long page) {
    return r -> {
      r.prepare(opcode, 1);
      r.tgid = tgid;
      r.address = HEAP + page * PAGE;
      r.length = PAGE;
    };
  }

  private static Consumer<Request> miss(int tgid, long page) {
    return request(Opcode.PCACHE_MISS, tgid, page);
  }

  private static Consumer<Request> flush(int tgid, long page) {
    return request(Opcode.PCACHE_FLUSH, tgid, page);
  }

  @Test
  void firstTouch_paysForItsPageAndItsTable_laterOnesWalkOnly() {
    build();
    RpcClient client = client();
    client.then(miss(1, 0)).then(miss(1, 0)).then(miss(1, 1));
    run();
    long walkPs = client.outcomes.get(1).latencyPs();
    long pagePs = costs.allocatePage().value() + 4 * costs.fill().value();
    assertEquals(walkPs + 2 * pagePs, client.outcomes.get(0).latencyPs());
    assertEquals(walkPs + pagePs, client.outcomes.get(2).latencyPs());
    assertEquals(3, node.counters().pagesAllocated());
    assertEquals(3, node.counters().misses());
    // Unloaded, a request waits for the hand-off and nothing else.
    assertEquals(costs.handOff().value(), node.counters().queueDelayMaxPs());
    assertEquals(costs.handOff().value(), node.counters().queueDelayMeanPs());
    assertEquals(3, node.counters().queueDelayBins()[0]);
  }

  /** A request for the line of 64 KiB that a page is in. */
  private static Consumer<Request> line(Opcode opcode, long page) {
    return r -> {
      request(opcode, 1, page).accept(r);
      r.length = 16 * PAGE;
    };
  }

  @Test
  void lineOfSeveralPages_paysForThoseThatTheAreaCovers() {
    build();
    // The heap ends with page 999, in the middle of the line of pages 992 to 1007.
    RpcClient client = client();
    client.then(line(Opcode.PCACHE_MISS, 999)).then(line(Opcode.PCACHE_MISS, 995));
    client.then(line(Opcode.PCACHE_FLUSH, 992)).then(flush(1, 999));
    client.then(line(Opcode.PCACHE_MISS, 1_000)).then(line(Opcode.PCACHE_FLUSH, 1_008));
    run();
    long pagePs = costs.allocatePage().value() + 4 * costs.fill().value();
    long walkPs = client.outcomes.get(1).latencyPs();
    assertEquals(walkPs + 9 * pagePs, client.outcomes.get(0).latencyPs()); // one is of the table
    assertEquals(9, node.counters().pagesAllocated());
    assertEquals(
        client.outcomes.get(3).latencyPs()
            + 7 * (costs.walk().value() + 4 * costs.copy().value()),
        client.outcomes.get(2).latencyPs());
    assertEquals(Request.SEGV, client.outcomes.get(4).status());
    assertEquals(-14, client.outcomes.get(5).status());
  }

  @Test
  void unknownProcess_andUnmappedAddress_getAnError() {
    build();
    RpcClient client = client().then(miss(7, 0)).then(miss(1, 1_000)).then(miss(1, 999));
    run();
    assertEquals(-3, client.outcomes.get(0).status());
    assertEquals(Request.ERROR_REPLY_BYTES, client.outcomes.get(0).replyBytes());
    assertEquals(Request.SEGV, client.outcomes.get(1).status());
    assertEquals(0, client.outcomes.get(2).status());
    assertEquals(4096, client.outcomes.get(2).replyBytes());
    assertEquals(1, node.counters().segmentationFaults());
  }

  @Test
  void flush_allocatesWhatItNeeds_andFailsBehindAnUnmap() {
    build();
    RpcClient client = client().then(flush(1, 5)).then(r -> {
      request(Opcode.MUNMAP, 1, 5).accept(r);
      r.length = PAGE;
    });
    client.then(flush(1, 5)).then(miss(1, 5)).then(miss(1, 6));
    run();
    assertEquals(0, client.outcomes.get(0).status());
    assertEquals(-14, client.outcomes.get(2).status()); // EFAULT: F-27
    assertEquals(Request.SEGV, client.outcomes.get(3).status());
    assertEquals(0, client.outcomes.get(4).status());
    assertEquals(1, node.counters().failedFlushes());
    assertEquals(2, node.counters().flushes());
  }

  @Test
  void combinedMessage_isAMissThenAFlush_evenOfTheSameAddressOfTwoProcesses() {
    build();
    RpcClient client = client().then(r -> {
      miss(1, 3).accept(r);
      r.carriesFlush = true;
      r.flushTgid = 2;
      r.flushAddress = r.address;
      r.requestBytes += 4128;
    });
    client.then(r -> {
      miss(1, 4).accept(r);
      r.carriesFlush = true;
      r.flushTgid = 9; // nobody
      r.flushAddress = r.address;
      r.requestBytes += 4128;
    });
    run();
    assertEquals(0, client.outcomes.get(0).status());
    assertEquals(0, client.outcomes.get(1).status()); // the miss is answered all the same
    assertEquals(2, node.counters().misses());
    assertEquals(2, node.counters().flushes());
    assertEquals(1, node.counters().failedFlushes());
    assertEquals(3, node.pagesInUse()); // page 3 of both, page 4 of the first
  }

  @Test
  void fork_sharesPages_listsAreas_andAFlushParts() {
    build();
    RpcClient client = client().then(miss(1, 0)).then(r -> {
      r.prepare(Opcode.MMAP, 1);
      r.tgid = 1;
      r.address = HEAP + 2_000 * PAGE;
      r.length = 2 * PAGE;
      r.argument[1] = 0x21; // shared, anonymous, no access
    });
    long[][] listed = new long[1][];
    client.then(r -> {
      r.prepare(Opcode.FORK, 1);
      r.tgid = 3;
      r.argument[0] = 1;
    });
    client.then(r -> {
      listed[0] = r.areas;
      flush(3, 0).accept(r);
    });
    run();
    assertArrayEquals(
        new long[] {
          HEAP,
          HEAP + 1_000 * PAGE,
          Request.AREA_WRITABLE,
          HEAP + 2_000 * PAGE,
          HEAP + 2_002 * PAGE,
          Request.AREA_SHARED
        },
        listed[0]);
    assertEquals(8 + 2 * 24, client.outcomes.get(2).replyBytes());
    assertEquals(2, node.pagesInUse());
    assertEquals(1, node.counters().sharedFlushes());
  }

  /** F-23: the process that had number 3 has ended, and nobody said so; another one gets its number. */
  @Test
  void forkToANumberThatIsKnown_beginsAnew_withF23TheOldMemoryStays() {
    for (boolean isBroken : new boolean[] {false, true}) {
      build(isBroken ? MemoryDefects.of(List.of("F-23")) : MemoryDefects.NONE);
      RpcClient client = client();
      long[] found = new long[2];
      client.then(writing(1, 0, 11)).then(fork(3, 1)).then(writing(3, 0, 33)).then(fork(3, 1));
      client.then(miss(3, 0)).then(r -> {
        found[0] = r.content;
        found[1] = node.pagesInUse();
        miss(1, 0).accept(r);
      });
      run();
      assertEquals(0, client.outcomes.get(3).status());
      assertEquals(isBroken ? 33 : 11, found[0]);
      // process 1 has one page; number 3 shares it, or still has one of its own
      assertEquals(isBroken ? 2 : 1, found[1]);
      clients.clear();
    }
  }

  private static Consumer<Request> fork(int tgid, int parent) {
    return r -> {
      r.prepare(Opcode.FORK, 1);
      r.tgid = tgid;
      r.argument[0] = parent;
    };
  }

  private static Consumer<Request> writing(int tgid, long page, long content) {
    return r -> {
      flush(tgid, page).accept(r);
      r.flushContent = content;
    };
  }

  /** F-24: a worker that is to answer without a size panics. */
  @Test
  void msync_isAnswered_withF24TheNodePanics() {
    build(MemoryDefects.NONE);
    client().then(request(Opcode.MSYNC, 1, 0));
    run();
    assertEquals(0, clients.get(0).last().status());
    clients.clear();
    build(MemoryDefects.of(List.of("F-24")));
    client().then(request(Opcode.MSYNC, 1, 0));
    String report = assertThrows(InvariantViolation.class, this::run).getMessage();
    assertTrue(report.contains("M0.worker0 panics"), report);
  }

  @Test
  void requestsGoToWorkersInTurn_howeverBusyTheyAre() {
    build("memory.workers", "2");
    // Worker 0 populates a heap for about 400 us; the second request finds worker 1 idle, the third
    // queues behind the first although worker 1 is idle again.
    RpcClient slow = client().then(heap(1, 4_000)).then(heap(1, 5_000));
    RpcClient second = client().at(60_000_000, miss(2, 0));
    RpcClient third = client().at(100_000_000, miss(2, 1));
    run();
    assertTrue(slow.last().latencyPs() > 300_000_000, slow.last().latencyPs() + " ps");
    assertTrue(second.last().latencyPs() < 12_000_000);
    assertTrue(third.last().latencyPs() > 200_000_000, third.last().latencyPs() + " ps");
    assertTrue(third.last().endPs() > slow.last().endPs() - 10_000_000);
  }

  private static Consumer<Request> heap(int tgid, long endPage) {
    return request(Opcode.BRK, tgid, endPage);
  }

  @Test
  void missOfAProcess_waitsForTheWriterOfItsAreas_anotherProcessDoesNot() {
    build("memory.workers", "3");
    RpcClient slow = client().then(heap(1, 4_000)).then(heap(1, 5_000));
    RpcClient same = client().at(60_000_000, miss(1, 0));
    RpcClient other = client().at(60_000_000, miss(2, 0));
    run();
    assertTrue(same.last().endPs() > slow.last().endPs() - 10_000_000);
    assertTrue(other.last().latencyPs() < 15_000_000, other.last().latencyPs() + " ps");
  }

  @Test
  void fullBuffers_stopThePollingThread() {
    build("memory.buffers", "1");
    RpcClient slow = client().then(heap(1, 4_000)).then(heap(1, 5_000));
    RpcClient waiting = client().at(60_000_000, miss(2, 0));
    run();
    assertTrue(waiting.last().endPs() > slow.last().endPs() - 10_000_000);
    assertEquals(0, waiting.last().status());
  }

  @Test
  void exec_leavesTheStagedImageBehind() {
    build();
    RpcClient client = client().then(miss(1, 0)).then(r -> {
      node.stageImage(
          0,
          1,
          ImagePlacement.captured(
              List.of(new Mapping(HEAP + 50 * PAGE, HEAP + 60 * PAGE, "r-xp", 0, "/a"))));
      r.prepare(Opcode.EXECVE, 1);
      r.tgid = 1;
    });
    client.then(miss(1, 0)).then(miss(1, 55));
    run();
    assertEquals(Request.SEGV, client.outcomes.get(2).status());
    assertEquals(0, client.outcomes.get(3).status());
    assertEquals(1, node.counters().fileFaults());
    assertEquals(1, node.approximations().size());
  }

  @Test
  void pageThatNoAreaExplains_isMappedOnTouch_whenTheTraceHasNoMappings() {
    build("memory.mapOnTouch", "true");
    RpcClient client = client().then(miss(1, 5_000)).then(flush(1, 6_000));
    run();
    assertEquals(0, client.outcomes.get(0).status());
    assertEquals(0, client.outcomes.get(1).status());
    assertEquals(2, node.pagesInUse());
  }
}
