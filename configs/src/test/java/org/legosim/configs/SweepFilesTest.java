package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sweep files that come with legosim. */
final class SweepFilesTest {
  private static final Path FOLDER = Machines.projectRoot().orElseThrow().resolve("configs/sweeps");
  private static final Machines MACHINES = Machines.find(KnownParameters.catalog());

  private static List<SweepPoint> plan(String name) {
    return SweepSpec.read(FOLDER.resolve(name), MACHINES).plan(trace -> 64L << 20);
  }

  @Test
  void demo_hasThePromisedPointsAndAllMechanisms() {
    List<SweepPoint> points = plan("demo.yaml");
    assertTrue(points.size() >= 24, points.size() + " points");
    assertEquals(
        List.of("per-set-list", "victim-cache", "write-protect"),
        points.stream()
            .map(point -> String.valueOf(point.sweptKeys().get("pcache.eviction")))
            .distinct()
            .sorted()
            .toList());
    assertEquals(
        FOLDER.resolveSibling("traces/wordcount.ltrace").normalize(),
        points.get(0).workload().items().get(0).trace().normalize());
  }

  @Test
  void network_pairsItsRates() {
    List<SweepPoint> points = plan("network.yaml");
    assertEquals(4 * 3 * 2, points.size());
    assertEquals(115_800_000_000L, points.get(23).sweptKeys().get("network.pcie.readRate"));
  }

  @Test
  void everySweepFile_isPlanned() throws java.io.IOException {
    try (var files = Files.newDirectoryStream(FOLDER, "*.yaml")) {
      for (Path file : files) {
        assertTrue(!plan(String.valueOf(file.getFileName())).isEmpty());
      }
    }
  }
}
