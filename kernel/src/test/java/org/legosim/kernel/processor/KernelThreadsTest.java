package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.kernel.sched.WorkQueues;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.trace.AccessKind;

/** Stoppers and workers on a machine where a context switch takes 1 ns, an interrupt 1 us, an instruction 1 ns. */
class KernelThreadsTest {
  private static final long US = 1_000_000;

  /** Two threads that compute for 100 us each, in steps of 10 us. */
  private static ListTrace trace() {
    ListTrace trace = new ListTrace().process(1, 0);
    for (int tid = 1; tid <= 2; tid++) {
      ListTrace.Writer thread = trace.thread(1, tid);
      for (int i = 0; i < 10; i++) {
        thread.access(AccessKind.LOAD, 0x1000, 8, 10_000);
      }
    }
    return trace;
  }

  /** Row 9: busy or idle, every CPU stands still with interrupts off while one does the work. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void row9_allCpusStop(boolean runsAhead) {
    LocalReplayTest.Machine machine = new LocalReplayTest.Machine(4, runsAhead);
    List<Long> times = new ArrayList<>();
    machine.node.load(trace(), 0, 0);
    Runnable function = () -> {
      times.add(machine.simulation.nowPs());
      for (Cpu cpu : machine.node.cpus()) {
        assertNull(cpu.current());
        assertTrue(cpu.interrupts().isOff(), cpu.name());
      }
    };
    int sender = machine.node.cpus().get(0).id();
    StopMachine stops = machine.node.scheduling().stopMachine();
    stops.stop(sender, 2, 0, function);
    stops.stop(sender, 0, 0, function);
    machine.simulation.run();
    machine.simulation.verifyQuiescent();
    assertEquals(2, stops.done());
    // both threads stop at the end of the access that they are in, which takes 10 us
    assertEquals(2, times.size());
    assertTrue(times.get(0) > 10 * US && times.get(0) < 11 * US, times.toString());
    assertTrue(times.get(1) > times.get(0) + US, times.toString());
    for (Cpu cpu : machine.node.cpus()) {
      assertFalse(cpu.interrupts().isOff());
    }
    assertEquals(0, machine.node.livingTasks());
    assertTrue(machine.node.endPs() > 100 * US);
  }

  /** Row 9: a CPU that takes no interrupts never stops, and the dump tells for whom the others wait. */
  @Test
  void row9_aCpuWithInterruptsOffHoldsAllOthersUp() {
    LocalReplayTest.Machine machine = new LocalReplayTest.Machine(4, true);
    machine.node.load(trace(), 0, 0);
    machine.node.cpus().get(3).interrupts().disable();
    List<String> done = new ArrayList<>();
    int sender = machine.node.cpus().get(0).id();
    machine.node.scheduling().stopMachine().stop(sender, 0, 0, () -> done.add("stopped"));
    machine.simulation.run();
    assertEquals(List.of(), done);
    assertEquals(2, machine.node.livingTasks());
    String text = assertThrows(InvariantViolation.class, machine.simulation::verifyQuiescent)
        .getMessage();
    assertTrue(text.contains("deadlocked"), text);
    assertTrue(text.contains("P0.cpu0: waiting for other CPUs to stop"), text);
    assertTrue(text.contains("P0.cpu2: waiting for other CPUs to stop"), text);
    assertTrue(text.contains("stopper (stop_machine PREPARE, 1 CPUs missing)"), text);
    assertTrue(text.contains("P0.cpu3: running"), text);
    assertTrue(text.contains("interrupts off, not noticed: stopper"), text);
  }

  /** The same once interrupts are on again. */
  @Test
  void row9_theStopHappensWhenInterruptsAreOnAgain() {
    LocalReplayTest.Machine machine = new LocalReplayTest.Machine(4, true);
    Cpu cpu = machine.node.cpus().get(3);
    cpu.interrupts().disable();
    machine.node.scheduling().stopMachine().stop(cpu.id(), 0, 0, () -> {});
    machine.simulation.run();
    assertEquals(0, machine.node.scheduling().stopMachine().done());
    cpu.interrupts().enable();
    machine.simulation.run();
    machine.simulation.verifyQuiescent();
    assertEquals(1, machine.node.scheduling().stopMachine().done());
  }

  /** Row 6: two CPUs that call each other with interrupts off would wait for ever; the kernel warns of the first. */
  @Test
  void row6_aCallWithInterruptsOffIsWarnedOf() {
    LocalReplayTest.Machine machine = new LocalReplayTest.Machine(2, true);
    ListTrace trace = new ListTrace().process(1, 0);
    trace
        .thread(1, 1)
        .access(AccessKind.LOAD, 0x1000, 8, 10_000)
        .enter(SyscallNumbers.MUNMAP, 0x1000, 0x1000)
        .leave(0);
    trace.thread(1, 2).access(AccessKind.LOAD, 0x200000, 8, 100_000);
    machine.node.load(trace, 0, 0);
    machine.node.cpus().get(0).interrupts().disable();
    machine.simulation.run();
    assertEquals(0, machine.node.livingTasks());
    String warnings = machine.node.smp().warnings().texts().toString();
    assertTrue(
        warnings.contains(
            "WARNING at kernel/smp.c smp_call_function_many: CPU 0 has interrupts off"),
        warnings);
  }

  /** Row 8: work is done by the worker of the CPU that it was queued on, between its tasks. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void row8_workIsDoneOnItsCpu(boolean runsAhead) {
    LocalReplayTest.Machine machine = new LocalReplayTest.Machine(4, runsAhead);
    machine.node.load(trace(), 0, 0);
    List<String> done = new ArrayList<>();
    WorkQueues queues = machine.node.scheduling().workQueues();
    int sender = machine.node.cpus().get(0).id();
    for (int cpu = 1; cpu <= 3; cpu += 2) {
      Cpu target = machine.node.cpus().get(cpu);
      WorkQueues.Work work = new WorkQueues.Work("work " + cpu, 5 * US, () -> {
        assertNull(target.current());
        assertFalse(target.stack().isEmpty());
        done.add(target.name() + " at " + machine.simulation.nowPs() / US + " us");
      });
      assertTrue(queues.queueOn(cpu, sender, work));
      assertFalse(queues.queueOn(cpu, sender, work));
    }
    machine.simulation.run();
    machine.simulation.verifyQuiescent();
    // CPU 3 idles: 1 us to tell it; on CPU 1 the thread, which came first, gives way when it may:
    // at its end
    assertEquals(List.of("P0.cpu3 at 6 us", "P0.cpu1 at 105 us"), done);
  }
}
