package org.legosim.hardware.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.timing.ConfigException;

class PcieTest {
  /** 8 Gbit/s: a byte takes a nanosecond, but for 4 in 1538 of the time. */
  private static final String[] ROUND = {"network.pcie.gen=1", "network.pcie.lanes=4"};

  private static PcieSlot slot(String... settings) {
    return Defaults.of(NetworkParams.class, settings).slot();
  }

  /** Rates by hand: lanes x GT/s x code x 1534 / 1538. */
  @Test
  void rates_followFromGenerationLanesAndCode() {
    assertEquals(62_851_495_448L, slot().bitsPerSecond());
    assertEquals(7_979_193_758L, slot(ROUND).bitsPerSecond());
    assertEquals(31_916_775_032L, slot("network.pcie.gen=2").bitsPerSecond());
    assertThrows(ConfigException.class, () -> PcieSlot.rawBitsPerSecond(6, 8));
    assertThrows(ConfigException.class, () -> PcieSlot.rawBitsPerSecond(3, 33));
  }

  /**
   * MPS 256, MRRS 512, by hand. 4,200 bytes are 9 requests, 17 answers or 17 writes; the answer takes
   * 4,200 + 17 x 20 + 9 x 16 bytes, the write 4,200 + 17 x 24.
   */
  @ParameterizedTest
  @CsvSource({
    "4, 1, 1, 1, 40, 28",
    "64, 1, 1, 1, 100, 88",
    "512, 1, 2, 2, 568, 560",
    "2048, 4, 8, 8, 2272, 2240",
    "4200, 9, 17, 17, 4684, 4608"
  })
  void transfers_becomeThePacketsThatTheHandCounts(
      long bytes, long requests, long completions, long writes, long downBytes, long upBytes) {
    PciePort port = new PciePort(slot());
    port.answer(port.request(0, bytes), bytes);
    assertEquals(requests, port.up().tlps());
    assertEquals(24 * requests, port.up().bytes());
    assertEquals(completions, port.down().tlps());
    assertEquals(bytes + 20 * completions, port.down().bytes());
    assertEquals(downBytes, slot().readDownBytes(bytes));
    port.write(1_000_000_000, bytes);
    assertEquals(requests + writes, port.up().tlps());
    assertEquals(24 * requests + upBytes, port.up().bytes());
    assertEquals(upBytes, slot().writeUpBytes(bytes));
    // Two link packets for each request and write towards the device, one for each answer back.
    assertEquals(2 * (requests + writes), port.down().linkPackets());
    assertEquals(completions, port.up().linkPackets());
  }

  /** A read from the middle of a line is answered up to a boundary first. */
  @Test
  void unalignedRead_isSplitAtTheReadCompletionBoundary() {
    PcieSlot slot = slot();
    assertEquals(2, slot.completionTlps(0, 512));
    assertEquals(3, slot.completionTlps(16, 512));
    assertEquals(1, slot.completionTlps(16, 240));
    assertEquals(2, slot.completionTlps(16, 241));
  }

  /** 24 B up, the host's 370 ns, then 64 + 20 + 16 B down, at 62.85 Gbit/s. */
  @Test
  void idleRead_takesItsClosedFormula() {
    PcieSlot slot = slot();
    PciePort port = new PciePort(slot);
    assertEquals(3_055 + 370_000 + 12_729, port.answer(port.request(0, 64), 64));
    assertEquals(port.idleReadPs(64), 3_055 + 370_000 + 12_729);
    assertEquals(52_000, slot("network.pcie.ddio=off").readLatencyPs() - slot.readLatencyPs());
  }

  /** One tag: the second request leaves when the first has its answer, not a picosecond before. */
  @Test
  void tags_boundTheReadsUnderWay() {
    PciePort two = new PciePort(slot("network.pcie.tags=2"));
    two.answer(two.request(0, 64), 64);
    // Behind the acknowledgement of the first answer.
    assertEquals(3_055 + 1_019 + 3_055 + 370_000, two.request(0, 64));
    PciePort one = new PciePort(slot("network.pcie.tags=1"));
    long firstPs = one.answer(one.request(0, 64), 64);
    assertEquals(firstPs + 3_055 + 370_000, one.request(0, 64));
  }

  /** Two credits, and a root complex that orders a write each microsecond: the third waits for it. */
  @Test
  void postedCredits_holdAWriteBackUntilOneIsOrdered() {
    PciePort port =
        new PciePort(slot("network.pcie.postedCredits=2", "network.pcie.postedInterval=1 us"));
    long firstPs = port.write(0, 64);
    assertEquals(1_000_000, firstPs);
    assertEquals(2_000_000, port.write(0, 64));
    assertEquals(2 * 11_202, port.up().freePs());
    port.write(0, 64);
    assertEquals(firstPs + 11_202, port.up().freePs());
  }

  /** Acknowledgements of writes fill idle time of the other direction; without any they delay a read. */
  @Test
  void linkPackets_useIdleTimeFirst() {
    PcieSlot slot = slot();
    long idlePs = slot.readPs(64);
    PciePort idle = new PciePort(slot);
    idle.write(0, 64);
    assertEquals(1_000_000 + idlePs, idle.answer(1_000_000, 64));
    PciePort busy = new PciePort(slot);
    long endPs = busy.answer(0, 64);
    busy.write(0, 64);
    assertEquals(endPs + 2 * 1_019 + idlePs, busy.answer(0, 64));
  }

  @Test
  void generationOfTheSlot_movesTransfersAndNothingElse() {
    DmaEngineParams params = Defaults.of(DmaEngineParams.class);
    PcieSlot third = slot();
    PcieSlot fourth = slot("network.pcie.gen=4");
    long beforePs = new DmaEngine(params, third).readLatencyPs(2048);
    long afterPs = new DmaEngine(params, fourth).readLatencyPs(2048);
    assertEquals(
        (double) (third.readPs(2048) - fourth.readPs(2048) + third.ps(24) - fourth.ps(24)),
        (double) (beforePs - afterPs),
        4.0);
    assertEquals(third.readLatencyPs(), fourth.readLatencyPs());
  }

  @Test
  void sizesThatPcieLacks_areRefusedWithTheRemedy() {
    assertRefused("network.pcie.readRequest", "network.pcie.readRequest=500 B");
    assertRefused("network.pcie.payload", "network.pcie.payload=96 B");
    assertRefused("raise", "network.pcie.payload=64 B", "network.pcie.readBoundary=128 B");
  }

  private static void assertRefused(String word, String... settings) {
    ConfigException refused = assertThrows(ConfigException.class, () -> slot(settings));
    assertTrue(String.valueOf(refused.getMessage()).contains(word), refused.getMessage());
  }
}
