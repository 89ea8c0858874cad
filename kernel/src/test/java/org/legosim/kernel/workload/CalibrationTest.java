package org.legosim.kernel.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.timing.engine.Simulation;

/**
 * The published points of the RPC layer and the memory node against the model, and the knobs that
 * must move them. The whole machine is judged by {@code legosim validate}; this guards the constants.
 */
class CalibrationTest {
  private static final long CALLS = 2_000;

  /** The processor node's part of a miss: 1.70 us for a page filled with zeros, less the zeroing. */
  private static final long MISS_THINK_PS = 1_350_000;

  private static RpcProfile.Outcome run(Map<String, String> replaced, RpcProfile.Load load) {
    return RpcProfile.run(
        new Simulation(1),
        Defaults.of(NetworkParams.class, replaced),
        Defaults.of(FitParams.class, replaced),
        Defaults.of(MemoryNodeParams.class, replaced),
        load);
  }

  private static double echoNs(
      Map<String, String> replaced, int request, int reply, int threads, int workers) {
    Map<String, String> settings = new TreeMap<>(replaced);
    settings.put("memory.workers", String.valueOf(workers));
    RpcProfile.Load load = new RpcProfile.Load(request, reply, threads, CALLS, false);
    return run(settings, load).latency().meanPs() / 1e3;
  }

  private static double marshalledNs(Map<String, String> replaced, int bytes) {
    return run(replaced, new RpcProfile.Load(bytes, 4, 1, CALLS, true))
            .latency()
            .meanPs()
        / 1e3;
  }

  private static double missKiops(Map<String, String> replaced, int threads, int workers) {
    Map<String, String> settings = new TreeMap<>(replaced);
    settings.put("memory.workers", String.valueOf(workers));
    return MissLoop.run(settings, threads, CALLS, MISS_THINK_PS);
  }

  private static void assertWithin(double tolerancePercent, double measured, double predicted) {
    double errorPercent = 100 * (predicted / measured - 1);
    assertTrue(
        Math.abs(errorPercent) <= tolerancePercent,
        String.format(
            Locale.ROOT,
            "measured %.0f, predicted %.1f: %+.2f %%",
            measured,
            predicted,
            errorPercent));
  }

  // The tolerances are half of those that the published rows are judged by.

  @ParameterizedTest
  @CsvSource({
    "32, 4, 1, 4201",
    "32, 4, 2, 5019",
    "32, 4096, 1, 6288",
    "4200, 4, 1, 6163",
    "4200, 4096, 1, 8227",
    "4200, 4096, 2, 8996"
  })
  void echo(int request, int reply, int threads, double measuredNs) {
    assertWithin(2.5, measuredNs, echoNs(Map.of(), request, reply, threads, 1));
  }

  @ParameterizedTest
  @CsvSource({"128, 4630", "1024, 5350", "4096, 6520"})
  void marshalledCall(int bytes, double measuredNs) {
    assertWithin(5, measuredNs, marshalledNs(Map.of(), bytes));
  }

  @ParameterizedTest
  @CsvSource({"1, 125", "4, 202", "8, 202"})
  void remoteMiss(int threads, double measuredKiops) {
    assertWithin(5, measuredKiops, missKiops(Map.of(), threads, 1));
  }

  @Test
  void fasterWire_movesEveryPrediction() {
    Map<String, String> faster = Map.of("network.link.rate", "64 Gbit/s");
    assertTrue(echoNs(faster, 4200, 4096, 1, 1) < echoNs(Map.of(), 4200, 4096, 1, 1) - 800);
    assertTrue(marshalledNs(faster, 4096) < marshalledNs(Map.of(), 4096) - 400);
    assertTrue(missKiops(faster, 1, 1) > 1.03 * missKiops(Map.of(), 1, 1));
  }

  @Test
  void slowerCopy_movesWhatCopies_andNothingElse() {
    Map<String, String> slower =
        Map.of("fit.costs.copy", "53.4 ns/KiB", "memory.costs.fill", "175 ns/KiB");
    // 4128 bytes at another 26.7 ns per KiB: 107.6 ns.
    assertEquals(107.6, marshalledNs(slower, 4096) - marshalledNs(Map.of(), 4096), 25);
    assertTrue(missKiops(slower, 4, 1) < 0.95 * missKiops(Map.of(), 4, 1));
    assertEquals(echoNs(Map.of(), 4200, 4096, 1, 1), echoNs(slower, 4200, 4096, 1, 1));
  }

  @Test
  void secondWorker_relievesTheOnlyBottleneck() {
    assertTrue(echoNs(Map.of(), 32, 4, 2, 2) < 0.9 * echoNs(Map.of(), 32, 4, 2, 1));
    assertTrue(missKiops(Map.of(), 4, 2) > 1.7 * missKiops(Map.of(), 4, 1));
  }

  /** Every row and some others: {@code -Dcalibration.print=true}. */
  @Test
  void table() {
    if (!Boolean.getBoolean("calibration.print")) {
      return;
    }
    List<String> lines = new ArrayList<>();
    int[] sizes = {4, 32, 128, 512, 1024, 2048, 4096, 4200, 16384};
    for (int request : sizes) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6d", request));
      for (int reply : sizes) {
        line.append(String.format(Locale.ROOT, " %7.0f", echoNs(Map.of(), request, reply, 1, 1)));
      }
      lines.add(line.toString());
    }
    for (int workers : new int[] {1, 2, 4}) {
      for (int threads : new int[] {1, 2, 4, 8}) {
        lines.add(String.format(
            Locale.ROOT,
            "workers %d threads %d: echo 32/4 %.0f, 4200/4096 %.0f, miss %.1f kiops",
            workers,
            threads,
            echoNs(Map.of(), 32, 4, threads, workers),
            echoNs(Map.of(), 4200, 4096, threads, workers),
            missKiops(Map.of(), threads, workers)));
      }
    }
    for (int bytes : new int[] {128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768}) {
      lines.add(String.format(Locale.ROOT, "rpc %d: %.0f", bytes, marshalledNs(Map.of(), bytes)));
    }
    lines.forEach(System.out::println);
  }
}
