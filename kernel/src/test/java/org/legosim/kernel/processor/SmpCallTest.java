package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
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
import org.legosim.kernel.fpu.KernelWarnings;
import org.legosim.kernel.smp.CallDescriptor;
import org.legosim.kernel.smp.CallDescriptors;
import org.legosim.kernel.smp.FlushCall;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.kernel.smp.SmpDefects;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Simulation;

/**
 * Row 6 of the diary: calls of other CPUs, their descriptors, lists and interrupts, worked out by hand in
 * nanoseconds. Even CPUs are on CPU 0's socket.
 */
class SmpCallTest {
  private static final Map<String, String> COSTS = Map.of(
      "tlb.shootdown.request", "100 ns",
      "tlb.shootdown.interrupt", "90 ns",
      "tlb.shootdown.delivery", "700 ns",
      "tlb.shootdown.handler", "400 ns",
      "tlb.shootdown.call", "80 ns",
      "tlb.shootdown.crossing", "60 ns",
      "tlb.invalidatePage", "30 ns",
      "tlb.flushAll", "40 ns",
      "core.smtShare", "50 %");

  private final Simulation simulation = new Simulation(1);
  private final ProcessorNode node = node();
  private final List<ShootdownProfile.Caller> callers = new ArrayList<>();

  private ProcessorNode node() {
    Map<String, String> off = Map.of("caches.model", "off", "tlb.model", "off");
    CpuModel model = new CpuModel(
        Defaults.of(CoreParams.class, off),
        Defaults.of(CachesParams.class, off),
        Defaults.of(TlbParams.class, off),
        Defaults.of(ProcessorDramParams.class, off));
    return ShootdownProfile.idleNode(
        simulation,
        Defaults.of(ProcessorParams.class, Map.of("processor.cpus", "24")),
        Defaults.of(ProcessorCosts.class, COSTS),
        model);
  }

  private void holders(int... cpus) {
    for (int cpu : cpus) {
      node.cpus().get(cpu).loadSpace(0);
    }
  }

  /** CPUs that ask at time 0 for one page; when each goes on, in nanoseconds. */
  private List<Long> endsNs(int... cpus) {
    for (int cpu : cpus) {
      callers.add(new ShootdownProfile.Caller(simulation, node, cpu, 1));
    }
    simulation.run();
    simulation.verifyQuiescent();
    return callers.stream().map(caller -> caller.endPs() / 1000).toList();
  }

  @Test
  void several_areInterruptedWhenAllAreQueued() {
    holders(2, 4, 6);
    // queued at 300; interrupts at 390, 480, 570; the last handler from 1270 on takes 400 + 80 + 30
    assertEquals(List.of(1780L), endsNs(0));
  }

  @Test
  void oneTarget_isInterruptedOnceForTwoCallers_andItsHandlerDoesBoth() {
    holders(6);
    // both queue at 100 and only CPU 0 finds the list empty: one interrupt at 190, one handler at
    // 890:
    // 400, then 80 + 30 for CPU 0 (1400) and 80 + 30 for CPU 2 (1510)
    assertEquals(List.of(1400L, 1510L), endsNs(0, 2));
    assertEquals(1510, simulation.nowPs() / 1000);
  }

  @Test
  void anInterruptThatFindsTheListEmpty_costsItsHandler() {
    holders(6, 8);
    // both callers interrupt both targets; each target's first handler takes what both have queued.
    // CPU 6: interrupts at 990 twice: the second comes while the first is handled, and finds
    // nothing.
    // CPU 8: queued at 200, interrupts at 1080: 400 + 110 and 400 + 220
    assertEquals(List.of(1590L, 1700L), endsNs(0, 2));
    // CPU 8's second, empty handler: from 1700 to 2100, which nobody waits for
    assertEquals(1700, simulation.nowPs() / 1000);
    assertTrue(node.cpus().get(8).interrupts().isHandling());
  }

  @Test
  void targetOfAnotherSpace_skipsTheFlush() {
    holders(2, 4);
    Cpu moving = node.cpus().get(4);
    callers.add(new ShootdownProfile.Caller(simulation, node, 0, 1));
    new At(simulation, 300_000, () -> moving.loadSpace(7));
    simulation.run();
    // CPU 4 is interrupted at 380 and handles from 1080 on: 400 + 80 without the 30 of the flush;
    // CPU 2's handler, from 990 on, ends at 1500
    assertEquals(1560, callers.get(0).endPs() / 1000);
  }

  @ParameterizedTest
  @CsvSource({"CONTEXT_SWITCH, 2000, 1", "RUN_QUEUE_LOCK, 300, 4", "TRAP, 900, 1"})
  void targetWithInterruptsOff_delaysEveryone(IrqsOff reason, long partNs, long parts) {
    holders(2, 4);
    node.cpus().get(4).irqsOff(reason, 0, partNs * 1000, parts);
    // CPU 4's interrupt comes at 380 + 700 = 1080
    long startNs = 1080;
    long onNs = (startNs / partNs + 1) * partNs;
    long handledFromNs = onNs <= partNs * parts ? onNs : startNs;
    assertEquals(List.of(handledFromNs + 510), endsNs(0));
  }

  @Test
  void whatTheCorrectedKernelDoes_isNotWarnedOf() {
    holders(6, 8);
    endsNs(0, 2, 4);
    assertEquals(List.of(), node.smp().warnings().texts());
  }

  /** F-5: callers that share descriptors both find one free, and it is unlocked twice. */
  @Test
  void sharedDescriptor_isUnlockedTwice_whichIsWarnedOf() {
    KernelWarnings warnings = new KernelWarnings();
    CallDescriptors shared = prepared(SmpDefects.of(List.of("F-5")));
    CallDescriptor one = shared.of(1, 3, 0);
    CallDescriptor two = shared.of(2, 3, 0);
    Waiting first = new Waiting(simulation);
    Waiting second = new Waiting(simulation);
    assertTrue(one.isFree(first) && two.isFree(second));
    one.lock(first);
    two.lock(second);
    assertEquals(second, one.call(), "what the first asks for is lost");
    one.unlock(0, 10, warnings);
    assertEquals(List.of(), warnings.texts());
    two.unlock(0, 20, warnings);
    assertEquals(
        List.of(
            "WARNING at kernel/smp.c csd_unlock: inconsistent: CPU 3 unlocks the call descriptor of CPU 0"
                + " for CPU 3 at 20 ps, which nobody has locked"),
        warnings.texts());
  }

  @Test
  void descriptorInUse_isWaitedFor() {
    CallDescriptor descriptor = prepared(SmpDefects.NONE).of(1, 3, 0);
    Waiting holder = new Waiting(simulation);
    Waiting other = new Waiting(simulation);
    assertTrue(descriptor.isFree(holder));
    descriptor.lock(holder);
    assertTrue(!descriptor.isFree(other));
    new At(simulation, 5_000, () -> descriptor.unlock(other.id(), 7_000, new KernelWarnings()));
    simulation.run();
    assertEquals(7_000, other.resumedPs);
    assertEquals(7_000, holder.unlockedPs);
    assertTrue(descriptor.isFree(other));
  }

  @Test
  void callerThatWasNotPrepared_hasNoDescriptors() {
    CallDescriptors descriptors = new CallDescriptors(4, SmpDefects.NONE);
    descriptors.prepare(0);
    String text =
        assertThrows(InvariantViolation.class, () -> descriptors.of(2, 0, 77)).getMessage();
    assertTrue(text.startsWith("NULL call descriptors: CPU 2 calls CPU 0 at 77 ps"), text);
  }

  private static CallDescriptors prepared(SmpDefects defects) {
    CallDescriptors descriptors = new CallDescriptors(4, defects);
    for (int cpu = 0; cpu < 4; cpu++) {
      descriptors.prepare(cpu);
    }
    return descriptors;
  }

  /** Does something at a time. */
  private static final class At extends ExecutionContext {
    private final Runnable what;

    At(Simulation simulation, long timePs, Runnable what) {
      super(simulation, "at " + timePs);
      this.what = what;
      resumeAt(timePs);
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        what.run();
      }
    }
  }

  private static final class Waiting extends ExecutionContext implements FlushCall {
    private long resumedPs;
    private long unlockedPs;

    Waiting(Simulation simulation) {
      super(simulation, "waiting");
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        resumedPs = nowPs();
      }
    }

    @Override
    public int space() {
      return 0;
    }

    @Override
    public long address() {
      return 0;
    }

    @Override
    public long pages() {
      return 1;
    }

    @Override
    public void unlocked(int actor, int target, long timePs) {
      unlockedPs = timePs;
    }
  }
}
