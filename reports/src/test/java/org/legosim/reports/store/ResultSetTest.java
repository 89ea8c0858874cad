package org.legosim.reports.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.table.Table;
import org.legosim.timing.TraceException;
import org.legosim.timing.metrics.LatencyCounts;

class ResultSetTest {
  private static final long SEED = Long.getLong("test.seed", 0x5e7L);
  private static final MadeUpSweep SWEEP = MadeUpSweep.create();

  @TempDir
  static Path written;

  @TempDir
  Path folder;

  @BeforeAll
  static void writeOnce() {
    SWEEP.write(written.resolve("set"));
  }

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectory(folder.resolve("set"));
    try (var files = Files.list(written.resolve("set"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve("set").resolve(file.getFileName()));
      }
    }
  }

  static Map<String, String> digests(Path set) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (var files = Files.list(set)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(ResultSetWriter.HOST)) {
          digests.put(file.getFileName().toString(), Sha256.hex(Files.readAllBytes(file)));
        }
      }
    }
    return digests;
  }

  @Test
  void pointsReadBack_withKeysMetricsAndWords() {
    ResultSet set = ResultSet.open(folder.resolve("set"));
    Table points = set.points();
    assertEquals(36, points.rows());
    assertEquals("legoos-osdi18", set.manifest().machine());
    assertEquals("word_count.ltrace", set.manifest().traces().get(0).name());
    assertEquals(SWEEP.plan().sweptKeys(), set.manifest().sweptKeys());
    assertEquals(112, set.manifest().metrics().size());
    for (int row = 0; row < points.rows(); row++) {
      String id = points.textAt(0, row);
      assertEquals("p" + row, id);
      assertEquals(
          SWEEP.plan().points().get(row).keys().get("pcache.size"),
          points.at(points.position("pcache.size"), row));
      for (var entry : SWEEP.result(id).metrics().entries()) {
        assertEquals(entry.value(), points.at(points.position(entry.metric().name()), row));
      }
    }
    String levels = points.textAt(points.position("levels"), 0);
    assertTrue(levels.contains("\"network.model\":\"loggp\""), levels);
  }

  @Test
  void latencyRows_holdEveryRecordedValue() {
    ResultSet set = ResultSet.open(folder.resolve("set"));
    long[] counted = new long[1];
    set.scan(SetFile.LATENCY, table -> {
      for (int row = 0; row < table.rows(); row++) {
        counted[0] += table.longAt(4, row);
      }
    });
    long recorded = 0;
    for (PlannedPoint point : SWEEP.plan().points()) {
      for (LatencyCounts counts : SWEEP.result(point.id()).latencies().values()) {
        recorded += counts.count();
      }
    }
    assertEquals(recorded, counted[0]);
  }

  @Test
  void duckDbReadsAllFiveTables_andTheirJoins() throws SQLException {
    Path set = folder.resolve("set");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      assertEquals(
          "36|18640233",
          query(
              duck,
              "select count(*) || '|' || min(pcache_hits + pcache_misses) from '%s/points.parquet'",
              set));
      assertEquals(
          "0",
          query(
              duck,
              "select count(*)::text from '%s/points.parquet' where pcache_misses !="
                  + " pcache_fill_remote + pcache_fill_victim + pcache_fill_zero"
                  + " + pcache_fault_lost_race + pcache_fault_cow",
              set));
      assertEquals(
          "6",
          query(
              duck,
              "select count(distinct \"pcache.size\")::text from '%s/points.parquet'"
                  + " join '%s/latency.parquet' using (point_id)",
              set));
      assertEquals(
          "read", query(duck, "select name from '%s/syscalls.parquet' order by calls desc", set));
      assertEquals(
          "0",
          query(
              duck,
              "select sum(total_ps - trap_ps - allocate_ps - shootdown_ps - lock_wait_ps - wire_ps"
                  + " - network_queue_ps - memory_queue_ps - memory_service_ps)::bigint::text"
                  + " from '%s/misses.parquet'",
              set));
      assertEquals("3600", query(duck, "select count(*)::text from '%s/series.parquet'", set));
    }
  }

  private static String query(Connection duck, String sql, Path set) throws SQLException {
    try (var statement = duck.createStatement();
        var result = statement.executeQuery(sql.replace("%s", set.toString()))) {
      assertTrue(result.next());
      return result.getString(1);
    }
  }

  @Test
  void sameResults_giveTheSameBytes_whateverOrderLocaleAndTimeZone() throws IOException {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Path b = folder.resolve("b");
      try (ResultSetWriter writer =
          ResultSetWriter.open(b, SWEEP.plan(), ResultSetWriter.Mode.NEW)) {
        SWEEP.plan().points().stream()
            .sorted((x, y) -> y.id().compareTo(x.id()))
            .parallel()
            .forEach(p -> writer.add(p.id(), SWEEP.result(p.id())));
        writer.finish(new HostFacts("other", java.time.Instant.now(), 8));
      }
      assertEquals(digests(folder.resolve("set")), digests(b));
      assertEquals(8, digests(b).size());
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  /**
   * What every JVM, locale and machine must write. A change of the Parquet or zstd library may change
   * these on purpose; nothing else may.
   */
  @Test
  void bytesAreTheOnesOfEveryJvm() throws IOException {
    Map<String, String> digests = digests(folder.resolve("set"));
    digests.replaceAll((file, digest) -> digest.substring(0, 16));
    // The others hold a column per metric or time category, so they change with those lists.
    digests.keySet().removeAll(List.of("manifest.json", "misses.parquet", "points.parquet"));
    assertEquals(
        "{latency.parquet=a5cd7eb478ae8f88, profile.parquet=7d3bc180e9249646,"
            + " series.parquet=432877ce9b3582cf, syscalls.parquet=41a4f92bc3a9653e,"
            + " thread_syscalls.parquet=5002b2132777b1f5}",
        digests.toString());
  }

  @Test
  void manifest_namesNoHostAndNoTime() throws IOException {
    String manifest = Files.readString(folder.resolve("set/manifest.json"), StandardCharsets.UTF_8);
    assertFalse(manifest.contains(System.getProperty("java.version")), "JVM");
    assertFalse(manifest.contains(folder.toString()), "path");
    assertFalse(manifest.matches("(?s).*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*"), "time");
    String host = Files.readString(folder.resolve("set/host.json"), StandardCharsets.UTF_8);
    assertTrue(host.contains(System.getProperty("java.version")));
  }

  @Test
  void anyFlippedByteOfATable_isRefusedByItsChecksum() throws IOException {
    Path set = folder.resolve("set");
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 40; i++) {
      Path file = set.resolve(SetFile.values()[i % SetFile.values().length].fileName());
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      TraceException e = assertThrows(TraceException.class, () -> ResultSet.open(set));
      assertTrue(e.getMessage().startsWith(file + ": damaged"), e.getMessage());
      Files.write(file, whole);
    }
    ResultSet.open(set);
  }

  @Test
  void missingCutOrForeignParts_areRefusedWithTheirName() throws IOException {
    Path set = folder.resolve("set");
    Path series = set.resolve("series.parquet");
    byte[] whole = Files.readAllBytes(series);
    Files.write(series, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertRefused(set, series + ": " + (whole.length - 1) + " bytes, " + whole.length);
    Files.delete(series);
    assertRefused(set, series + ": missing");
    Files.write(series, whole);

    Path manifest = set.resolve("manifest.json");
    String text = Files.readString(manifest, StandardCharsets.UTF_8);
    write(manifest, text.replace("\"schemaVersion\": 1", "\"schemaVersion\": 2"));
    assertRefused(set, "schema version 2; this version of legosim reads 1");
    write(manifest, text.replace("legosim-result-set", "something-else"));
    assertRefused(set, "not the manifest of a result set");
    write(manifest, text.substring(0, text.length() / 2));
    assertRefused(set, manifest.toString());
    write(manifest, text.replace("\"points\": 36", "\"points\": 35"));
    assertRefused(set, "36 rows, the manifest says 35");
    write(manifest, text.replace("\"unit\": \"ns\"", "\"unit\": \"fortnight\""));
    assertRefused(set, "unknown unit fortnight");
    Files.delete(manifest);
    assertRefused(set, "not a result set");
    assertRefused(folder.resolve("none"), "not a result set");
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private static void assertRefused(Path set, String reason) {
    TraceException e = assertThrows(TraceException.class, () -> ResultSet.open(set));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}
