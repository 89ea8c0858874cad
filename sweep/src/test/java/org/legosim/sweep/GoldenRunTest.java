package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * Whole runs of the bundled capture, every metric and the bytes of every table, against committed
 * files: the same on every JVM. A deliberate change of a model is committed with
 *
 * <pre>mvn -q -pl sweep -am test -Dtest=GoldenRunTest -Dlegosim.regenerate=true
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class GoldenRunTest {
  private static final Path ROOT = Machines.projectRoot().orElseThrow();
  private static final Path TRACE = ROOT.resolve("configs/traces/wordcount.ltrace");
  private static final Path GOLDEN = ROOT.resolve("sweep/src/test/resources/golden");
  private static final String SMALL = "pcache.size=4 MiB";

  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "hierarchy, legoos-osdi18, caches.model=hierarchy, core.model=in-order",
    "write-protect, legoos-osdi18, caches.model=off, pcache.eviction=write-protect",
    "per-set-list, legoos-osdi18, caches.model=off, pcache.freeLines=bitmap",
    "victim-cache, legoos-diary-2018-02, caches.model=off, pcache.victimEntries=32",
    "true-lru, legoos-osdi18, pcache.policy=true-lru, caches.model=off",
    "local, monolithic-linux, caches.model=off, caches.model=off",
  })
  void aRun_givesTheCommittedFigures(String name, String machine, String first, String second)
      throws IOException {
    String actual = text(machine, List.of(SMALL, first, second), 1);
    Path golden = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("legosim.regenerate")) {
      Files.writeString(golden, actual, StandardCharsets.US_ASCII);
    }
    assertEquals(Files.readString(golden, StandardCharsets.US_ASCII), actual);
  }

  @Test
  void aChangedCost_isSeen() throws IOException {
    Path golden = GOLDEN.resolve("per-set-list.txt");
    List<String> settings =
        List.of(SMALL, "caches.model=off", "pcache.freeLines=bitmap", "fit.costs.post=251 ns");
    assertNotEquals(Files.readString(golden), text("legoos-osdi18", settings, 1));
  }

  private String text(String machine, List<String> settings, long seed) throws IOException {
    EffectiveConfig config = Machines.find(KnownParameters.catalog()).load(machine, settings);
    Path out = folder.resolve("set");
    try (TraceImage trace = Traces.open(TRACE)) {
      List<Application> applications = List.of(new Application(trace, 0));
      RunResult result = SingleRun.keep(
          out,
          ResultSetWriter.Mode.NEW,
          config,
          applications,
          seed,
          new HostFacts("test", Instant.EPOCH, 1),
          () -> PointSimulator.run(
              config, applications, seed, EventLog.NONE, RunOptions.Progress.NONE));
      return metrics(result) + digests(out);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String metrics(RunResult result) {
    StringBuilder text = new StringBuilder();
    for (MetricSnapshot.Entry entry : result.metrics().entries()) {
      text.append(entry.metric().name()).append(' ').append(entry.value()).append('\n');
    }
    return text.toString();
  }

  /** The files themselves: what a JVM, its codecs and its number formats would change. */
  private static String digests(Path out) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String file : SweepRunnerTest.FILES) {
      byte[] bytes = Files.readAllBytes(out.resolve(file));
      text.append(file).append(' ').append(sha256(bytes)).append('\n');
    }
    return text.toString();
  }
}
