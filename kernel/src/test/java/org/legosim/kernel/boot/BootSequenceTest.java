package org.legosim.kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.InvariantViolation;

/** Row 7 of the diary: the boot and the callbacks of a CPU that comes up, as an ordered list that is judged. */
class BootSequenceTest {
  private static final BootSequence LEGOOS = BootSequence.legoOs();

  private static List<String> done(int cpus, BootDefects defects, int ofCpu) {
    List<String> names = new ArrayList<>();
    LEGOOS.boot(cpus, defects, (step, cpu) -> {
      if (cpu == ofCpu) {
        names.add(step.name());
      }
    });
    return names;
  }

  /** The callbacks that the developers list on 2018-02-05, in their order, between the trampoline's ends. */
  @Test
  void secondaryCpu_comesUpInTheListedOrder() {
    assertEquals(
        List.of(
            "idle_thread_get",
            "smpboot_create_threads",
            "workqueue_prepare_cpu",
            "smpcfd_prepare_cpu",
            "start_secondary",
            "setup_local_apic",
            "set_cpu_online",
            "local_irq_enable",
            "setup_local_timer",
            "smpboot_unpark_threads",
            "workqueue_online_cpu"),
        done(4, BootDefects.NONE, 3));
  }

  @Test
  void everyCpu_hasAllThatIsPerCpu() {
    Booted booted = LEGOOS.boot(5, BootDefects.NONE, (step, cpu) -> {});
    for (BootResource resource : BootResource.values()) {
      for (int cpu = 0; cpu < 5; cpu++) {
        assertTrue(booted.has(cpu, resource), resource + " of CPU " + cpu);
      }
    }
  }

  @Test
  void machineOfOneCpu_boots() {
    assertTrue(
        LEGOOS.boot(1, BootDefects.NONE, (step, cpu) -> {}).has(0, BootResource.FIRST_PROCESS));
  }

  /** Each step that needs something is moved to the front, and each that is needed to the end. */
  @Test
  void anOrderInWhichAStepLacksItsNeed_isRefused() {
    List<BootStep> steps = LEGOOS.steps();
    int refused = 0;
    for (int i = 1; i < steps.size(); i++) {
      List<BootStep> moved = new ArrayList<>(steps);
      BootStep step = moved.remove(i);
      moved.add(0, step);
      if (step.needs().isEmpty()) {
        assertEquals(moved, new BootSequence(moved).steps());
        continue;
      }
      String text =
          assertThrows(InvariantViolation.class, () -> new BootSequence(moved)).getMessage();
      assertTrue(text.startsWith("boot order: " + step.name()), text);
      assertTrue(text.contains("later or for other CPUs"), text);
      refused++;
    }
    assertTrue(refused > 40, "only " + refused);
    List<BootStep> without = new ArrayList<>(steps);
    without.removeIf(step -> step.name().equals("setup_per_cpu_areas"));
    String text =
        assertThrows(InvariantViolation.class, () -> new BootSequence(without)).getMessage();
    assertTrue(text.contains("needs per cpu areas, which no step provides"), text);
  }

  /** F-7: what the callbacks provide is lacking on every CPU but the first, and its first use says so. */
  @ParameterizedTest
  @CsvSource({
    "CALL_DESCRIPTORS, smpcfd_prepare_cpu",
    "STOPPER_THREAD, smpboot_unpark_threads",
    "WORKER_POOL, workqueue_prepare_cpu",
    "WORKERS, workqueue_online_cpu"
  })
  void skippedCallbacks_areFoundAtTheFirstUse(BootResource resource, String callback) {
    Booted corrected = LEGOOS.boot(4, BootDefects.NONE, (step, cpu) -> {});
    corrected.require(2, resource, "the user", 7);
    Booted faulty = LEGOOS.boot(4, BootDefects.of(List.of("F-7")), (step, cpu) -> {});
    faulty.require(0, resource, "the user", 7);
    String text = assertThrows(
            InvariantViolation.class, () -> faulty.require(2, resource, "stop_one_cpu", 7))
        .getMessage();
    assertEquals(
        "NULL pointer: stop_one_cpu at 7 ps finds no " + resource.word() + " of CPU 2: " + callback
            + " has not run when it came up",
        text);
  }

  @Test
  void theListIsPrinted_perStepAndPerCpu() {
    assertTrue(LEGOOS.markdown().contains("| `smpcfd_prepare_cpu` | each other CPU, a callback |"));
    String text = LEGOOS.text(2);
    assertEquals(LEGOOS.steps().size(), text.lines().count());
    assertTrue(text.contains("CPU 1    callback  smpcfd_prepare_cpu: call descriptors\n"), text);
  }
}
