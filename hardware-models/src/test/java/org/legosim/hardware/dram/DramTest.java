package org.legosim.hardware.dram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.Defaults;
import org.legosim.timing.engine.Ledger;

class DramTest {
  /** Path 32.7 ns and latency 33.214 ns; 63 further lines over 4 channels: 16 bursts of 4 cycles. */
  @Test
  void fixedDram_isLatencyAndRate() {
    Ledger ledger = new Ledger();
    Dram dram = Dram.of(
        Defaults.of(ProcessorDramParams.class, "processor.dram.model=fixed").config(), ledger);
    assertEquals(7 + 65_914, dram.access(7, 128, 64, false));
    // 64 cycles of 7500/7 ps, rounded up.
    assertEquals(65_914 + 68_572, dram.access(0, 0, 4096, true));
    assertEquals(1, dram.statistics().reads());
    assertEquals(64, dram.statistics().writes());
    assertEquals(
        65_914L * 2, ledger.charged().values().stream().mapToLong(v -> v).sum());
  }

  @Test
  void addressMap_givesEachLineAPlaceOfItsOwn() {
    DramTiming.Organisation small = new DramTiming.Organisation(2, 2, 4, 256, 64);
    for (int channels : new int[] {1, 3, 4}) {
      for (String map : new String[] {"rochrababgco", "rorababgcoch", "chcorobabgra"}) {
        AddressMap places = new AddressMap("map", map, channels, 2, small);
        Set<String> seen = new HashSet<>();
        long lines = channels * 2L * 2 * 2 * 4 * 4;
        int[] perChannel = new int[channels];
        for (long line = 0; line < lines; line++) {
          places.decode(line);
          perChannel[places.channel()]++;
          seen.add(places.channel()
              + "."
              + places.rank()
              + "."
              + places.bankGroup()
              + "."
              + places.bank()
              + "."
              + places.row());
        }
        assertEquals(lines / 4, seen.size(), map); // four columns share a row
        for (int count : perChannel) {
          assertEquals(lines / channels, count, map);
        }
      }
    }
  }

  /** line = column 7 bits, bank group 2, bank 2, rank 1, row 16, least significant first. */
  @Test
  void addressMap_readsItsStringFromTheLeft() {
    AddressMap map = new AddressMap(
        "map", "rochrababgco", 1, 2, DramPresets.named("DDR4_2400", "p").organisation());
    map.decode((((((5L << 1) | 1) << 2 | 2) << 2 | 3) << 7) | 99);
    assertEquals(5, map.row());
    assertEquals(1, map.rank());
    assertEquals(2, map.bank());
    assertEquals(3, map.bankGroup());
    assertEquals(0, map.channel());
  }

  @Test
  void everyPreset_namesItsSourceAndRate() {
    for (DramTiming timing : DramPresets.all()) {
      assertTrue(!timing.source().isEmpty());
      long megatransfers = Long.parseLong(timing.name().substring(5));
      // Two transfers per cycle; JEDEC rates are multiples of 133 1/3 MT/s, named rounded.
      double exact = 2e6 * timing.periodDivisor() / timing.periodPs();
      assertEquals((double) megatransfers, exact, 1, timing.name());
    }
  }
}
