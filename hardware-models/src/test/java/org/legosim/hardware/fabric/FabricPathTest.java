package org.legosim.hardware.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.engine.Simulation;

/** One operation through idle stations: its time, its packets, and what moves them. */
class FabricPathTest {
  /**
   * A 64-byte write with immediate by hand, in ps, Gen3 x8 (62.851 Gbit/s) and QDR (250 ps/B): doorbell
   * 100,000; work request: 24 B up 3,055, 370,000, 100 B down 12,729; process 195,000; payload: 3,055,
   * 370,000, then the engine's 64 B at 36 Gbit/s = 14,223, longer than PCIe's 12,729; link 110 B =
   * 27,500; two cables 20,000, hop 120,000; process 195,000; write 88 B = 11,202, and the engine's
   * 14,223 again; entry 88 B, ordered 20,000 after the write, so 31,202 after arrival; visible 80,000.
   */
  @Test
  void smallMessage_takesWhatTheHandSays() {
    FabricBench bench = new FabricBench(2);
    long arrivedPs = 100_000 + 3_055 + 370_000 + 12_729 + 195_000 + 3_055 + 370_000 + 14_223
        + 27_500 + 20_000 + 120_000 + 195_000;
    assertEquals(arrivedPs + 31_202 + 80_000, bench.deliver(0, 1, Operation.WRITE_IMMEDIATE, 64));
  }

  /** 128 runs: every operation, size and topology meets its closed form to the picosecond. */
  @ParameterizedTest
  @ValueSource(strings = {"pair", "star", "clos"})
  void idlePath_equalsItsClosedForm(String topology) {
    long[] sizes = {0, 1, 64, 220, 221, 512, 2047, 2048, 2049, 4096, 5000, 65_536};
    String[][] variants = {
      {"network.mtu=2048 B"},
      {"network.mtu=4096 B", "network.pcie.gen=2", "network.pcie.payload=128 B"},
      {"network.nic.blueFlame=on", "network.nic.inlineLimit=220 B"},
      {"network.link.speed=fdr", "network.hca.engineRate=10 Gbit/s"}
    };
    int nodes = topology.equals("pair") ? 2 : 6;
    for (String[] variant : variants) {
      for (long bytes : sizes) {
        for (Operation operation : Operation.values()) {
          if (operation == Operation.DATAGRAM && bytes > 2048) {
            continue;
          }
          FabricBench bench = new FabricBench(
              nodes,
              FabricBench.join(
                  variant, "network.topology=" + topology, "network.clos.leafNodes=3"));
          int target = nodes - 1;
          String what = operation + " of " + bytes + ", " + String.join(" ", variant);
          long idlePs = operation == Operation.READ
              ? bench.fabric.idleReadPs(0, target, bytes)
              : bench.fabric.idleDeliveryPs(0, target, operation, bytes);
          assertEquals(idlePs, bench.deliver(0, target, operation, bytes), what);
          bench.fabric.verifyIdle();
        }
      }
    }
  }

  /**
   * Bytes, packets and TLPs of one write with immediate at every hop, by hand: MTU 2048, MPS 256, MRRS 512.
   * 4,200 bytes are three packets of 2048, 2048, 104 with 42, 26 and 30 bytes of headers; read by 4 + 4 +
   * 1 requests in 8 + 8 + 1 answers, written by as many, then the entry. The work request adds a read of
   * 64 bytes at the source, the doorbell a write of 8, both entries one write each.
   */
  @ParameterizedTest
  @CsvSource({
    // bytes, packets, link bytes, requests, answers, writes
    "4, 1, 50, 1, 1, 1",
    "64, 1, 110, 1, 1, 1",
    "2048, 1, 2094, 4, 8, 8",
    "4096, 2, 4168, 8, 16, 16",
    "4200, 3, 4298, 9, 17, 17"
  })
  void packetsOfEachHop_areThoseThatTheHandCounts(
      long bytes, long packets, long linkBytes, long requests, long answers, long writes) {
    FabricBench bench = new FabricBench(2);
    bench.deliver(0, 1, Operation.WRITE_IMMEDIATE, bytes);
    PciePort source = bench.fabric.hca(0).port();
    PciePort target = bench.fabric.hca(1).port();
    long entryBytes = 64 + 24;
    assertEquals(1 + requests + 1, source.up().tlps(), "requests and the entry");
    assertEquals(24 * (1 + requests) + entryBytes, source.up().bytes());
    assertEquals(1 + 1 + answers, source.down().tlps(), "doorbell, work request, payload");
    assertEquals(8 + 24 + 64 + 20 + bytes + 20 * answers, source.down().bytes());
    assertEquals(writes + 1, target.up().tlps(), "payload and the entry");
    assertEquals(bytes + 24 * writes + entryBytes, target.up().bytes());
    assertEquals(0, target.down().tlps());
    // Channels of a star: up and down of each node. Data go up 0 and down 1, the acknowledgement
    // back.
    assertEquals(packets, bench.fabric.channel(0).sentPackets());
    assertEquals(linkBytes, bench.fabric.channel(0).sentBytes());
    assertEquals(packets, bench.fabric.channel(3).sentPackets());
    assertEquals(linkBytes, bench.fabric.channel(3).sentBytes());
    assertEquals(1, bench.fabric.channel(2).sentPackets());
    assertEquals(30, bench.fabric.channel(2).sentBytes());
    assertEquals(30, bench.fabric.channel(1).sentBytes());
    assertEquals(bytes, bench.fabric.hca(1).receivedBytes());
    // The report says the same: two directions of each slot, then the channels.
    assertEquals(1 + requests + 1, bench.fabric.hops().get(0).packets());
    assertEquals(linkBytes, bench.fabric.hops().get(4).bytes());
    assertEquals(8, bench.fabric.hops().size());
  }

  private static long oneWayPs(long bytes, String... settings) {
    return new FabricBench(2, settings).deliver(0, 1, Operation.WRITE, bytes);
  }

  /** Each cause moves its own stage by what its own arithmetic says, and nothing else. */
  @Test
  void slotMtuAndLinkRate_moveTheirOwnStages() {
    String[] wireOnly = {"network.hca.engineRate=10000 Gbit/s", "network.pcie.postedInterval=0 ns"};
    FabricBench third = new FabricBench(2, wireOnly);
    FabricBench fourth = new FabricBench(2, FabricBench.join(wireOnly, "network.pcie.gen=4"));
    PcieSlot slow = third.fabric.shape.slot();
    PcieSlot fast = fourth.fabric.shape.slot();
    long savedPs = slow.readPs(64)
        - fast.readPs(64)
        + 2 * (slow.ps(24) - fast.ps(24))
        + slow.readPs(2048)
        - fast.readPs(2048)
        + 8 * (slow.ps(280) - fast.ps(280));
    assertEquals(
        savedPs,
        third.deliver(0, 1, Operation.WRITE, 2048) - fourth.deliver(0, 1, Operation.WRITE, 2048));
    // Twice the link's rate: half of 2,090 bytes at 250 ps.
    assertEquals(2090 * 125, oneWayPs(2048) - oneWayPs(2048, "network.link.rate=64 Gbit/s"));
    // A smaller MTU lets stages overlap, but sends one header more.
    FabricBench small = new FabricBench(2, "network.mtu=1024 B");
    FabricBench large = new FabricBench(2);
    assertTrue(
        small.deliver(0, 1, Operation.WRITE, 2048) < large.deliver(0, 1, Operation.WRITE, 2048));
    assertEquals(
        26, small.fabric.channel(0).sentBytes() - large.fabric.channel(0).sentBytes());
    assertEquals(
        large.fabric.hca(0).port().down().bytes(),
        small.fabric.hca(0).port().down().bytes());
    // What fits into one packet of either does not notice.
    assertEquals(oneWayPs(1024), oneWayPs(1024, "network.mtu=1024 B"));
  }

  /** Rates of the named speeds of four lanes, after their codes. */
  @Test
  void speeds_areThoseOfTheirLanesAndCodes() {
    assertEquals(4 * 10_000_000_000L * 8 / 10, LinkSpeed.QDR.bitsPerSecond(1));
    assertEquals(4 * 10_312_500_000L * 64 / 66, LinkSpeed.FDR10.bitsPerSecond(1));
    assertEquals(4 * 14_062_500_000L * 64 / 66, LinkSpeed.FDR.bitsPerSecond(1));
    assertEquals(4 * 25_781_250_000L * 64 / 66, LinkSpeed.EDR.bitsPerSecond(1));
    assertEquals(1, LinkSpeed.RATE.bitsPerSecond(1));
  }

  /** What does not fit into an adapter's cache costs two reads of DRAM behind PCIe, at either end. */
  @Test
  void contextMiss_costsItsReads() {
    VerbsProgramParams program = org.legosim.hardware.Defaults.of(VerbsProgramParams.class);
    FabricShape shape = FabricBench.shape();
    long hitPs = VerbsProgram.run(
            new Simulation(0), shape, program, VerbsProgram.Load.latency(Operation.WRITE, 64))
        .meanLatencyPs();
    VerbsProgram.Load pages = new VerbsProgram.Load(Operation.WRITE, 64, 100, 1, 1, 1 << 20);
    assertEquals(
        hitPs + 2 * (3_055 + 370_000 + 52_000 + 12_729),
        VerbsProgram.run(new Simulation(0), shape, program, pages).meanLatencyPs());
    VerbsProgram.Load pairs = new VerbsProgram.Load(Operation.WRITE, 64, 100, 1, 10_000, 1);
    assertEquals(
        hitPs + 4 * (3_055 + 370_000 + 52_000 + 12_729),
        VerbsProgram.run(new Simulation(0), shape, program, pairs).meanLatencyPs());
  }
}
