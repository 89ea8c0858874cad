package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/**
 * Lines of 256 B to 64 KiB under areas of whole 4 KiB pages that begin and end anywhere in them. The
 * machine's final check judges the pcache's invariants after every program.
 */
class LineSizeTest {
  private static final int PAGES = 96;
  private static final int OPERATIONS = 120;
  private static final String[] EVICTIONS = {"per-set-list", "victim-cache", "write-protect"};

  @Test
  void theAreaOfThePageThatFaultsDecides() {
    Script script =
        machine("16 KiB", 16, 4, 2).mapFile(1, 1).read(1).unmap(1, 1).mapFile(2, 1);
    script.read(2);
    assertEquals("M1:0@0.0 U1:0@0.0 M1:0@0.0 U1:0@0.0", script.run());
    Script outside = machine("16 KiB", 16, 4, 2).mapFile(1, 1).read(0);
    String message = assertThrows(TraceException.class, outside::run).getMessage();
    assertTrue(message.contains("0x7f0000000000"), message);
  }

  private static Script machine(String line, int lineKiB, int sets, int ways) {
    return new Script(sets, ways)
        .set("pcache.line", line)
        .set("pcache.size", sets * ways * lineKiB + " KiB");
  }

  @Test
  void munmapInTheMiddle_writesThePartialLinesBackAndDropsThem() {
    // Lines of four pages: the file is in lines 0 and 4 (by their first pages), neither whole.
    Script script = machine("16 KiB", 16, 4, 2).mapFile(1, 6).write(1).read(3).write(5);
    script.unmap(3, 2).read(1, 2, 5);
    assertEquals(
        "M1:0@0.0 M1:4@1.0"
            + " F1:4@1.0 U1:4@1.0 F1:0@0.0 U1:0@0.0"
            + " M1:0@0.0 M1:4@1.0 U1:0@0.0 U1:4@1.0",
        script.run());
    assertEquals(2, script.nr("clflush"));
    assertEquals(0, script.nr("clflush_fail"));
  }

  @Test
  void zeroFill_isForLinesThatAreWhollyMapped() {
    Script script = machine("16 KiB", 16, 4, 2).map(2, 8).write(2, 4, 8);
    assertEquals("M1:0@0.0 Z1:4@1.0 M1:8@2.0 U1:0@0.0 U1:4@1.0 U1:8@2.0", script.run());
  }

  @Test
  void fork_sharesWholeLinesAlone() {
    Script script = machine("16 KiB", 16, 4, 2).map(2, 6).write(2, 4).fork(2).read(2, 4);
    script.by(2).read(3);
    assertEquals(
        "M1:0@0.0 Z1:4@1.0 F1:0@0.0 U1:0@0.0 K2:4@1.0 M1:0@0.0"
            + " U1:0@0.0 U1:4@1.0 M2:0@0.0 U2:0@0.0 U2:4@1.0",
        script.run());
  }

  @Test
  void mremap_movesLinesByMultiplesOfLines_andGivesThemUpOtherwise() {
    Script script = machine("16 KiB", 16, 4, 2).map(0, 8).write(0, 4);
    script.remap(0, 8, 16, 8).read(16); // by four lines: to the same sets
    script.remap(16, 8, 33, 8).read(33, 37, 40);
    assertEquals(
        "Z1:0@0.0 Z1:4@1.0 S1:16@0.0 S1:20@1.0"
            + " F1:16@0.0 U1:16@0.0 F1:20@1.0 U1:20@1.0"
            + " M1:32@0.0 M1:36@1.0 M1:40@2.0"
            + " U1:32@0.0 U1:36@1.0 U1:40@2.0",
        script.run());
    assertEquals(0, script.nr("clflush_fail"));
  }

  @Test
  void messagesCarryLines() {
    long small = sentBytes("4 KiB", 4);
    assertEquals(60 * 1024, sentBytes("64 KiB", 64) - small);
    assertEquals(-3 * 1024, sentBytes("1 KiB", 1) - small);
  }

  /** One miss and, at the end of the heap, nothing written back. */
  private static long sentBytes(String line, int lineKiB) {
    Script script = machine(line, lineKiB, 4, 2).mapFile(0, 16).read(0);
    script.run();
    return script.metric("network_sent_bytes");
  }

  @Test
  void aLineThatNoMessageMayCarry_isRefused() {
    Script script = machine("64 KiB", 64, 4, 2).set("fit.ring", "64 KiB");
    script.set("fit.ringAck", "4 KiB").mapFile(0, 1).read(0);
    String message = assertThrows(ConfigException.class, script::run).getMessage();
    assertTrue(message.contains("fit.ring"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "256, line",
    "1024, line",
    "4096, line",
    "16384, line",
    "65536, line",
    "256, 64 B",
    "4096, 256 B",
    "16384, 1 KiB",
    "16384, 8 KiB",
    "65536, 4 KiB"
  })
  void randomPrograms_keepTheBooks(int lineBytes, String fetch) {
    // Few lines, so that they are evicted, but more ways than a fork fills for good (F-25).
    int ways = lineBytes > 4096 ? 2 : 8;
    long evictions = 0;
    for (int seed = 0; seed < 12; seed++) {
      String eviction = EVICTIONS[seed % EVICTIONS.length];
      Script script = new Script(3, ways)
          .set("pcache.line", lineBytes + " B")
          .set("pcache.size", 3L * ways * lineBytes + " B")
          .set("pcache.fetch", fetch)
          .set("pcache.eviction", eviction);
      if (!fetch.equals("line")) {
        script.scattered();
      }
      Program program = new Program(script, new Random(seed), lineBytes);
      program.withOthers();
      String where = lineBytes + " B lines, fetch " + fetch + ", seed " + seed + ", " + eviction;
      run(script, where);
      assertEquals(0, script.nr("clflush_fail"), where);
      evictions += script.nr("pcache_eviction_succeed");
    }
    assertTrue(evictions > 12, "only " + evictions + " evictions");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 1024, 4096, 16384, 65536})
  void withoutEvictions_missesAndFlushesAreThoseOfASetOfLines(int lineBytes) {
    for (int seed = 100; seed < 112; seed++) {
      Script script = new Script(3, 256)
          .set("pcache.line", lineBytes + " B")
          .set("pcache.size", 3L * 256 * lineBytes + " B");
      Program program = new Program(script, new Random(seed), lineBytes);
      program.alone();
      String where = lineBytes + " B lines, seed " + seed;
      run(script, where);
      assertEquals(program.misses, script.metric("pcache_misses"), where);
      assertEquals(program.flushes, script.nr("clflush"), where);
      assertEquals(0, script.nr("clflush_fail"), where);
      assertEquals(0, script.nr("pcache_eviction_triggered"), where);
    }
  }

  private static void run(Script script, String where) {
    try {
      script.run();
    } catch (RuntimeException e) {
      throw new AssertionError(where, e);
    }
    assertEquals(0, script.nr("used_cachelines"), where);
    assertEquals(script.nr("pcache_rmap_alloc"), script.nr("pcache_rmap_free"), where);
  }

  /** A random program, and the lines that a cache without limits would hold on its way. */
  private static final class Program {
    private final Script script;
    private final Random random;
    private final long lineBytes;
    private final boolean[] mapped = new boolean[2 * PAGES];

    /** Lines by their first bytes; true for dirty ones. */
    private final TreeMap<Long, Boolean> lines = new TreeMap<>();

    long misses;
    long flushes;

    Program(Script script, Random random, long lineBytes) {
      this.script = script;
      this.random = random;
      this.lineBytes = lineBytes;
    }

    void alone() {
      for (int operation = 0; operation < OPERATIONS; operation++) {
        change(random.nextInt(PAGES), 1 + random.nextInt(20));
      }
    }

    /**
     * The same beside a thread that touches what stays mapped in the same lines at the same time, and
     * a child that is forked in the middle.
     */
    void withOthers() {
      script.mapFile(5, 1).mapFile(70, 1).thread(1, 2).read(5).by(1);
      for (int operation = 0; operation < OPERATIONS; operation++) {
        if (operation == OPERATIONS / 2) {
          unmap(0, 2);
          unmap(8, 62);
          unmap(71, 2 * PAGES - 71);
          script.fork(9);
        }
        int from = random.nextInt(PAGES);
        int count = 1 + random.nextInt(20);
        if ((from > 5 || from + count <= 5) && (from > 70 || from + count <= 70)) {
          change(from, count);
        }
      }
      script.unordered().by(2);
      for (int i = 0; i < 40; i++) {
        script.write(5).read(70);
      }
      script.by(9).write(5).read(70);
    }

    private void change(int from, int count) {
      switch (random.nextInt(6)) {
        case 0 -> {
          script.mapFixed(from, count);
          detach(from, count); // whole lines stay, as in the real kernel
          fill(from, count, true);
        }
        case 1 -> {
          if (mappedIn(from, count) == 0) {
            mapFile(from, count);
          }
        }
        case 2 -> unmap(from, count);
        case 3 -> {
          int to = PAGES + random.nextInt(PAGES - 24);
          if (to >= from + count && mappedIn(to, count) == 0) {
            unmap(from, count);
            mapFile(from, count);
            touch(from, true);
            touch(from + count - 1, true);
            move(from, count, to);
            touch(to, false);
          }
        }
        default -> {
          for (int page = from; page < from + count; page++) {
            if (mapped[page]) {
              touch(page, random.nextBoolean());
            }
          }
        }
      }
    }

    private void mapFile(int from, int count) {
      script.mapFile(from, count);
      detach(from, count);
      fill(from, count, true);
    }

    private void unmap(int from, int count) {
      script.unmap(from, count);
      detach(from, count);
      drop(from, count);
      fill(from, count, false);
    }

    private void move(int from, int count, int to) {
      script.remap(from, count, to, count);
      detach(to, count);
      if ((to - from) * Script.PAGE % lineBytes == 0) {
        detach(from, count);
        // those that are left are wholly in the range
        var moved = lines.subMap(from * Script.PAGE, (from + count) * Script.PAGE);
        var copy = new TreeMap<>(moved);
        moved.clear();
        copy.forEach((line, dirty) -> lines.put(line + (to - from) * Script.PAGE, dirty));
      } else {
        long first = from * Script.PAGE / lineBytes * lineBytes;
        for (long line = first; line < (from + count) * Script.PAGE; line += lineBytes) {
          writeBack(line);
        }
      }
      fill(from, count, false);
      fill(to, count, true);
    }

    private void touch(int page, boolean writes) {
      if (writes) {
        script.write(page);
      } else {
        script.read(page);
      }
      Boolean dirty = lines.get(lineOf(page));
      if (dirty == null) {
        misses++;
      }
      lines.put(lineOf(page), writes || (dirty != null && dirty));
    }

    private long lineOf(int page) {
      return page * Script.PAGE / lineBytes * lineBytes;
    }

    /** The lines that are partly in the range. */
    private void detach(int from, int count) {
      if (lineOf(from) != from * Script.PAGE) {
        writeBack(lineOf(from));
      }
      if (lineOf(from + count) != (from + count) * Script.PAGE) {
        writeBack(lineOf(from + count));
      }
    }

    private void writeBack(long line) {
      Boolean dirty = lines.remove(line);
      flushes += dirty != null && dirty ? 1 : 0;
    }

    private void drop(int from, int count) {
      lines.subMap(from * Script.PAGE, (from + count) * Script.PAGE).clear();
    }

    private int mappedIn(int from, int count) {
      int found = 0;
      for (int page = from; page < from + count; page++) {
        found += mapped[page] ? 1 : 0;
      }
      return found;
    }

    private void fill(int from, int count, boolean value) {
      Arrays.fill(mapped, from, from + count, value);
    }
  }
}
