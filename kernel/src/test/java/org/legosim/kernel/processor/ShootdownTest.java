package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.tlb.TlbParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.smp.CallDescriptor;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.Simulation;

/**
 * TLB shootdowns from CPU 0 of 24, worked out by hand: even CPUs are on its socket, CPU n + 12 shares
 * a core with CPU n.
 */
class ShootdownTest {
  /** Of one target: its descriptor and its interrupt. */
  private static final long REQUEST = 100_000 + 100_000;

  private static final long INTERRUPT = 100_000;
  private static final long DELIVERY = 650_000;
  private static final long HANDLER = 460_000 + 100_000;
  private static final long CROSSING = 60_000;
  private static final long PAGE = 83_000;
  private static final long ALL = 42_000;

  private static final ProcessorCosts COSTS = Defaults.of(
      ProcessorCosts.class,
      Map.of(
          "tlb.shootdown.request", "100 ns",
          "tlb.shootdown.interrupt", "100 ns",
          "tlb.shootdown.delivery", "650 ns",
          "tlb.shootdown.handler", "460 ns",
          "tlb.shootdown.call", "100 ns",
          "tlb.shootdown.crossing", "60 ns",
          "tlb.invalidatePage", "83 ns",
          "tlb.flushAll", "42 ns",
          "core.smtShare", "60 %"));

  private static long latencyPs(List<Integer> targets, long pages) {
    Map<String, String> off = Map.of("caches.model", "off", "tlb.model", "off");
    CpuModel model = new CpuModel(
        Defaults.of(CoreParams.class, off),
        Defaults.of(CachesParams.class, off),
        Defaults.of(TlbParams.class, off),
        Defaults.of(ProcessorDramParams.class, off));
    return ShootdownProfile.latencyPs(
        new Simulation(1),
        Defaults.of(ProcessorParams.class, Map.of("processor.cpus", "24")),
        COSTS,
        model,
        targets,
        pages);
  }

  @Test
  void oneTarget_onTheSameSocketAndOnTheOther() {
    assertEquals(REQUEST + DELIVERY + HANDLER + PAGE, latencyPs(List.of(2), 1));
    assertEquals(REQUEST + DELIVERY + HANDLER + PAGE + 2 * CROSSING, latencyPs(List.of(1), 1));
  }

  @Test
  void pagesAreInvalidatedOneByOne_orAllAtOnce() {
    assertEquals(REQUEST + DELIVERY + HANDLER + 40 * PAGE, latencyPs(List.of(2), 40));
    assertEquals(REQUEST + DELIVERY + HANDLER + ALL, latencyPs(List.of(2), 0));
  }

  @Test
  void targetsArePreparedInTurn_andWorkAtTheSameTime() {
    assertEquals(3 * REQUEST + DELIVERY + HANDLER + PAGE, latencyPs(List.of(2, 4, 6), 1));
    // CPU 1 is interrupted first, CPU 2 100 ns later: its way back over the crossing ends 20 ns
    // later still.
    assertEquals(
        2 * REQUEST - INTERRUPT + DELIVERY + HANDLER + PAGE + 2 * CROSSING,
        latencyPs(List.of(1, 2), 1));
    assertEquals(
        2 * REQUEST + DELIVERY + HANDLER + PAGE + 2 * CROSSING, latencyPs(List.of(2, 3), 1));
  }

  @Test
  void targetWhoseSiblingHandlesTooIsSlower() {
    // CPU 14 begins while CPU 2, on the same core, is in its handler: 643 ns take 643 / 0.6.
    assertEquals(2 * REQUEST + DELIVERY + 643_000L * 100 / 60, latencyPs(List.of(2, 14), 1));
  }

  @Test
  void nobodyElse_noWait() {
    assertEquals(0, latencyPs(List.of(), 1));
  }

  /** A node on which no other CPU runs the space. */
  private static final class Nobody implements ShootdownTargets {
    long flushedPages = -1;

    @Override
    public int cpuCount() {
      return 1;
    }

    @Override
    public int holders(int initiator, int space, int[] found) {
      return 0;
    }

    @Override
    public CallDescriptor descriptor(int caller, int target) {
      throw new AssertionError("nobody was to be asked");
    }

    @Override
    public boolean queue(int target, CallDescriptor descriptor) {
      throw new AssertionError("nobody was to be asked");
    }

    @Override
    public boolean isSameSocket(int cpu, int other) {
      return true;
    }

    @Override
    public void flushLocal(int cpu, int space, long address, long pages) {
      flushedPages = pages;
    }

    @Override
    public void interrupt(int sender, int target, long arrivalPs) {
      throw new AssertionError("nobody was to be asked");
    }
  }

  private static final class Caller extends ExecutionContext {
    Caller(Simulation simulation) {
      super(simulation, "caller");
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        stack().run();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 83000", "33, 33, 2739000", "34, 0, 42000", "64, 0, 42000"})
  void above33Pages_everythingIsFlushed(long pages, long flushed, long expectedPs) {
    Simulation simulation = new Simulation(1);
    Caller caller = new Caller(simulation);
    Nobody nobody = new Nobody();
    ShootdownPath path =
        new ShootdownPath(caller, 0, nobody, new ShootdownPath.Costs(simulation.ledger(), COSTS));
    Frame frame = caller.stack().call(path);
    frame.slot[ShootdownPath.SPACE] = 0;
    frame.slot[ShootdownPath.ADDRESS] = 0;
    frame.slot[ShootdownPath.PAGES] = pages;
    frame.slot[ShootdownPath.REMOTE_ONLY] = 0;
    caller.resumeAt(0);
    simulation.run();
    simulation.verifyQuiescent();
    assertEquals(flushed, nobody.flushedPages);
    assertEquals(expectedPs, simulation.nowPs());
    assertEquals(1, path.count());
  }
}
