package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.legosim.kernel.storage.StorageNode;
import org.legosim.kernel.storage.StorageParams;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** What a second memory node does with lines of another one, by hand. */
class ReplicaLogsTest {
  private static final long US = 1_000_000;
  private static final int LOG = 16;

  private final Simulation simulation = new Simulation(1);
  private final Map<String, String> keys =
      new HashMap<>(Map.of("memory.replication", "on", "memory.replicaLog", "" + LOG));
  private final FitNetwork fit = new FitNetwork(
      simulation,
      Defaults.of(FitParams.class, keys),
      new Network(Defaults.of(NetworkParams.class, keys), 3, simulation.ledger()));
  private final FitNode processor = fit.addNode("P0");
  private final MemoryNode second =
      new MemoryNode(simulation, Defaults.of(MemoryNodeParams.class, keys), fit.addNode("M1"));
  private final StorageNode storage =
      new StorageNode(simulation, Defaults.of(StorageParams.class, keys), fit.addNode("S0"));

  private void run(RpcClient client) {
    second.attachStorage(simulation, storage.number());
    fit.connect();
    second.start();
    second.loadImage(0, 1, List.of(new Mapping(0x10000, 0x20000, "rw-p", 0, "[heap]")));
    client.start();
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    second.verifyQuiescent();
    storage.verifyQuiescent();
  }

  private RpcClient client() {
    return new RpcClient(simulation, processor, "P0");
  }

  private static Consumer<Request> replica(int tgid) {
    return r -> {
      r.prepare(Opcode.PCACHE_REPLICA, 1);
      r.tgid = tgid;
      r.length = 4096;
    };
  }

  @Test
  void aLogThatIsNotFull_staysHere() {
    RpcClient client = client();
    for (int i = 0; i < LOG - 1; i++) {
      client.thenOneWay(replica(1));
    }
    run(client);
    assertEquals(LOG - 1, second.counters().replicas());
    assertEquals(0, second.counters().droppedReplicas());
    assertEquals(0, storage.handled());
  }

  @Test
  void aFullLog_goesInOneMessage_andTakesNothingUntilItIsAnswered() {
    RpcClient client = client();
    // of process 1 a full log and eight more at once, among them one of process 2; much later one
    // more
    for (int i = 0; i < LOG; i++) {
      client.thenOneWay(replica(1));
    }
    for (int i = 0; i < 4; i++) {
      client.thenOneWay(replica(1));
    }
    client.thenOneWay(replica(2));
    client.at(1_000 * US, r -> {
      r.prepare(Opcode.TEST, 1);
      r.replyBytes = 4;
    });
    client.thenOneWay(replica(1));
    run(client);
    MemoryCounters counters = second.counters();
    assertEquals(LOG + 4 + 2, counters.replicas());
    assertEquals(4, counters.droppedReplicas(), "those of process 1 behind the full log");
    assertEquals(1, counters.batchedLogFlushes());
    assertEquals(1, storage.counters().replicaFlushes());
    assertEquals(1, storage.handled());
    // 16 entries of 4128 bytes: 17 pages of the log file, the last one in part
    assertEquals(1, storage.counters().writes());
    assertTrue(
        second.approximations().stream().anyMatch(text -> text.contains("4 of 22 replicas")));
  }

  @Test
  void aChangeOfAreas_isToldToTheStorageNodeFirst() {
    RpcClient client = client().then(r -> {
      r.prepare(Opcode.MUNMAP, 1);
      r.tgid = 1;
      r.address = 0x10000;
      r.length = 0x1000;
    });
    run(client);
    assertEquals(1, storage.counters().replicaVmas());
    assertEquals(0, client.last().status());
    assertTrue(client.last().latencyPs() > 10 * US, "both ways to the storage node are in it");
  }
}
