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
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Simulation;

/** The RPC layer on the packet-level network. */
class VerbsRpcTest {
  private static Map<String, String> settings(String... more) {
    Map<String, String> settings =
        new HashMap<>(Map.of("network.model", "verbs", "fit.costs.pollPeriod", "0 ns"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static RpcProfile.Outcome run(
      boolean runAhead, Map<String, String> settings, int request, int reply, int threads) {
    return RpcProfile.run(
        new Simulation(1, runAhead),
        Defaults.of(NetworkParams.class, settings),
        Defaults.of(FitParams.class, settings),
        Defaults.of(MemoryNodeParams.class, settings),
        new RpcProfile.Load(request, reply, threads, 500, false));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "32, 4", "32, 4096", "4200, 4", "4200, 4096", "65536, 32768"})
  void unloadedCall_takesTheSumOfItsSteps_toThePicosecond(int request, int reply) {
    Map<String, String> settings = settings();
    Network network =
        new Network(Defaults.of(NetworkParams.class, settings), 2, 12, new Simulation(1));
    FitCosts fit = Defaults.of(FitCosts.class, settings);
    MemoryNodeCosts memory = Defaults.of(MemoryNodeCosts.class, settings);
    long expectedPs = fit.reserve().value()
        + fit.slot().value()
        + 2 * fit.post().value()
        + 2 * (fit.poll().value() + fit.dispatch().value())
        + memory.handOff().value()
        + memory.handle().value()
        + network.idleDeliveryPs(request + FitParams.HEADER_BYTES)
        + network.idleDeliveryPs(reply);
    RpcProfile.Outcome outcome = run(true, settings, request, reply, 1);
    assertEquals(expectedPs, outcome.latency().minPs());
    assertEquals(expectedPs, outcome.latency().maxPs());
  }

  @Test
  void plainEngine_givesTheSameTimes_asTheInliningOne() {
    Map<String, String> settings = settings("memory.workers", "2");
    RpcProfile.Outcome inlining = run(true, settings, 300, 5000, 5);
    RpcProfile.Outcome plain = run(false, settings, 300, 5000, 5);
    assertEquals(plain.elapsedPs(), inlining.elapsedPs());
    assertEquals(plain.latency().sumPs(), inlining.latency().sumPs());
    assertEquals(plain.latency().maxPs(), inlining.latency().maxPs());
  }

  /** 1 % of all packets vanish: with a short timer every call still comes back, only later. */
  @Test
  void lostPackets_areSentAgain() {
    Map<String, String> lossy = settings("network.faults.lost", "10000", "network.rc.timeout", "4");
    RpcProfile.Outcome outcome = run(true, lossy, 32, 4096, 4);
    assertEquals(4 * 500, outcome.latency().count());
    assertTrue(outcome.latency().maxPs() > 65_536_000, "a time-out of 65.5 us must show");
    assertEquals(outcome.elapsedPs(), run(true, lossy, 32, 4096, 4).elapsedPs());
  }

  @Test
  void cableThatStaysOut_endsTheRunWithTheReason() {
    Map<String, String> down = settings(
        "network.faults.downNode", "1",
        "network.faults.downFor", "1000 ms",
        "network.rc.timeout", "1");
    InvariantViolation failed =
        assertThrows(InvariantViolation.class, () -> run(true, down, 32, 4, 1));
    assertTrue(String.valueOf(failed.getMessage()).contains("7 attempts"), failed.getMessage());
  }
}
