package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;

final class SweepSpecTest {
  private static final String HEAD = "machine: m\ntraces: [a.ltrace]\n";
  private static final Footprints NOT_ASKED = trace -> {
    throw new ModelException("footprint of " + trace + " asked for");
  };

  @TempDir
  Path folder = Path.of("");

  @BeforeEach
  void machines() throws IOException {
    Files.createDirectory(folder.resolve("machines"));
    write("machines/m.yaml", "pcache.size: 1 GiB\n");
    write("machines/n.yaml", "extends: m\ncore.load: 50 %\n");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
  }

  private List<SweepPoint> plan(String yaml, Footprints footprints) {
    try {
      Path file = write("s.yaml", yaml);
      Machines machines = Machines.in(Sample.CATALOG, folder.resolve("machines"));
      return SweepSpec.read(file, machines).plan(footprints);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> values(List<SweepPoint> points, String key) {
    return points.stream().map(point -> String.valueOf(point.sweptKeys().get(key)));
  }

  @Test
  void order_isMachineThenTraceThenAxesThenSeed_theLastFastest() {
    List<SweepPoint> points = plan("""
            machine: [m, n]
            traces: [b.ltrace, sub/a.ltrace]
            axes:
              pcache.ways: [64, 8]
              pcache.policy: [lru, fifo]
            set:
              pcache: {piggyback: off}
            seeds: [7, 3]
            """, NOT_ASKED);
    assertEquals(2 * 2 * 2 * 2 * 2, points.size());
    assertEquals(
        List.of("64 lru 7", "64 lru 3", "64 fifo 7", "64 fifo 3", "8 lru 7"),
        points.stream()
            .limit(5)
            .map(point -> point.sweptKeys().get("pcache.ways")
                + " "
                + point.sweptKeys().get("pcache.policy")
                + " "
                + point.seed())
            .toList());
    assertEquals("m", points.get(0).sweptKeys().get("machine"));
    assertEquals("n", points.get(16).sweptKeys().get("machine"));
    assertEquals("b.ltrace", points.get(0).workload().label());
    assertEquals(
        folder.resolve("sub/a.ltrace"), points.get(8).workload().items().get(0).trace());
    assertEquals(31, points.get(31).index());
    EffectiveConfig last = points.get(31).config();
    assertEquals("off", last.setting("pcache.piggyback").text());
    assertEquals(50, last.amount("core.load"));
    assertEquals(8, last.amount("pcache.ways"));
    assertTrue(last.setting("pcache.ways").place().toString().endsWith("s.yaml:4:21"));
  }

  @Test
  void shares_becomeWholeSetsOfEachTracesFootprint() {
    List<SweepPoint> points =
        plan("""
            machine: m
            traces: [small.ltrace, large.ltrace]
            axes:
              pcache.size: [12.5 %, 1 MiB]
              pcache.ways: [8, full]
            """, trace -> trace.endsWith("small.ltrace") ? 1_000_000 : 16_777_216);
    // 12.5 % of 1,000,000 B = 125,000 B: 3 sets of 8 x 4 KiB = 98,304 B; 30 lines = 122,880 B.
    // 12.5 % of 16 MiB = 2 MiB, whole sets either way.
    assertEquals(
        List.of(
            "98304", "122880", "1048576", "1048576", "2097152", "2097152", "1048576", "1048576"),
        values(points, "pcache.size").toList());
    assertEquals(
        Map.of("pcache.size", "12.5 %", "pcache.ways", "full"), points.get(1).labels());
    assertEquals(0L, points.get(1).sweptKeys().get("pcache.ways"));
  }

  @Test
  void ranges_goByStepOrByPowers_endsIncluded() {
    assertEquals(
        List.of("65536", "131072", "262144", "524288"),
        values(
                plan(
                    HEAD + "axes: {pcache.size: {from: 64 KiB, to: 0.5 MiB, powersOf: 2}}",
                    NOT_ASKED),
                "pcache.size")
            .toList());
    assertEquals(
        List.of("10", "25", "40"),
        values(
                plan(HEAD + "axes: {core.load: {from: 10 %, to: 54 %, step: 15 %}}", NOT_ASKED),
                "core.load")
            .toList());
    assertEquals(
        List.of("5 %", "10 %", "20 %"),
        plan(HEAD + "axes: {pcache.size: {from: 5 %, to: 20 %, powersOf: 2}}", trace -> 1L << 30)
            .stream()
            .map(point -> point.labels().get("pcache.size"))
            .toList());
  }

  @Test
  void zippedAxes_advanceInStep() {
    List<SweepPoint> points = plan(HEAD + """
                axes:
                  pcache.ways: [8, 16]
                  core.load: [1 %, 2 %, 3 %]
                  pcache.size: [1 MiB, 2 MiB]
                zip: [pcache.size, pcache.ways]
                """, NOT_ASKED);
    assertEquals(
        List.of(
            "8 1048576 1",
            "8 1048576 2",
            "8 1048576 3",
            "16 2097152 1",
            "16 2097152 2",
            "16 2097152 3"),
        points.stream()
            .map(point -> point.sweptKeys().get("pcache.ways")
                + " "
                + point.sweptKeys().get("pcache.size")
                + " "
                + point.sweptKeys().get("core.load"))
            .toList());
  }

  @Test
  void conditions_leavePointsOut_evenThoseThatMakeNoSense() {
    List<SweepPoint> points = plan(HEAD + """
                axes:
                  pcache.size: [1 %, 50 %]
                  pcache.ways: [1, 64]
                  pcache.policy: [lru, fifo]
                where:
                  - pcache.ways <= 8
                  - pcache.policy != fifo
                  - pcache.size > 40 %
                """, trace -> 1_000_000);
    assertEquals(1, points.size());
    assertEquals(499_712L, points.get(0).sweptKeys().get("pcache.size"));
  }

  @Test
  void workload_isSeveralTracesAtOnce() {
    List<SweepPoint> points = plan("""
            machine: m
            workload:
              - {trace: a.ltrace, node: 0}
              - {trace: b.ltrace, node: 1, startAt: 2 ms}
            axes: {pcache.size: [10 %]}
            """, trace -> 10L << 20);
    assertEquals(1, points.size());
    assertEquals("a.ltrace + b.ltrace", points.get(0).workload().label());
    assertEquals(2_000_000_000L, points.get(0).workload().items().get(1).startAtPs());
    // 10 % of 20 MiB = 2,097,152 B, whole sets of 256 KiB.
    assertEquals(2_097_152L, points.get(0).sweptKeys().get("pcache.size"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '\0',
      value = {
        "axis: {} ! s.yaml:3:1: unknown field 'axis'; did you mean 'axes'?",
        "axes: {pcache.wayz: [8]} ! s.yaml:3:8: unknown key 'pcache.wayz'; did you mean 'pcache.ways'?",
        "axes: {pcache.ways: 8} ! expected a list",
        "axes: {pcache.ways: []} ! has no values",
        "axes: {pcache.ways: [8, 8]} ! 8 is given twice",
        "axes: {pcache.size: [1 MiB, 1024 KiB]} ! 1 MiB is given twice",
        "axes: {pcache.ways: [8, 0]} ! '0' is out of range",
        "axes: {pcache.ways: [6]} ! pcache.ways must be a power of two",
        "axes: {pcache.line: [10 %]} ! unknown unit '%'",
        "axes: {pcache.size: [0 %]} ! not between 0 %",
        "axes: {pcache.size: {from: 1 MiB, to: 2 MiB}} ! give either step or powersOf",
        "axes: {pcache.size: {from: 1 MiB, step: 1 MiB}} ! 'to' is missing",
        "axes: {pcache.size: {from: 1 MiB, to: 2 MiB, stepp: 1}} ! did you mean 'step'?",
        "axes: {pcache.size: {from: 2 MiB, to: 1 MiB, step: 1 MiB}} ! must not exceed",
        "axes: {pcache.size: {from: 1 MiB, to: 2 MiB, step: 0 B}} ! must be above 0",
        "axes: {pcache.size: {from: 1 MiB, to: 2 MiB, powersOf: 1}} ! a whole number from 2",
        "axes: {pcache.size: {from: 1 MiB, to: 2 MiB, powersOf: 1.5}} ! a whole number from 2",
        "axes: {pcache.size: {from: 0 B, to: 2 MiB, powersOf: 2}} ! must be above 0",
        "axes: {pcache.size: {from: 1 MiB, to: 2 TiB, powersOf: 2}} ! out of range",
        "axes: {pcache.size: {from: 1, to: 2 MiB, step: 1 MiB}} ! 'from: '1' has no unit",
        "axes: {pcache.policy: {from: lru, to: fifo, step: 1}} ! it has no order",
        "axes: {core.clock: {from: 1 MHz, to: 10 GHz, step: 1 Hz}} ! has 9999000001 values",
        "axes: {pcache.ways: [8]}\\nset: {pcache: {ways: 8}} ! is set and is an axis as well",
        "axes: {pcache.ways: [8, 16], core.load: [1 %]}\\nzip: [pcache.ways, core.load] ! core.load has 1 values, pcache.ways has 2",
        "axes: {pcache.ways: [8]}\\nzip: [pcache.size] ! 'pcache.size' is no axis",
        "axes: {pcache.ways: [8]}\\nzip: [pcache.ways, pcache.ways] ! zipped twice",
        "where: [pcache.ways 8] ! is not a condition",
        "where: [pcache.wais = 8] ! did you mean 'pcache.ways'?",
        "where: [pcache.policy < lru] ! has no order",
        "where: [pcache.size < 8] ! has no unit",
        "where: [pcache.ways = 8] ! no point meets all conditions",
        "seeds: [1, 1] ! given twice",
        "seeds: [-1] ! must not be negative",
        "seeds: [x] ! not a number",
        "seeds: [] ! has none",
        "workload: [a.ltrace] ! give either 'traces'",
        "set: {pcache.waaays: 8} ! s.yaml:3:7: unknown key",
        "set: 8 ! must hold keys and values",
        "description: [x] ! must be text",
      })
  void wrongSweep_isRefusedWithItsPlace(String yaml, String message) {
    String text = HEAD + yaml.strip().replace("\\n", "\n") + "\n";
    String refusal =
        assertThrows(ConfigException.class, () -> plan(text, trace -> 1L << 30)).getMessage();
    assertTrue(refusal.contains(message.strip().replace("'from: '", "from: '")), refusal);
  }

  @Test
  void machinesAndTraces_mustBeThere() {
    for (String yaml : List.of(
        "traces: [a]\n",
        "machine: m\n",
        "machine: [m, m]\ntraces: [a]\n",
        "machine: []\ntraces: [a]\n",
        "machine: m\ntraces: []\n",
        "machine: m\ntraces: [a, a]\n",
        "machine: m\nworkload: []\n",
        "machine: m\nworkload: [{node: 0}]\n",
        "machine: m\nworkload: [{trace: a, nod: 0}]\n",
        "machine: m\nworkload: [{trace: a, node: 5000}]\n",
        "machine: mm\ntraces: [a]\n",
        "- a\n")) {
      String refusal =
          assertThrows(ConfigException.class, () -> plan(yaml, NOT_ASKED), yaml).getMessage();
      assertTrue(refusal.contains("s.yaml:"), refusal);
    }
  }

  @Test
  void absurdSweep_isRefusedWithItsNumberOfPoints_beforeAnyIsMade() {
    String refusal =
        assertThrows(ConfigException.class, () -> plan(HEAD + """
                            axes:
                              core.clock: {from: 1 MHz, to: 1000 MHz, step: 1 MHz}
                              network.rate: {from: 1 Mbit/s, to: 1000 Mbit/s, step: 1 Mbit/s}
                              network.copy: {from: 1 ns/KiB, to: 1000 ns/KiB, step: 1 ns/KiB}
                            """, NOT_ASKED)).getMessage();
    assertTrue(refusal.contains("the sweep has 1000000000 points; at most 100000"), refusal);
  }

  @Test
  void twoPointsThatAreTheSameSimulation_areRefused() {
    String refusal = assertThrows(
            ConfigException.class,
            () -> plan(HEAD + "axes: {pcache.size: [50 %, 51 %]}", trace -> 1 << 20))
        .getMessage();
    assertTrue(refusal.contains("{pcache.size=50 %} and {pcache.size=51 %}"), refusal);
  }

  @Test
  void shareBelowOneSet_isRefusedWithTheRemedy() {
    String refusal = assertThrows(
            ConfigException.class,
            () -> plan(HEAD + "axes: {pcache.size: [1 %]}", trace -> 1 << 20))
        .getMessage();
    assertTrue(
        refusal.contains("1 % of the footprint of 1 MiB is less than one set of 256 KiB"), refusal);
  }
}
