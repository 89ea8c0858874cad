package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.timing.ConfigException;

class PcacheGeometryTest {
  private static final long GIB = 1L << 30;

  @Test
  void reservationOf4GiB_givesTheSampleBuildsGeometry() {
    PcacheGeometry geometry =
        PcacheGeometry.ofReservation(0x100000000L, 4096, 64, PcacheGeometry.META_BYTES);
    assertEquals(524288, geometry.lines());
    assertEquals(8192, geometry.sets());
    assertEquals(0x1fff000L, geometry.setMask()); // bits 12 to 24
    assertEquals(39, geometry.tagBits()); // 64 - 12 - 13
    assertEquals(0x2000000L, geometry.wayStrideBytes()); // 8192 sets * 4096
    assertEquals(16384 * 4096L, geometry.metadataBytes(PcacheGeometry.META_BYTES));
    assertEquals(0x84000000L, geometry.usedBytes(PcacheGeometry.META_BYTES));
  }

  @Test
  void reservationHoldsAboutHalfOfItsSizeAsData() {
    for (int gib : new int[] {1, 2, 4, 8, 16}) {
      PcacheGeometry geometry =
          PcacheGeometry.ofReservation(gib * GIB, 4096, 64, PcacheGeometry.META_BYTES);
      assertEquals(gib * GIB / 2, geometry.dataBytes());
    }
  }

  @Test
  void diaryAddresses_areInTheSetsOfTheirPageFrames() {
    // 8 GiB in 8 ways from page frame 0x100000 on: 0x40000 sets, set bits 12 to 29.
    PcacheGeometry geometry = PcacheGeometry.ofSize(8 * GIB, 4096, 8);
    assertEquals(0x40000, geometry.sets());
    assertEquals(0x3ffff000L, geometry.setMask());
    for (long[] row : new long[][] {{0x1257c8, 0x7fffe57c8000L}, {0x125942, 0x7fffe5942000L}}) {
      int line = (int) (row[0] - 0x100000);
      assertEquals(0, geometry.wayOfLine(line));
      assertEquals(geometry.setOf(row[1]), geometry.setOfLine(line));
    }
  }

  @Test
  void linesAreNumberedWayByWay() {
    for (int ways : new int[] {1, 3, 8}) {
      PcacheGeometry geometry = PcacheGeometry.ofSize(ways * 24L * 4096, 4096, ways);
      assertEquals(24, geometry.sets());
      for (int line = 0; line < geometry.lines(); line++) {
        int set = geometry.setOfLine(line);
        int way = geometry.wayOfLine(line);
        assertEquals(line, way * 24 + set);
        assertEquals(line, geometry.lineAt(set, way));
      }
    }
  }

  @Test
  void anyNumberOfSetsIndexesByRemainder() {
    PcacheGeometry geometry = PcacheGeometry.ofSize(100 * 4096, 4096, 7);
    assertEquals(14, geometry.sets()); // 100 lines, rounded down to 14 sets of 7
    assertEquals(98, geometry.lines());
    assertEquals(0x7fffe57c8L % 14, geometry.setOf(0x7fffe57c8abcL));
  }

  @Test
  void fullIsOneSetOfAnySize() {
    PcacheGeometry geometry =
        PcacheGeometry.ofSize(700_001 * 4096L, 4096, PcacheGeometry.FULLY_ASSOCIATIVE);
    assertEquals(1, geometry.sets());
    assertEquals(700_001, geometry.ways());
    assertEquals(0, geometry.setMask());
    assertEquals(0, geometry.setOf(0x7fffe57c8000L));
  }

  @Test
  void lineSizesFrom256BytesTo64KiB() {
    PcacheGeometry small = PcacheGeometry.ofSize(1 << 20, 256, 4);
    assertEquals(1024, small.sets());
    assertEquals(0x3, small.setOf(0x300));
    PcacheGeometry large = PcacheGeometry.ofSize(1 << 20, 64 << 10, 4);
    assertEquals(4, large.sets());
    assertEquals(0x30000L, large.pageOf(0x3ffffL));
  }

  @Test
  void whatCannotBeBuiltSaysWhatIsAllowed() {
    assertMessage("4 KiB", () -> PcacheGeometry.ofSize(1 << 20, 5000, 4));
    assertMessage("64 KiB", () -> PcacheGeometry.ofSize(1 << 20, 128 << 10, 4));
    assertMessage("less than one set", () -> PcacheGeometry.ofSize(1 << 20, 4096, 512));
    assertMessage("less than one set", () -> PcacheGeometry.ofSize(100, 4096, 0));
    // 4 TiB of 256-byte lines are 2^34 of them; about 700 GB of heap would be needed
    assertMessage("bytes of heap", () -> PcacheGeometry.ofSize(4L << 40, 256, 8));
  }

  @Test
  void aHugePcacheCostsHeapOnlyForWhatIsTouched() {
    PcacheGeometry geometry = PcacheGeometry.ofSize(4L << 40, 4096, 8);
    assertEquals(1 << 30, geometry.lines());
    assertTrue(Pcache.plannedHeapBytes(geometry.lines(), geometry.sets()) > 40 * GIB);
    PcacheHarness harness = new PcacheHarness(PcacheHarness.params(
        1 << 10, 8, ReplacementPolicy.LRU, EvictionMechanism.PER_SET_LIST, 8, true));
    assertTrue(harness.pcache.plannedHeapBytes(10) < 4096);
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(ConfigException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
