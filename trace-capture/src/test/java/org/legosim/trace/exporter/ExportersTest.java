package org.legosim.trace.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TestTraces;
import org.legosim.trace.TracePacker;
import org.legosim.trace.text.TextWriter;

/** Each format by hand, and formats that keep accesses there and back at random. */
class ExportersTest {
  private static final OptionalInt ALL = OptionalInt.empty();

  @TempDir
  Path folder;

  private int files;

  private LtraceFile trace(String... lines) {
    Path file = folder.resolve("t" + files++ + ".ltrace");
    return LtraceFile.open(
        TestTraces.fromText(file, "legosim-text 1\n" + String.join("\n", lines) + "\n"));
  }

  private static byte[] export(String format, LtraceFile trace, OptionalInt thread) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Exporters.find(format).write(trace, thread, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static List<String> lines(String format, LtraceFile trace) {
    return new String(export(format, trace, ALL), StandardCharsets.US_ASCII)
        .lines()
        .toList();
  }

  /** An access of every kind; the second store straddles a line and a page; a call between. */
  private LtraceFile sample() {
    return trace(
        "P 7 0 \"p\"",
        "T 7",
        "L 0x1000 8 3 @0x400000",
        "> 4 39",
        "< 7",
        "S 0x1ffc 8 1",
        "A 0x2040 4 2 @0x400010");
  }

  @Test
  void csv_hasAllOfAnAccess_andItsInstructionsAcrossACall() {
    assertEquals(
        List.of(
            "kind,address,bytes,instructions,pid,tid,pc",
            "L,0x1000,8,3,7,7,0x400000",
            "S,0x1ffc,8,5,7,7,",
            "A,0x2040,4,2,7,7,0x400010"),
        lines("csv", sample()));
  }

  @Test
  void din_splitsAnAtomic() {
    assertEquals(List.of("0 1000 8", "1 1ffc 8", "0 2040 4", "1 2040 4"), lines("din", sample()));
  }

  @Test
  void dramsim_hasATransactionPerLine_atTheCountOfInstructions() {
    assertEquals(
        List.of(
            "0x1000 READ 3",
            "0x1fc0 WRITE 8",
            "0x2000 WRITE 8",
            "0x2040 READ 10",
            "0x2040 WRITE 10"),
        lines("dramsim", sample()));
  }

  @Test
  void ramulator_hasALineOfText_perLineOfMemory() {
    assertEquals(
        List.of("LD 0x1000", "ST 0x1fc0", "ST 0x2000", "LD 0x2040", "ST 0x2040"),
        lines("ramulator", sample()));
  }

  @Test
  void pinatrace_endsWithItsMark() {
    assertEquals(
        List.of(
            "0x400000: R 0x1000",
            "0x0: W 0x1ffc",
            "0x400010: R 0x2040",
            "0x400010: W 0x2040",
            "#eof"),
        lines("pinatrace", sample()));
  }

  @Test
  void lackey_hasALinePerInstruction() {
    assertEquals(
        List.of(
            "I  00400000,1",
            "I  00400000,1",
            "I  00400000,1",
            " L 00001000,8",
            "I  00400010,1",
            "I  00400010,1",
            " M 00002040,4"),
        lines(
            "lackey",
            trace("P 7 0 \"p\"", "T 7", "L 0x1000 8 3 @0x400000", "A 0x2040 4 2 @0x400010")));
  }

  @Test
  void champsim_putsOneInstructionsAccessesTogether() {
    byte[] bytes = export(
        "champsim",
        trace("P 7 0 \"p\"", "T 7", "L 0x1000 8 2 @0x400000", "S 0x2000 8 0 @0x400000"),
        ALL);
    ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(128, bytes.length);
    assertEquals(0x400000, records.getLong(0));
    assertEquals(0, records.getLong(32), "the first instruction has no access");
    assertEquals(0x2000, records.getLong(64 + 16));
    assertEquals(0x1000, records.getLong(64 + 32));
  }

  @Test
  void oracleGeneral_knowsWhenAPageComesAgain() {
    byte[] bytes = export("oracle-general", sample(), ALL);
    ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // Pages 1, 1 and 2 (a straddling store), 2.
    long[] objects = {1, 1, 2, 2};
    long[] next = {1, -1, 3, -1};
    assertEquals(4 * 24, bytes.length);
    for (int i = 0; i < 4; i++) {
      assertEquals(i, records.getInt(24 * i));
      assertEquals(objects[i], records.getLong(24 * i + 4));
      assertEquals(4096, records.getInt(24 * i + 12));
      assertEquals(next[i], records.getLong(24 * i + 16));
    }
  }

  @Test
  void oracleGeneral_keepsProcessesApart() {
    byte[] bytes = export(
        "oracle-general",
        trace("P 7 0 \"p\"", "T 7", "L 0x1000 8 1", "P 8 0 \"q\"", "T 8", "L 0x1000 8 1"),
        ALL);
    ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(1, records.getLong(4));
    assertEquals(1L << 52 | 1, records.getLong(24 + 4));
  }

  @Test
  void whatAFormatCannotHold_isRefusedWithTheWayOut() {
    LtraceFile two = trace("P 7 0 \"p\"", "T 7", "L 0x1000 8 1", "T 8", "L 0x3000 8 1");
    ConfigException refused =
        assertThrows(ConfigException.class, () -> export("champsim", two, ALL));
    assertTrue(String.valueOf(refused.getMessage()).contains("--thread"), refused.getMessage());
    assertEquals(64, export("champsim", two, OptionalInt.of(1)).length);
    assertThrows(ConfigException.class, () -> export("champsim", two, OptionalInt.of(2)));
    for (String format : List.of("gem5", "drmemtrace")) {
      ConfigException never = assertThrows(ConfigException.class, () -> Exporters.find(format));
      assertTrue(String.valueOf(never.getMessage()).contains("not written"), never.getMessage());
    }
    assertThrows(ConfigException.class, () -> Exporters.find("elf"));
  }

  @Test
  void randomTraces_comeBackWithWhatTheFormatHolds() throws IOException {
    long seed = TestTraces.seed("ExportersTest");
    for (int i = 0; i < 20; i++) {
      Random random = new Random(seed + i);
      LtraceFile trace = trace(randomAccesses(random, 400, 1 + random.nextInt(3)));
      String what = "seed " + (seed + i);
      assertEquals(accesses(trace, true), accesses(again("csv", trace), true), what);
      assertEquals(TestTraces.toText(file(trace)), text(again("text", trace)), what);
      assertEquals(accesses(trace, false), accesses(again("lackey", trace), false), what);
      trace.close();
    }
  }

  private Path file(LtraceFile trace) {
    return folder.resolve(trace.name());
  }

  private static String text(LtraceFile trace) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TextWriter.write(trace, out, "text", Long.MAX_VALUE);
    return out.toString(StandardCharsets.US_ASCII);
  }

  /** Exports and imports. */
  private LtraceFile again(String format, LtraceFile trace) throws IOException {
    Path file = folder.resolve("again.ltrace");
    Files.deleteIfExists(file);
    new TracePacker(TracePacker.Options.STORED)
        .convert(
            new ByteArrayInputStream(export(format, trace, ALL)),
            "exported",
            Optional.of(format),
            file);
    return LtraceFile.open(file);
  }

  /** Loads and stores by known instructions, of up to three threads of a process. */
  private static String[] randomAccesses(Random random, int count, int threads) {
    List<String> lines = new ArrayList<>(List.of("P 7 0 \"p\""));
    int thread = -1;
    for (int i = 0; i < count; i++) {
      int next = i == 0 ? 0 : random.nextInt(20) == 0 ? random.nextInt(threads) : thread;
      if (next != thread) {
        thread = next;
        lines.add("T " + (7 + thread));
      }
      lines.add(String.format(
          Locale.ROOT,
          "%c 0x%x %d %d @0x%x",
          "LS".charAt(random.nextInt(2)),
          0x7f0000000000L + random.nextInt(1 << 20),
          1 << random.nextInt(7),
          1 + random.nextInt(5),
          0x400000 + 4 * random.nextInt(100)));
    }
    return lines.toArray(String[]::new);
  }

  /** @param areTidsKept whether the format tells threads' numbers, and not only their order */
  private static List<String> accesses(LtraceFile trace, boolean areTidsKept) throws IOException {
    List<String> all = new ArrayList<>();
    AccessWalk.over(
        trace,
        ALL,
        row -> all.add((areTidsKept ? row.tid : row.thread) + " " + row.kind + " "
            + Long.toHexString(row.address) + " " + row.bytes + " " + row.instructions + " "
            + row.isPcKnown + Long.toHexString(row.pc)));
    return all;
  }
}
