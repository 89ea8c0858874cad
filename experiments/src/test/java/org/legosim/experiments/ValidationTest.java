package org.legosim.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.timing.TraceException;

/** The published points, and what moves their predictions. */
class ValidationTest {
  private static final Path MEASURED = Path.of("..", "configs", "validation", "measured.csv");
  private static final int FITTED_MOST = 28;
  private static final Path PAGE = Machines.projectRoot().orElseThrow().resolve("docs/accuracy.md");
  private static final String GENERATED = "<!-- what follows is generated -->";
  private static final String HEADER =
      "experiment,parameters,metric,unit,value,tolerance_pct,platform,source\n";

  private static Validation validation(String... options) {
    return new Validation(Machines.find(KnownParameters.catalog()), List.of(options));
  }

  @Test
  void everyGivenRow_isWithinItsTolerance() throws IOException {
    Validation.Report report =
        validation().judge(MeasuredTable.read(MEASURED), (done, total) -> {});
    judgePage(report);
    report.judgements().stream()
        .filter(judgement -> Validation.known().contains(judgement.row().experiment()))
        .forEach(judgement -> assertEquals(true, judgement.within(), judgement.toString()));
    assertTrue(report.isWithin());
    assertTrue(
        report.fittedConstants().size() <= FITTED_MOST, report.fittedConstants().toString());
    assertTrue(report.judgements().stream().anyMatch(Judgement::isFitted));
    assertTrue(report.judgements().stream().anyMatch(judgement -> !judgement.isFitted()));
  }

  /** The committed page says what this run says. */
  private static void judgePage(Validation.Report report) throws IOException {
    String tables = AccuracyPage.tables(report);
    String committed = Files.readString(PAGE);
    int start = committed.indexOf(GENERATED) + GENERATED.length();
    if (Boolean.getBoolean("legosim.regenerate")) {
      committed = committed.substring(0, start) + "\n" + tables;
      Files.writeString(PAGE, committed);
    }
    assertEquals(
        tables,
        committed.substring(start + 1),
        "docs/accuracy.md is stale; run: " + AccuracyPage.COMMAND);
  }

  @ParameterizedTest
  @CsvSource({
    "network.link.rate=64 Gbit/s, rpc-echo, request_bytes=4200;reply_bytes=4096",
    "network.link.rate=64 Gbit/s, rpc-latency, message_bytes=4096",
    "network.link.rate=64 Gbit/s, memory-throughput, path=remote-miss;threads=1",
    "fit.costs.copy=53.4 ns/KiB, rpc-latency, message_bytes=4096",
    "pcache.costs.clear=297500 ps/KiB, memory-throughput, path=zero-fill;threads=1",
    "memory.costs.fill=175 ns/KiB, memory-throughput, path=remote-miss;threads=1",
    "memory.workers=2, rpc-echo, request_bytes=32;reply_bytes=4;threads=2",
    "memory.workers=2, memory-throughput, path=remote-miss;threads=4",
    "tlb.shootdown.delivery=1300 ns, tlb-shootdown, remote_cpus=1;pages=1",
    "network.pcie.gen=4, pcie-dma, op=read;bytes=2048",
    "network.pcie.lanes=4, pcie-dma, op=write;bytes=2048",
    "network.pcie.gen=3, verbs-latency, op=write;bytes=4096",
    "network.mtu=2048 B, verbs-latency, op=write;bytes=4096",
    "network.link.speed=fdr, verbs-latency, op=read;bytes=4096",
    "network.hca.queuePairCache=2000, verbs-cache, op=read;bytes=16;queue_pairs=1000",
    "network.hca.translationCache=128, verbs-cache, op=write;bytes=16;translations=512",
    "network.nic.messageInterval=50 ns, verbs-rate, op=write;bytes=4;outstanding=128",
    "network.switchHop=200 ns, legoos-access, op=write;bytes=4",
    "pcache.size=4 GiB, pcache-cold-stream, touched_mib=3072;pcache_mib=2048;ways=8"
  })
  void aCause_movesEveryPredictionThatUsesIt(String option, String experiment, String parameters) {
    String metric = switch (experiment) {
      case "pcache-cold-stream" -> "flushes";
      case "pcie-dma" -> "latency";
      default -> "x";
    };
    String platform = experiment.startsWith("verbs") ? "mlx4-qdr-perftest" : "legoos-testbed";
    String line = experiment + "," + parameters + "," + metric + ",ns,1,1," + platform + ",test";
    List<MeasuredRow> row = MeasuredTable.parse("test", HEADER + line + "\n");
    assertNotEquals(predicted(validation(), row), predicted(validation(option), row));
  }

  private static double predicted(Validation validation, List<MeasuredRow> row) {
    Judgement judgement =
        validation.judge(row, (done, total) -> {}).judgements().get(0);
    return Objects.requireNonNull(judgement.predicted(), judgement.reason());
  }

  /** Two nodes of one worker serve what one node of two workers does, give or take the adapters. */
  @Test
  void regionsOnTwoMemoryNodes_areServedByBoth() {
    double one = throughput("threads=4;memory_nodes=1;workers=1");
    double two = throughput("threads=4;memory_nodes=2;workers=1");
    double alone = throughput("threads=1;memory_nodes=1;workers=1");
    assertTrue(two > 1.5 * one && two < 2 * one + 1, one + ", " + two);
    // One thread waits for each page, wherever it is.
    assertEquals(alone, throughput("threads=1;memory_nodes=2;workers=1"), 0.001 * alone);
    // All on one node again: the kernel's own placement knows no load yet.
    assertEquals(
        one,
        throughput(
            "threads=4;memory_nodes=2;workers=1",
            "memory.placement=traffic",
            "memory.placementInterval=4"),
        0.01 * one);
  }

  private static double throughput(String parameters, String... options) {
    List<MeasuredRow> row = MeasuredTable.parse(
        "test",
        HEADER + "memory-throughput,path=remote-miss;" + parameters
            + ",throughput,kiops,1,1,legoos-testbed,test\n");
    return predicted(validation(options), row);
  }

  @Test
  void anUnknownExperimentOrPlatform_isAnsweredWithAReason() {
    List<MeasuredRow> rows = MeasuredTable.parse(
        "test",
        HEADER
            + "quantum-latency,op=write;bytes=4,rate,mmsg/s,8.8,15,legoos-testbed,test\n"
            + "rpc-echo,request_bytes=32;reply_bytes=4,mean_latency,ns,1,5,no-such,test\n");
    Validation.Report report = validation().judge(rows, (done, total) -> {});
    report.judgements().forEach(judgement -> {
      assertNull(judgement.within());
      assertFalse(judgement.reason().isEmpty());
    });
    assertFalse(report.isComplete());
  }

  @Test
  void aPredictionOutsideItsTolerance_fails() {
    List<MeasuredRow> rows = MeasuredTable.parse(
        "test",
        HEADER + "tlb-shootdown,remote_cpus=1;pages=all,latency,ns,9999,5,legoos-testbed,test\n");
    assertFalse(validation().judge(rows, (done, total) -> {}).isWithin());
  }

  @Test
  void aDamagedTable_isRefusedWithItsPlace() {
    assertRefused("experiment,parameters\n", "test:1");
    assertRefused(HEADER + "rpc-echo,threads,mean_latency,ns,1,5,p,s\n", "test:2");
    assertRefused(HEADER + "rpc-echo,threads=1,mean_latency,ns,one,5,p,s\n", "test:2");
    assertRefused(HEADER + "rpc-echo,threads=1,mean_latency,ns,NaN,5,p,s\n", "test:2");
    assertRefused(HEADER + "rpc-echo,threads=1\n", "test:2");
  }

  private static void assertRefused(String text, String place) {
    TraceException refused =
        assertThrows(TraceException.class, () -> MeasuredTable.parse("test", text));
    assertTrue(String.valueOf(refused.getMessage()).contains(place), refused.getMessage());
  }
}
