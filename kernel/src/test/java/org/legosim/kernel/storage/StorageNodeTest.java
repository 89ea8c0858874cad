package org.legosim.kernel.storage;

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
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.rpc.RpcClient;
import org.legosim.timing.engine.Simulation;

/** Requests to a storage node, alone and against each other. */
class StorageNodeTest {
  private static final long US = 1_000_000;

  private final List<RpcClient> clients = new ArrayList<>();
  private Simulation simulation = new Simulation(1);
  private StorageNode node;
  private FitNode sender;
  private FitNetwork fit;

  private void build(String... settings) {
    simulation = new Simulation(1);
    clients.clear();
    Map<String, String> keys = new HashMap<>(Map.of(
        "fit.costs.pollPeriod", "0 ns",
        "storage.costs.wake", "2 us",
        "storage.costs.open", "1 us",
        "storage.costs.lookup", "0.2 us",
        "storage.costs.allocatePage", "0.3 us",
        "storage.costs.submit", "2 us",
        "storage.costs.complete", "3 us"));
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i], settings[i + 1]);
    }
    fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), 2, simulation.ledger()));
    sender = fit.addNode("M0");
    node = new StorageNode(simulation, Defaults.of(StorageParams.class, keys), fit.addNode("S0"));
    fit.connect();
  }

  private RpcClient client() {
    RpcClient client = new RpcClient(simulation, sender, "client " + clients.size());
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

  private static Consumer<Request> read(String file, long page, long pages) {
    return r -> {
      r.prepare(Opcode.M2S_READ, 1);
      r.text = file;
      r.argument[Request.FILE_OFFSET] = page * 4096;
      r.length = pages * 4096;
      r.replyBytes += (int) r.length;
    };
  }

  private static Consumer<Request> write(String file, long offset, long bytes, boolean syncs) {
    return r -> {
      r.prepare(Opcode.M2S_WRITE, 1);
      r.text = file;
      r.argument[Request.FILE_OFFSET] = offset;
      r.argument[Request.FILE_FLAGS] = syncs ? Request.FILE_SYNC : 0;
      r.length = bytes;
      r.requestBytes += (int) bytes;
    };
  }

  private static Consumer<Request> path(Opcode opcode, String file) {
    return r -> {
      r.prepare(opcode, 1);
      r.text = file;
    };
  }

  private long latencyPs(RpcClient client, int call) {
    return client.outcomes.get(call).latencyPs();
  }

  @Test
  void aReadOfACachedPage_waitsForNoDrive_thatOfAnotherForOneRead() {
    build();
    RpcClient client = client().then(read("f", 500, 1)).then(read("f", 500, 1));
    run();
    long driveUs = (latencyPs(client, 0) - latencyPs(client, 1)) / US;
    // the difference: a page and its submission, a random read of the drive, its completion
    assertTrue(driveUs > 85 && driveUs < 100, driveUs + " us");
    assertEquals(1, node.drive().reads());
    assertEquals(2, node.counters().reads());
    assertEquals(1, node.counters().pageMisses());
    assertEquals(4096 + 8, client.last().replyBytes());
  }

  @Test
  void theDaemonIsSerial_aSecondRequestWaitsForTheFirst() {
    build();
    RpcClient slow = client().then(read("f", 500, 1));
    RpcClient quick = client().at(10 * US, path(Opcode.STAT, "g"));
    run();
    assertEquals(2, node.longestQueue());
    assertTrue(
        quick.outcomes.get(0).endPs() > slow.outcomes.get(0).startPs() + 90 * US,
        "the stat waits for the drive");
    build();
    quick = client().then(path(Opcode.STAT, "g"));
    run();
    assertTrue(latencyPs(quick, 0) < 12 * US, latencyPs(quick, 0) + " ps alone");
  }

  @Test
  void aWriteStaysInMemory_anFsyncIsAWriteAndAFlushOfTheDrive() {
    build();
    RpcClient client = client()
        .then(write("f", 0, 4096, false))
        .then(write("f", 4096, 4096, false))
        .then(write("g", 0, 4096, true))
        .then(r -> {
          r.prepare(Opcode.FSYNC, 1);
          r.text = "f";
        });
    run();
    assertEquals(2, node.drive().writes(), "one of g, one of both pages of f");
    assertEquals(2, node.drive().flushes());
    assertEquals(3 * 4096, node.drive().writtenBytes());
    long syncUs = (latencyPs(client, 2) - latencyPs(client, 1)) / US;
    // submit, write, complete, submit, flush, complete
    assertTrue(syncUs >= 2 + 13 + 3 + 2 + 5 + 3 && syncUs < 40, syncUs + " us");
  }

  @Test
  void aPartOfAPage_isReadFirst_unlessTheFileEndsBefore() {
    build();
    client()
        .then(write("old", 100, 8, false))
        .then(r -> {
          path(Opcode.OPEN, "new").accept(r);
          r.argument[Request.FILE_FLAGS] = Request.FILE_TRUNCATE;
        })
        .then(write("new", 0, 8, false));
    run();
    assertEquals(1, node.drive().reads());
  }

  @Test
  void whatIsUnlinked_isGivenUp_andANewFileOfThatNameIsAnother() {
    build();
    client()
        .then(read("f", 500, 1))
        .then(path(Opcode.UNLINK, "f"))
        .then(read("f", 500, 1))
        .then(r -> {
          path(Opcode.RENAME, "f").accept(r);
          r.otherText = "g";
        })
        .then(read("g", 500, 1))
        .then(path(Opcode.MKDIR, "d"));
    run();
    assertEquals(2, node.drive().reads(), "the renamed file keeps its pages");
    assertEquals(3, node.counters().pathCalls());
  }

  @Test
  void moreThanTheCacheHolds_goesOut_writtenPagesToTheDrive() {
    build("storage.pageCache", "64 KiB", "storage.dirtyLimit", "32 KiB");
    RpcClient client = client();
    for (int page = 0; page < 40; page++) {
      client.then(write("f", page * 4096L, 4096, false));
    }
    run();
    assertTrue(node.drive().writtenBytes() >= (40 - 16) * 4096L);
    assertEquals(node.drive().writtenBytes() / 4096, node.counters().writtenBack());
  }

  @Test
  void sequentialReads_areReadAhead_alsoThoughEachOpensTheFileAnew() {
    build();
    RpcClient client = client();
    for (int page = 0; page < 64; page++) {
      client.then(read("f", page, 1));
    }
    run();
    assertTrue(node.drive().reads() < 10, node.drive().reads() + " commands for 64 pages");
    build("storage.readAhead", "0 B");
    client = client();
    for (int page = 0; page < 64; page++) {
      client.then(read("f", page, 1));
    }
    run();
    assertEquals(64, node.drive().reads());
  }

  @Test
  void anUnknownOperation_isRefused() {
    build();
    RpcClient client = client().then(path(Opcode.PCACHE_MISS, "f"));
    run();
    assertEquals(-1, client.last().status());
    assertEquals(4, client.last().replyBytes());
  }
}
