package org.legosim.hardware.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;

/** What is lost on links, what brings it back, and what is refused before anything runs. */
class FabricFaultTest {
  /** Messages of one connection arrive in order and once, whatever happens to their packets. */
  @ParameterizedTest
  @ValueSource(strings = {"lost=20000", "corrupted=20000", "delayed=20000"})
  void damagedPackets_areSentAgain(String fault) {
    long seed = Long.getLong("test.seed", 3);
    FabricBench bench = damaged(seed, fault);
    FabricBench again = damaged(seed, fault);
    assertEquals(again.simulation.nowPs(), bench.simulation.nowPs(), "same seed, same end");
    assertEquals(again.simulation.eventCount(), bench.simulation.eventCount());
  }

  private static FabricBench damaged(long seed, String fault) {
    Random random = new Random(seed);
    FabricBench bench =
        new FabricBench(seed, 3, "network.faults." + fault, "network.rc.timeout=10");
    Operation[] operations = {
      Operation.WRITE, Operation.WRITE_IMMEDIATE, Operation.READ, Operation.SEND
    };
    long[] expected = new long[3];
    for (int i = 0; i < 2_000; i++) {
      Operation operation = operations[random.nextInt(operations.length)];
      int source = random.nextInt(3);
      int target = (source + 1 + random.nextInt(2)) % 3;
      int bytes = random.nextInt(9_000);
      expected[operation == Operation.READ ? source : target] += bytes;
      bench.post(source, target, random.nextInt(4), operation, bytes);
    }
    bench.simulation.run();
    bench.simulation.verifyQuiescent();
    bench.fabric.verifyIdle();
    long retransmissions = 0;
    for (int node = 0; node < 3; node++) {
      // A read that is asked for again may write what had arrived before once more.
      assertTrue(
          bench.fabric.hca(node).receivedBytes() >= expected[node],
          "node " + node + ", seed " + seed);
      retransmissions += bench.fabric.hca(node).retransmissions();
    }
    assertTrue(retransmissions > 0, "nothing was damaged, seed " + seed);
    assertEquals(2_000, bench.completions, "seed " + seed);
    assertEquals(0, bench.fabric.inFlight(), "seed " + seed);
    return bench;
  }

  /**
   * The cable is out while the only packet passes: the timer of 4.096 us x 2^n is armed when its data are
   * at the root complex, and the work begins anew where the adapter processes the request.
   */
  @ParameterizedTest
  @CsvSource({"4, 65536000", "6, 262144000"})
  void lostPacket_isSentAgainAfterTheTimeOfTheFormula(int exponent, long timeoutPs) {
    FabricBench bench = new FabricBench(
        2,
        "network.rc.timeout=" + exponent,
        "network.faults.downNode=1",
        "network.faults.downFor=30 us");
    FabricShape shape = bench.fabric.shape;
    long idlePs = bench.fabric.idleDeliveryPs(0, 1, Operation.WRITE, 64);
    PcieSlot slot = shape.slot();
    long toHostPs = slot.ps(24) + slot.readLatencyPs();
    long startPs = 100_000 + toHostPs + slot.readPs(64) + 195_000;
    long armedPs = startPs + toHostPs;
    assertEquals(
        armedPs + timeoutPs + 195_000 + (idlePs - startPs),
        bench.deliver(0, 1, Operation.WRITE, 64));
    assertEquals(1, bench.fabric.hca(0).retransmissions());
  }

  @Test
  void cableThatStaysOut_failsTheConnectionAfterItsRetries() {
    FabricBench bench = new FabricBench(
        2,
        "network.rc.timeout=4",
        "network.rc.retries=2",
        "network.faults.downNode=1",
        "network.faults.downFor=1000 ms");
    InvariantViolation failed =
        assertThrows(InvariantViolation.class, () -> bench.deliver(0, 1, Operation.WRITE, 64));
    assertTrue(String.valueOf(failed.getMessage()).contains("2 attempts"), failed.getMessage());
    // Three time-outs: the last one gives up.
    assertTrue(bench.simulation.nowPs() > 3 * 65_536_000L, bench.simulation.nowPs() + " ps");
  }

  /** Without a posted receive a send waits 640 us, and 640 us again; a datagram is gone. */
  @Test
  void receiverThatIsNotReady_isTriedAgain() {
    FabricBench bench = new FabricBench(2);
    bench.fabric.postReceives(0, 1, 0, 0);
    bench.post(0, 1, 0, Operation.DATAGRAM, 64);
    bench.post(0, 1, 0, Operation.SEND, 64);
    bench.at(1_000_000_000L, () -> bench.fabric.postReceives(0, 1, 0, 100));
    bench.simulation.run();
    bench.fabric.verifyIdle();
    assertEquals(1, bench.deliveries);
    long idlePs = bench.fabric.idleDeliveryPs(0, 1, Operation.SEND, 64);
    assertTrue(bench.lastDeliveredPs > 2 * 640_000_000L, bench.lastDeliveredPs + " ps");
    assertTrue(
        bench.lastDeliveredPs < 2 * 640_000_000L + 5 * idlePs, bench.lastDeliveredPs + " ps");
  }

  @Test
  void receiverThatIsNeverReady_failsTheConnectionUnlessItIsTriedForEver() {
    FabricBench bench = new FabricBench(2, "network.rc.receiverRetries=2");
    bench.fabric.postReceives(0, 1, 0, 0);
    bench.post(0, 1, 0, Operation.SEND, 64);
    InvariantViolation failed =
        assertThrows(InvariantViolation.class, () -> bench.simulation.run());
    assertTrue(
        String.valueOf(failed.getMessage()).contains("no posted receive"), failed.getMessage());
  }

  @Test
  void lostDatagrams_areGoneAndCounted() {
    FabricBench bench = new FabricBench(2, "network.faults.lost=100000");
    for (int i = 0; i < 1_000; i++) {
      int message = bench.fabric.post(0, 1, 0, Operation.DATAGRAM, 64);
      bench.fabric.tellDelivery(message, bench.actor, message);
      bench.fabric.release(message);
    }
    bench.simulation.run();
    long damaged = bench.fabric.channel(0).damaged() + bench.fabric.channel(3).damaged();
    assertTrue(damaged > 100, damaged + " lost");
    assertEquals(1_000 - damaged, bench.deliveries);
    assertEquals(0, bench.fabric.inFlight());
    assertThrows(ModelException.class, () -> bench.fabric.post(0, 1, 0, Operation.DATAGRAM, 2_049));
  }

  @Test
  void impossibleFabrics_areRefusedWithReasonAndRemedy() {
    assertRefused(2, "never carries a packet", "network.link.credits=0");
    assertRefused(2, "raise the buffer or lower the MTU", "network.link.credits=32");
    assertEquals(2, new FabricBench(2, "network.link.credits=33").fabric.adapters.length);
    assertRefused(3, "choose star or clos", "network.topology=pair");
    assertRefused(4, "choose star", "network.topology=clos");
    assertRefused(2, "raise it", "network.rc.timeout=1", "network.switchHop=5 us");
  }

  private static void assertRefused(int nodes, String word, String... settings) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> new FabricBench(nodes, settings));
    assertTrue(String.valueOf(refused.getMessage()).contains(word), refused.getMessage());
  }
}
