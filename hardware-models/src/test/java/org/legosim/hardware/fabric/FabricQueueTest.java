package org.legosim.hardware.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Actor;
import org.legosim.timing.engine.Simulation;

/** Queues, credits and lanes: theory, gates and conservation. */
class FabricQueueTest {
  /** Datagrams of two sizes at Poisson times, on one cable. */
  private static final class PoissonSource implements Actor {
    final FabricBench bench;
    final Random random;
    final int actor;
    final double meanGapPs;
    double nextPs;
    int left;

    PoissonSource(FabricBench bench, long seed, double meanGapPs, int count) {
      this.bench = bench;
      this.random = new Random(seed);
      this.meanGapPs = meanGapPs;
      left = count;
      actor = bench.simulation.register(this);
      next();
    }

    private void next() {
      nextPs -= meanGapPs * Math.log(1 - random.nextDouble());
      bench.simulation.schedule(actor, actor, Simulation.PRIORITY_NORMAL, (long) nextPs, 0);
    }

    @Override
    public void onEvent(long payload) {
      int bytes = random.nextBoolean() ? 64 : 1024;
      bench.fabric.release(bench.fabric.post(0, 1, 0, Operation.DATAGRAM, bytes));
      if (--left > 0) {
        next();
      }
    }

    @Override
    public String name() {
      return "Poisson source";
    }

    @Override
    public void describe(StringBuilder out) {
      out.append(left);
    }

    @Override
    public boolean isQuiescent() {
      return left == 0;
    }
  }

  /**
   * M/G/1 by Pollaczek and Khinchine: mean wait = arrival rate x E[S^2] / (2 (1 - load)), with services
   * of 98 and 1058 bytes at 250 ps, equally likely.
   */
  @ParameterizedTest
  @CsvSource({"0.5, 0.02, 150000", "0.9, 0.05, 300000"})
  void poissonArrivals_waitAsPollaczekAndKhinchineSay(double load, double tolerance, int count) {
    long seed = Long.getLong("test.seed", 5);
    FabricBench bench = new FabricBench(
        2,
        "network.topology=pair",
        "network.nic.blueFlame=on",
        "network.nic.inlineLimit=1024 B",
        "network.hca.blueFlameChunk=0 ns",
        "network.nic.messageInterval=0 ns",
        "network.pcie.gen=5",
        "network.pcie.lanes=16",
        "network.pcie.postedInterval=0 ns",
        "network.link.credits=65536");
    double first = 98 * 250;
    double second = 1058 * 250;
    double mean = (first + second) / 2;
    double meanSquare = (first * first + second * second) / 2;
    new PoissonSource(bench, seed, mean / load, count);
    bench.simulation.run();
    bench.fabric.verifyIdle();
    Channel link = bench.fabric.channel(0);
    double expectedPs = load / mean * meanSquare / (2 * (1 - load));
    double waitPs = (double) link.waitPs() / link.sentPackets();
    String what =
        "load " + load + ": wait " + waitPs + " ps, theory " + expectedPs + ", seed " + seed;
    System.out.println(what);
    assertEquals(count, link.sentPackets());
    assertEquals(expectedPs, waitPs, tolerance * expectedPs, what);
    assertEquals(link.queuePs(), link.waitPs(), "Little's law");
  }

  /** Illegal one block early, legal on time; neither below nothing nor above the buffer. */
  @Test
  void credits_passAPacketOnTimeAndNotOneBlockEarly() {
    CreditPool pool = new CreditPool("link", 10);
    assertTrue(pool.has(10, 0));
    pool.take(7);
    assertFalse(pool.has(4, 0));
    assertTrue(pool.has(3, 0));
    pool.giveBack(1, 1_000);
    assertEquals(1_000, pool.freePs(4));
    assertEquals(Long.MAX_VALUE, pool.freePs(5));
    assertFalse(pool.has(4, 999));
    assertTrue(pool.has(4, 1_000));
    assertThrows(InvariantViolation.class, () -> pool.take(5));
    CreditPool full = new CreditPool("link", 10);
    full.giveBack(1, 0);
    assertThrows(InvariantViolation.class, () -> full.has(1, 0));
  }

  /** Returns that are given out of order of their times. */
  @Test
  void creditReturns_takeEffectInOrderOfTime() {
    CreditPool pool = new CreditPool("link", 100);
    pool.take(100);
    for (int i = 0; i < 50; i++) {
      pool.giveBack(1, (i * 37) % 50);
    }
    for (int at = 0; at < 50; at++) {
      assertEquals(at, pool.freePs(at + 1));
      pool.has(1, at);
      assertEquals(at + 1, pool.free());
    }
  }

  /**
   * Room for one packet of 2,094 bytes, 33 blocks: the second one leaves when the first is in memory and
   * the cable has brought its credits back; with twice the room it follows at once.
   */
  @Test
  void bufferOfOnePacket_stallsTheSecondUntilItsCreditsAreBack() {
    String[] small = {"network.topology=pair", "network.link.credits=33"};
    String[] ample = {"network.topology=pair", "network.link.credits=66"};
    FabricBench bench = new FabricBench(2, ample);
    FabricShape shape = bench.fabric.shape;
    long amplePs = bench.deliver(0, 1, Operation.WRITE, 4096);
    long smallPs = new FabricBench(2, small).deliver(0, 1, Operation.WRITE, 4096);
    // From the first packet's start: its wire time, both cables, the adapter's work, eight writes.
    long stalledPs = shape.wirePs(2048 + 42)
        + 2 * shape.propagationPs()
        + shape.params().hca().processPs().value()
        + 8 * shape.slot().ps(280);
    assertEquals(stalledPs - shape.wirePs(2048 + 42), smallPs - amplePs);
  }

  /** A lane without credits does not hold another one up. */
  @Test
  void virtualLanes_haveCreditsOfTheirOwn() {
    String[] one = {"network.topology=pair", "network.link.credits=33"};
    String[] two = FabricBench.join(one, "network.link.virtualLanes=2");
    assertTrue(smallBehindLargePs(two) < smallBehindLargePs(one) - 500_000);
  }

  private static long smallBehindLargePs(String[] settings) {
    FabricBench bench = new FabricBench(2, settings);
    bench.fabric.release(bench.fabric.post(0, 1, 0, Operation.WRITE, 65_536));
    int[] small = new int[1];
    bench.at(10_000_000, () -> small[0] = bench.fabric.post(0, 1, 1, Operation.WRITE, 4));
    bench.simulation.run();
    return bench.fabric.deliveredPs(small[0]);
  }

  /** Four senders to one receiver: its cable is the bottleneck, and nothing overtakes the law. */
  @Test
  void manyToOne_sharesTheReceiversCable() {
    FabricBench bench = new FabricBench(5);
    for (int i = 0; i < 400; i++) {
      bench.post(1 + i % 4, 0, 0, Operation.WRITE, 2048);
    }
    bench.simulation.run();
    bench.fabric.verifyIdle();
    Channel down = bench.fabric.channel(1);
    assertEquals(400, down.sentPackets() - 0);
    assertEquals(400 * 250L * 2090, down.busyPs());
    // Full from the first packet to the last one, or the queue would not have been the bottleneck.
    assertTrue(
        down.busyPs() > 0.95 * (bench.simulation.nowPs() - 2_000_000),
        "busy " + down.busyPs() + " of " + bench.simulation.nowPs());
  }

  /** Random traffic of every kind: all of it arrives, once, and every queue obeys Little. */
  @ParameterizedTest
  @ValueSource(strings = {"star", "clos"})
  void randomTraffic_conservesBytes(String topology) {
    long seed = Long.getLong("test.seed", 11);
    Random random = new Random(seed);
    FabricBench bench = new FabricBench(
        seed,
        6,
        "network.topology=" + topology,
        "network.clos.leafNodes=2",
        "network.link.virtualLanes=2",
        "network.link.credits=40");
    long[] expected = new long[6];
    Operation[] operations = Operation.values();
    int datagrams = 0;
    for (int i = 0; i < 3_000; i++) {
      Operation operation = operations[random.nextInt(operations.length)];
      int source = random.nextInt(6);
      int target = (source + 1 + random.nextInt(5)) % 6;
      int bytes = random.nextInt(operation == Operation.DATAGRAM ? 2_049 : 10_000);
      expected[operation == Operation.READ ? source : target] += bytes;
      datagrams += operation == Operation.DATAGRAM ? 1 : 0;
      int message = bench.fabric.post(source, target, random.nextInt(4), operation, bytes);
      bench.fabric.release(message);
    }
    bench.simulation.run();
    bench.simulation.verifyQuiescent();
    bench.fabric.verifyIdle();
    assertEquals(0, bench.fabric.inFlight(), "seed " + seed);
    for (int node = 0; node < 6; node++) {
      assertEquals(expected[node], bench.fabric.hca(node).receivedBytes(), "seed " + seed);
      assertEquals(0, bench.fabric.hca(node).retransmissions(), "seed " + seed);
    }
    assertTrue(datagrams > 0);
  }
}
