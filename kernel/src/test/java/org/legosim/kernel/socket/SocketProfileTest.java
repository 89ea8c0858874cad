package org.legosim.kernel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitCosts;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.LatencyCounts;

class SocketProfileTest {
  private static final Map<String, String> EXACT_POLLS = Map.of("fit.costs.pollPeriod", "0 ns");

  private static LatencyCounts run(int bytes, long messages, boolean runsAhead) {
    return SocketProfile.run(
        new Simulation(1, runsAhead),
        Defaults.of(NetworkParams.class, EXACT_POLLS),
        Defaults.of(FitParams.class, EXACT_POLLS),
        Defaults.of(ProcessorCosts.class, EXACT_POLLS),
        new SocketProfile.Load(bytes, messages));
  }

  private static long copyPs(FitCosts fit, long bytes) {
    return (fit.copy().value() * bytes + 1023) / 1024;
  }

  /** System call, copy in, FIT call; wake-up, two copies out, a buffer; and back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 128, 4096, 65536})
  void unloadedMessage_takesTheSumOfItsSteps_toThePicosecond(int bytes) {
    FitCosts fit = Defaults.of(FitCosts.class);
    ProcessorCosts kernel = Defaults.of(ProcessorCosts.class);
    Network network = new Network(Defaults.of(NetworkParams.class), 2, new Ledger());
    long pollPs = fit.poll().value() + fit.dispatch().value();
    long readerPs = kernel.wakeUp().value()
        + kernel.contextSwitch().value()
        + kernel.fpu().save().value()
        + kernel.fpu().restore().value()
        + 2 * fit.allocate().value()
        + 2 * copyPs(fit, bytes)
        + fit.post().value();
    long expectedPs = kernel.syscallEntry().value()
        + kernel.localCall().value()
        + copyPs(fit, bytes)
        + 2 * fit.allocate().value()
        + copyPs(fit, bytes + FitParams.HEADER_BYTES)
        + fit.reserve().value()
        + fit.slot().value()
        + fit.post().value()
        + network.idleDeliveryPs(bytes + FitParams.HEADER_BYTES)
        + pollPs
        + readerPs
        + network.idleDeliveryPs(4)
        + pollPs
        + kernel.syscallExit().value();
    LatencyCounts latency = run(bytes, 20, true);
    assertEquals(expectedPs, latency.minPs());
    assertEquals(expectedPs, latency.maxPs());
    assertEquals(latency.meanPs(), run(bytes, 20, false).meanPs(), "the plain engine agrees");
  }

  @Test
  void messageLargerThanHalfTheRing_isRefused() {
    String text =
        assertThrows(ConfigException.class, () -> run(4 << 20, 1, true)).getMessage();
    assertTrue(text.contains("half of fit.ring"), text);
  }
}
