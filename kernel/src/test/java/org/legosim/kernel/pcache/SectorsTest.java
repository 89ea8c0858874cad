package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** The words of sectors, and what the checker says when they are wrong. */
class SectorsTest {
  private static PcacheHarness withSectors(long fetchBytes) {
    PcacheParams p = PcacheHarness.perSetList(2, 2);
    return new PcacheHarness(new PcacheParams(
        p.sizeBytes(),
        p.physicalStart(),
        p.lineBytes(),
        fetchBytes,
        p.ways(),
        p.policy(),
        p.eviction(),
        p.victimEntries(),
        p.piggyback(),
        p.freeLines(),
        p.zeroFill(),
        p.sweepIntervalPs(),
        p.prefetch(),
        p.prefetchDepth(),
        p.prefetchThreads(),
        p.prefetchQueue(),
        p.prefetchHistory(),
        p.allocTimeoutPs(),
        p.victimTimeoutPs()));
  }

  @Test
  void wordsHaveOneBitPerSector() {
    Sectors sectors = withSectors(64).pcache.sectors;
    assertEquals(-1L, sectors.all());
    assertEquals(1L << 63, sectors.of(page(7) + 4095));
    assertEquals(3 * 64, sectors.bytes(0b1011));
    Sectors whole = withSectors(0).pcache.sectors;
    assertEquals(Sectors.WHOLE, whole.of(page(7) + 4095));
    assertEquals(4096, whole.bytes(Sectors.WHOLE));
    assertEquals(1, withSectors(4096).pcache.sectors.all());
  }

  @Test
  void storesMarkTheirSectors_andFlushesCarryThose() {
    PcacheHarness harness = withSectors(1024);
    AddressSpace a = harness.space(1);
    // 2048 is sector 2, 1030 sector 1; pages 0, 2 and 4 share set 0.
    harness.cpu().write(a, page(0) + 2048).read(a, page(0) + 1030, page(2), page(4));
    harness.run();
    assertEquals("miss 1:4 1096 +1:0", harness.sent.get(3)); // 40 + 32 + one sector
  }

  @Test
  void checker_seesWrongWords() {
    PcacheHarness harness = withSectors(1024);
    AddressSpace a = harness.space(1);
    harness.cpu().write(a, page(0) + 2048);
    harness.run();
    int line = Pte.line(a.pte(page(0)));
    assertEquals(0b100, harness.pcache.sectors.present(line));
    harness.pcache.sectors.set(line, 0b100, 0b110);
    assertTrue(refusal(harness).contains("its sectors are 0x4, the dirty ones 0x6"));
    harness.pcache.sectors.set(line, 0b10100, 0b100);
    assertTrue(refusal(harness).contains("its sectors are 0x14"));
    harness.pcache.sectors.set(line, 0b100, 0);
    assertTrue(refusal(harness).contains("dirty in no sector"));
  }

  private static String refusal(PcacheHarness harness) {
    return assertThrows(InvariantViolation.class, () -> new PcacheChecker(harness.pcache).check())
        .getMessage();
  }
}
