package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.ConfigException;

/** Lines that are fetched and written back in parts. The final check judges every program. */
class FetchTest {
  /** A machine with lines of 16 KiB and sectors of a page, so that pages of a script are sectors. */
  private static Script pages(int sets, int ways) {
    return new Script(sets, ways)
        .set("pcache.line", "16 KiB")
        .set("pcache.fetch", "4 KiB")
        .set("pcache.size", sets * ways * 16 + " KiB");
  }

  @Test
  void eachSectorIsFetchedOnce_andADirtyOneAloneTravels() {
    // Pages 0 to 3 are line 0, 4 to 7 line 1; there is room for one line.
    Script script = pages(1, 1).mapFile(0, 8).write(0).read(1, 0, 1).read(4);
    assertEquals("M1:0@0.0 M1:0@0.0 D1:0@0.0 P1:4@0.0 U1:4@0.0", script.run());
    assertEquals(3, script.metric("pcache_misses"));
    assertEquals(3, script.metric("pcache_fill_remote"));
    assertEquals(1, script.metric("pcache_sector_misses"));
    assertEquals(2, script.metric("pcache_hits"));
    Script both = pages(1, 1).mapFile(0, 8).write(0).write(1).read(0, 1).read(4);
    both.run();
    assertEquals(4096, both.metric("network_sent_bytes") - script.metric("network_sent_bytes"));
  }

  @Test
  void messagesHaveTheBytesOfTheirSectors() {
    long whole = sentBytes("line");
    assertEquals(whole - 4096 + 64, sentBytes("64 B"));
    assertEquals(whole - 4096 + 1024, sentBytes("1 KiB"));
    assertEquals(whole, sentBytes("4 KiB"));
  }

  private static long sentBytes(String fetch) {
    Script script = new Script(4, 2).set("pcache.fetch", fetch).mapFile(0, 1).read(0);
    script.run();
    return script.metric("network_sent_bytes");
  }

  @Test
  void anAccessAcrossABorder_looksUpAndMissesTwice() {
    Script script = new Script(4, 2).set("pcache.fetch", "64 B").mapFile(0, 1);
    script.at(60, false).at(60, true).at(124, false);
    assertEquals("M1:0@0.0 M1:0@0.0 M1:0@0.0 U1:0@0.0", script.run());
    assertEquals(3, script.metric("pcache_misses")); // 0 and 1, then 2
    assertEquals(6 - 3, script.metric("pcache_hits"));
  }

  @Test
  void zeroFill_fillsTheWholeLine() {
    Script script = pages(1, 2).map(0, 4).write(2).read(0, 1, 3);
    assertEquals("Z1:0@0.0 U1:0@0.0", script.run());
    assertEquals(1, script.metric("pcache_misses"));
  }

  @Test
  void theVictimCache_givesBackWhatItGot_andTheRestMisses() {
    Script script = pages(1, 1).set("pcache.eviction", "victim-cache").mapFile(0, 8);
    script.write(0).read(4).read(0).read(1);
    String events = script.run();
    assertTrue(events.endsWith("V1:0@0.0 F1:0@0.-1 M1:0@0.0 U1:0@0.0"), events);
    assertEquals(1, script.metric("pcache_fill_victim"));
    assertEquals(1, script.metric("pcache_sector_misses"));
  }

  @Test
  void aCopiedLine_hasTheSectorsOfTheOldOne() {
    Script script = pages(1, 4).map(0, 8).mapFile(8, 4).write(8).fork(2);
    script.by(1).write(8).read(8).read(9);
    String events = script.run();
    assertTrue(events.contains("C1:8@0.1") && events.endsWith("M1:8@0.1 U1:8@0.1"), events);
    assertEquals(1, script.metric("pcache_fault_cow"));
    assertEquals(1, script.metric("pcache_sector_misses"));
  }

  @Test
  void mremap_movesSectorsAlong() {
    Script script = pages(2, 2).mapFile(0, 4).write(0).read(1).remap(0, 4, 20, 4);
    script.read(20, 21).read(22); // to the other set, by a copy
    assertEquals("M1:0@0.0 M1:0@0.0 T1:20@1.0 M1:20@1.0 U1:20@1.0", script.run());
  }

  @ParameterizedTest
  @CsvSource({
    "256, 64, off",
    "4096, 64, off",
    "4096, 512, hierarchy",
    "4096, 4096, off",
    "16384, 4096, hierarchy",
    "65536, 1024, off",
    "65536, 16384, hierarchy"
  })
  void withoutEvictions_missesAreThoseOfASetOfSectors(int line, int fetch, String caches) {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      Script script = new Script(3, 1024)
          .set("pcache.line", line + " B")
          .set("pcache.fetch", fetch + " B")
          .set("pcache.size", 3L * 1024 * line + " B")
          .set("caches.model", caches)
          .set("tlb.model", caches)
          .mapFile(0, 64);
      TreeSet<Long> sectors = new TreeSet<>();
      TreeSet<Long> lines = new TreeSet<>();
      long lookups = 0;
      for (int i = 0; i < 600; i++) {
        long at = (long) random.nextInt(16) * 4 * Script.PAGE + random.nextInt(8192);
        script.at(at, random.nextInt(3) == 0);
        lookups += at / fetch == (at + 7) / fetch ? 1 : 2;
        sectors.add(at / fetch);
        sectors.add((at + 7) / fetch);
        lines.add(at / line);
        lines.add((at + 7) / line);
      }
      script.run();
      String where = line + " B lines, " + fetch + " B sectors, " + caches + ", seed " + seed;
      assertEquals(sectors.size(), script.metric("pcache_misses"), where);
      assertEquals(sectors.size() - lines.size(), script.metric("pcache_sector_misses"), where);
      assertEquals(lookups - sectors.size(), script.metric("pcache_hits"), where);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"32 B", "96 B", "8 KiB"})
  void sizesThatAreNone_areRefused(String fetch) {
    Script script = new Script(1, 1).set("pcache.fetch", fetch).read(0);
    String message = assertThrows(ConfigException.class, script::run).getMessage();
    assertTrue(message.contains("from 64 to 4096 bytes, or line"), message);
  }
}
