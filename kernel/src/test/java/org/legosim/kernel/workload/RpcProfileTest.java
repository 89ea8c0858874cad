package org.legosim.kernel.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitCosts;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNodeCosts;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Simulation;

class RpcProfileTest {
  private static final Map<String, String> EXACT_POLLS = Map.of("fit.costs.pollPeriod", "0 ns");

  private static RpcProfile.Outcome run(
      boolean runAhead, Map<String, String> replaced, RpcProfile.Load load) {
    return RpcProfile.run(
        new Simulation(1, runAhead),
        Defaults.of(NetworkParams.class, replaced),
        Defaults.of(FitParams.class, replaced),
        Defaults.of(MemoryNodeParams.class, replaced),
        load);
  }

  private static RpcProfile.Load load(int request, int reply, int threads) {
    return new RpcProfile.Load(request, reply, threads, 2_000, false);
  }

  /** Every step of an undisturbed call, one after the other. */
  private static long unloadedPs(Map<String, String> replaced, int request, int reply) {
    Network network = new Network(Defaults.of(NetworkParams.class, replaced), 2, new Ledger());
    FitCosts fit = Defaults.of(FitCosts.class, replaced);
    MemoryNodeCosts memory = Defaults.of(MemoryNodeCosts.class, replaced);
    long pollPs = fit.poll().value() + fit.dispatch().value();
    return fit.reserve().value()
        + fit.slot().value()
        + fit.post().value()
        + network.idleDeliveryPs(request + FitParams.HEADER_BYTES)
        + pollPs
        + memory.handOff().value()
        + memory.handle().value()
        + fit.post().value()
        + network.idleDeliveryPs(reply)
        + pollPs;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "32, 4", "32, 4096", "4200, 4", "4200, 4096", "2016, 2048", "65536, 32768"})
  void unloadedCall_takesTheSumOfItsSteps_toThePicosecond(int request, int reply) {
    // Fewer calls than receives that are posted again together: nothing disturbs any of them.
    RpcProfile.Outcome outcome =
        run(true, EXACT_POLLS, new RpcProfile.Load(request, reply, 1, 500, false));
    long expectedPs = unloadedPs(EXACT_POLLS, request, reply);
    assertEquals(expectedPs, outcome.latency().minPs());
    assertEquals(expectedPs, outcome.latency().maxPs());
    assertEquals(500 * expectedPs, outcome.elapsedPs());
  }

  @Test
  void polls_delayACall_byLessThanAPeriodEach() {
    long exactPs = run(true, EXACT_POLLS, load(32, 4, 1)).latency().meanPs();
    long polledPs = run(true, Map.of("fit.costs.pollPeriod", "20 ns"), load(32, 4, 1))
        .latency()
        .meanPs();
    // Both polling threads and the caller look once per period.
    assertTrue(polledPs >= exactPs && polledPs < exactPs + 3 * 20_000, exactPs + " " + polledPs);
  }

  @Test
  void marshalledCall_paysAllocationCopyAndFree() {
    FitCosts fit = Defaults.of(FitCosts.class);
    long plainPs = run(true, EXACT_POLLS, load(992, 4, 1)).latency().minPs();
    long marshalledPs = run(true, EXACT_POLLS, new RpcProfile.Load(992, 4, 1, 100, true))
        .latency()
        .minPs();
    // 992 + 32 bytes are exactly a KiB.
    assertEquals(2 * fit.allocate().value() + fit.copy().value(), marshalledPs - plainPs);
  }

  @Test
  void plainEngine_givesTheSameTimes_asTheInliningOne() {
    Map<String, String> twoWorkers = new HashMap<>(Map.of("memory.workers", "2"));
    RpcProfile.Outcome inlining = run(true, twoWorkers, load(300, 5000, 5));
    RpcProfile.Outcome plain = run(false, twoWorkers, load(300, 5000, 5));
    assertEquals(plain.elapsedPs(), inlining.elapsedPs());
    assertEquals(plain.latency().sumPs(), inlining.latency().sumPs());
    assertEquals(plain.latency().maxPs(), inlining.latency().maxPs());
    assertEquals(plain.workersBusyPs(), inlining.workersBusyPs());
    assertEquals(plain.memory().queueDelaySumPs(), inlining.memory().queueDelaySumPs());
    assertTrue(plain.events() > inlining.events());
  }

  @Test
  void saturatedWorker_bounds_theThroughput() {
    RpcProfile.Outcome outcome = run(true, EXACT_POLLS, load(32, 4, 8));
    double utilization = (double) outcome.workersBusyPs() / outcome.elapsedPs();
    assertTrue(utilization > 0.99 && utilization <= 1, "utilization " + utilization);
  }

  @Test
  void everyByteSent_isCounted() {
    RpcProfile.Outcome outcome = run(true, EXACT_POLLS, load(32, 4, 2));
    // Two clients, 2000 calls each, of 32 + 32 and 4 bytes; a ring acknowledgement carries none.
    assertEquals(2 * 2_000 * (32 + FitParams.HEADER_BYTES + 4), outcome.sentBytes());
    assertEquals(2 * 2_000, outcome.latency().count());
  }

  @Test
  void requestBeyondHalfTheRing_isRefused_withTheLimit() {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> run(true, EXACT_POLLS, load(3 << 20, 4, 1)));
    assertTrue(refused.getMessage().contains("2097120"), refused.getMessage());
  }
}
