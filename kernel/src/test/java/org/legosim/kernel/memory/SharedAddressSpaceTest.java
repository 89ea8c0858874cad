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

/** Messages of two memory nodes, 1 and 2, that share address spaces; the monitor is node 3. */
class SharedAddressSpaceTest {
  private static final long PAGE = 4096;
  private static final long RANGE = 1L << 30;
  private static final long AREA = 16 * RANGE;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private final Simulation simulation = new Simulation(1);
  private final List<RpcClient> clients = new ArrayList<>();
  private final List<long[]> regions = new ArrayList<>();
  private final List<MemoryNode> nodes = new ArrayList<>();
  private FitNetwork fit;
  private MemoryMonitor monitor;

  private void build(String... settings) {
    Map<String, String> keys =
        new HashMap<>(Map.of("memory.nodes", "2", "memory.placementInterval", "1"));
    for (int i = 0; i < settings.length; i += 2) {
      keys.put(settings[i], settings[i + 1]);
    }
    fit = new FitNetwork(
        simulation,
        Defaults.of(FitParams.class, keys),
        new Network(Defaults.of(NetworkParams.class, keys), 4, 24, simulation));
    fit.addNode("P0");
    MemoryNodeParams params = Defaults.of(MemoryNodeParams.class, keys);
    for (int node = 0; node < 2; node++) {
      nodes.add(new MemoryNode(simulation, params, fit.addNode("M" + node)));
    }
    FitNode monitorNode = fit.addNode("GMM");
    monitor = new MemoryMonitor(simulation, params, monitorNode, 1);
    MemoryNode.distribute(simulation, nodes, monitor);
    fit.connect();
    nodes.forEach(MemoryNode::start);
  }

  private RpcClient client() {
    RpcClient client = new RpcClient(simulation, fit.node(0), "client " + clients.size());
    clients.add(client);
    return client;
  }

  private void run() {
    clients.get(0).then(r -> {
      nodes.forEach(MemoryNode::stop);
      r.prepare(Opcode.TEST, 1);
    });
    clients.forEach(RpcClient::start);
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    nodes.forEach(MemoryNode::verifyQuiescent);
  }

  private static Consumer<Request> request(Opcode opcode, int home, long address, long pages) {
    return r -> {
      r.prepare(opcode, home);
      r.tgid = home;
      r.address = address;
      r.length = pages * PAGE;
    };
  }

  private static Consumer<Request> map(int home, long address, long pages) {
    return request(Opcode.MMAP, home, address, pages).andThen(r -> {
      r.argument[MapCalls.MAP_PROTECTION] = 3;
      r.argument[MapCalls.MAP_FLAGS] = PRIVATE_ANONYMOUS;
    });
  }

  private static Consumer<Request> miss(int node, long address) {
    return request(Opcode.PCACHE_MISS, node, address, 1).andThen(r -> r.tgid = 1);
  }

  /** Notes what the reply to the call before said about regions. */
  private Consumer<Request> noting(RpcClient client, Consumer<Request> next) {
    return r -> {
      regions.add(client.request.regions);
      next.accept(r);
    };
  }

  @Test
  void mmap_asksTheMonitor_tellsTheOwner_andItsReplyNamesTheRange() {
    build();
    nodes.get(0).loadImage(0, 1, List.of());
    RpcClient client = client();
    client.then(map(1, AREA, 3));
    client.then(noting(client, map(1, AREA + RANGE, 3)));
    client.then(noting(client, request(Opcode.MUNMAP, 1, AREA, 3)));
    client.then(noting(client, miss(1, AREA)));
    run();
    // Nobody reported a load: equals go to the later node, 2.
    assertArrayEquals(new long[] {2, AREA, RANGE}, regions.get(0));
    assertArrayEquals(new long[] {2, AREA + RANGE, RANGE}, regions.get(1));
    assertArrayEquals(new long[] {1, AREA, RANGE}, regions.get(2));
    assertEquals(16 + 24, client.outcomes.get(0).replyBytes());
    assertEquals(4 + 24, client.outcomes.get(2).replyBytes());
    assertEquals(Request.SEGV, client.outcomes.get(3).status());
    // Of the home node: two questions, two parts mapped, one unmapped.
    assertEquals(5, fit.node(1).counters().sendReplies());
    assertEquals(2, monitor.consultations());
    assertEquals(2, nodes.get(1).counters().partMaps());
    assertEquals(1, nodes.get(1).counters().partUnmaps());
    // Two calls more take two calls' time more.
    assertTrue(client.outcomes.get(0).latencyPs() > 2 * client.outcomes.get(3).latencyPs());
  }

  @Test
  void aMappingWithoutAddress_goesIntoARangeOfItsNode_orIntoANewOne() {
    build("memory.placement", "round-robin");
    nodes.get(0).loadImage(0, 1, List.of());
    RpcClient client = client();
    client.then(map(1, 0, 3)).then(map(1, 0, 3)).then(map(1, 0, 5)).then(map(1, 0, 1 << 18));
    run();
    // The stack has the highest range to itself; new ranges are filled from their end.
    long top = AddressSpace.MAPPING_TOP & -RANGE;
    assertEquals(top - 3 * PAGE, client.outcomes.get(0).result());
    assertEquals(top - RANGE - 3 * PAGE, client.outcomes.get(1).result());
    assertEquals(top - 8 * PAGE, client.outcomes.get(2).result());
    assertEquals(top - 3 * RANGE, client.outcomes.get(3).result());
  }

  @Test
  void pagesThatChangeTheirNode_travelInMessagesOf256() {
    build("memory.placement", "round-robin");
    nodes.get(0).loadImage(0, 1, List.of());
    RpcClient client = client().then(map(1, AREA, 600)).then(map(1, AREA + RANGE, 1));
    client.then(map(1, AREA + 1_000 * PAGE, 1)); // so that the range stays with node 1
    for (int page = 0; page < 600; page++) {
      client.then(miss(1, AREA + page * PAGE));
    }
    // To node 2 and back: once they arrive in requests, once in replies.
    client.then(remap(AREA, AREA + RANGE + PAGE)).then(remap(AREA + RANGE + PAGE, AREA + 9 * PAGE));
    client.then(miss(1, AREA + 9 * PAGE)).then(miss(1, AREA));
    run();
    assertEquals(3 + 3, nodes.get(1).counters().partMoves());
    assertEquals(600, nodes.get(0).pagesInUse());
    assertEquals(0, nodes.get(1).pagesInUse());
    assertTrue(fit.node(1).counters().sentBytes() > 600 * PAGE);
    assertTrue(fit.node(2).counters().sentBytes() > 600 * PAGE);
    assertEquals(1, nodes.get(0).counters().segmentationFaults()); // what has moved away
  }

  private static Consumer<Request> remap(long from, long to) {
    return request(Opcode.MREMAP, 1, from, 600).andThen(r -> {
      r.argument[MapCalls.REMAP_LENGTH] = 600 * PAGE;
      r.argument[MapCalls.REMAP_RESULT] = to;
    });
  }

  @Test
  void exec_dropsTheOldPartsEverywhere_andPlacesTheNewOnes() {
    build();
    Mapping heap = new Mapping(AREA, AREA + PAGE, "rw-p", 0, "[heap]");
    Mapping old = new Mapping(AREA + RANGE, AREA + RANGE + PAGE, "rw-p", 0, "[anon]");
    assertArrayEquals(
        new long[] {2, AREA + RANGE, RANGE}, nodes.get(0).loadImage(0, 1, List.of(heap, old)));
    Mapping text = new Mapping(0x400000, 0x500000, "r-xp", 0, "/bin/program");
    Mapping bss = new Mapping(0x500000, 0x600000, "rw-p", 0, "[anon]");
    Mapping more = new Mapping(AREA, AREA + RANGE + PAGE, "rw-p", 0, "[anon]");
    nodes.get(0).stageImage(0, 1, ImagePlacement.captured(List.of(more, text, bss)));
    RpcClient client = client();
    client.then(miss(2, AREA + RANGE)).then(request(Opcode.EXECVE, 1, 0, 0));
    client.then(noting(client, miss(2, AREA))).then(miss(1, 0x500000));
    run();
    assertArrayEquals(new long[] {2, AREA, 2 * RANGE}, regions.get(0));
    assertEquals(24 + 24, client.outcomes.get(1).replyBytes());
    assertEquals(1, nodes.get(1).counters().partUnmaps());
    assertEquals(1, nodes.get(0).pagesInUse());
    assertEquals(1, nodes.get(1).pagesInUse());
    assertEquals(0, client.outcomes.get(2).status());
    assertEquals(0, client.outcomes.get(3).status());
  }

  @Test
  void twoHomesThatAskEachOther_waitForEver_unlessThereAreMoreWorkers() {
    String message = String.valueOf(
        assertThrows(InvariantViolation.class, () -> mapAcross("1")).getMessage());
    assertTrue(message.contains("Raise memory.workers"), message);
  }

  @Test
  void twoHomesWithTwoWorkersEach_answerEachOther() {
    mapAcross("2");
    assertEquals(1, nodes.get(0).counters().partMaps());
    assertEquals(1, nodes.get(1).counters().partMaps());
  }

  /** Processes 1 and 2 with homes 1 and 2 map into a range of the other's home at once. */
  private void mapAcross(String workers) {
    build("memory.workers", workers, "memory.placement", "round-robin");
    Mapping first = new Mapping(AREA, AREA + PAGE, "rw-p", 0, "[anon]");
    Mapping second = new Mapping(AREA + RANGE, AREA + RANGE + PAGE, "rw-p", 0, "[anon]");
    nodes.get(0).loadImage(0, 1, List.of(first, second));
    nodes.get(1).loadImage(0, 2, List.of(first));
    client().then(map(1, AREA + RANGE, 2));
    client().then(map(2, AREA, 2));
    run();
  }
}
