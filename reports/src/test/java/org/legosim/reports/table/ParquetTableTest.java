package org.legosim.reports.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.TraceException;

class ParquetTableTest {
  private static final long SEED = Long.getLong("test.seed", 0x7ab1eL);
  private static final List<Column> COLUMNS = List.of(
      new Column("point_id", ColumnType.TEXT),
      new Column("pcache.size", ColumnType.LONG),
      new Column("hit_ratio", ColumnType.DOUBLE));

  @TempDir
  Path folder;

  private static Table random(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Table table = new Table(COLUMNS);
    for (int i = 0; i < rows; i++) {
      table.add(
          "p" + random.nextInt(40),
          random.nextInt(9) == 0 ? null : (Object) (random.nextLong() >> random.nextInt(64)),
          random.nextInt(9) == 0 ? null : (Object) random.nextDouble());
    }
    return table;
  }

  private static byte[] bytes(Table... tables) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParquetTableWriter writer = new ParquetTableWriter(out, COLUMNS)) {
      for (Table table : tables) {
        writer.append(table);
      }
    }
    return out.toByteArray();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("t.parquet"), bytes);
  }

  private static List<List<Object>> rows(Table table) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < table.columns().size(); column++) {
        values.add(table.at(column, row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static List<List<Object>> read(Path file) {
    List<List<Object>> rows = new ArrayList<>();
    ParquetTableReader.scan(file, table -> rows.addAll(rows(table)));
    return rows;
  }

  @Test
  void tablesReadBackAsWritten_overSeveralRowGroups() throws IOException {
    Table first = random(70_000, SEED);
    Table second = random(3, SEED + 1);
    Path file = file(bytes(first, second));
    List<List<Object>> expected = rows(first);
    expected.addAll(rows(second));
    assertEquals(expected, read(file), () -> "seed " + SEED);
    assertEquals(COLUMNS, ParquetTableReader.schema(file));
  }

  @Test
  void emptyTable_readsBackEmpty() throws IOException {
    Path file = file(bytes());
    assertEquals(List.of(), read(file));
    assertEquals(COLUMNS, ParquetTableReader.schema(file));
  }

  @Test
  void equalTables_giveEqualBytes_howeverTheyAreCut() throws IOException {
    Table whole = random(500, SEED);
    Table head = new Table(COLUMNS);
    Table tail = new Table(COLUMNS);
    List<List<Object>> rows = rows(whole);
    for (int i = 0; i < rows.size(); i++) {
      (i < 123 ? head : tail).add(rows.get(i).toArray());
    }
    assertArrayEquals(bytes(whole), bytes(head, tail));
    // Neither the JVM nor the time may be in the file.
    String text = new String(bytes(whole), StandardCharsets.ISO_8859_1);
    assertFalse(text.contains(System.getProperty("java.version")));
    assertFalse(text.contains(System.getProperty("java.vm.name")));
  }

  @Test
  void duckDbReadsTheFile_dottedNamesAndAbsentValuesIncluded() throws Exception {
    Table table = random(5000, SEED);
    Path file = file(bytes(table));
    long sum = 0;
    int absent = 0;
    for (int row = 0; row < table.rows(); row++) {
      sum += table.isAbsent(1, row) ? 0 : table.longAt(1, row) >> 20;
      absent += table.isAbsent(2, row) ? 1 : 0;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet result = connection
            .createStatement()
            .executeQuery("select sum(\"pcache.size\" >> 20)::bigint, count(*) - count(hit_ratio),"
                + " count(distinct point_id) from '"
                + file
                + "'")) {
      assertTrue(result.next());
      assertEquals(sum, result.getLong(1));
      assertEquals(absent, result.getInt(2));
      assertEquals(40, result.getInt(3));
    }
  }

  @Test
  void cutFile_isRefusedWhateverItsLength() throws IOException {
    byte[] whole = bytes(random(20, SEED));
    for (int length = 0; length < whole.length; length += 7) {
      Path file = file(java.util.Arrays.copyOf(whole, length));
      TraceException e = assertThrows(TraceException.class, () -> read(file), "length " + length);
      assertTrue(e.getMessage().contains("t.parquet"), e.getMessage());
    }
  }

  @Test
  void flippedBit_isRefusedOrHarmless_neverAnotherException() throws IOException {
    Table table = random(50, SEED);
    byte[] whole = bytes(table);
    SplittableRandom random = new SplittableRandom(SEED);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      int bit = random.nextInt(damaged.length * 8);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Path file = file(damaged);
      try {
        read(file);
      } catch (TraceException e) {
        refused++;
      }
    }
    // The set's own checksums catch the rest; here only the kind of failure matters.
    assertTrue(refused > 60, refused + " of 200 refused, seed " + SEED);
  }

  @Test
  void notANumber_isRefused() throws IOException {
    Table table = new Table(COLUMNS);
    table.add("p0", 1L, Double.NaN);
    Path file = file(bytes(table));
    TraceException e = assertThrows(TraceException.class, () -> read(file));
    assertTrue(e.getMessage().contains("hit_ratio holds NaN"), e.getMessage());
  }

  @Test
  void footerThatClaimsTwoBillionColumns_isRefusedWithoutTheMemory() throws IOException {
    // Field 2 (schema), a list of structs whose size is 2^31 - 1 in seven-bit groups.
    byte[] footer = {0x29, (byte) 0xfc, -1, -1, -1, -1, 0x07, 0};
    byte[] bytes = new byte[4 + footer.length + 8];
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, bytes, 0, 4);
    System.arraycopy(footer, 0, bytes, 4, footer.length);
    bytes[4 + footer.length] = (byte) footer.length;
    System.arraycopy(magic, 0, bytes, bytes.length - 4, 4);
    Path file = file(bytes);
    TraceException e = assertThrows(TraceException.class, () -> read(file));
    assertTrue(e.getMessage().contains("a list of 2147483647 elements at byte"), e.getMessage());
  }

  @Test
  void otherColumnTypes_andMissingFiles_areRefused() throws Exception {
    Path other = folder.resolve("other.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      connection
          .createStatement()
          .execute("copy (select [1, 2] as a) to '" + other + "' (format parquet)");
    }
    assertThrows(TraceException.class, () -> read(other));
    assertThrows(TraceException.class, () -> read(folder.resolve("none.parquet")));
    assertThrows(TraceException.class, () -> read(folder));
  }
}
