package org.legosim.kernel.boot;

import static org.legosim.kernel.boot.BootResource.ACTIVE;
import static org.legosim.kernel.boot.BootResource.ACTIVE_MASK_FROZEN;
import static org.legosim.kernel.boot.BootResource.ADAPTER;
import static org.legosim.kernel.boot.BootResource.ALL_CPUS_UP;
import static org.legosim.kernel.boot.BootResource.BOOT_PARAMETERS;
import static org.legosim.kernel.boot.BootResource.CALL_DESCRIPTORS;
import static org.legosim.kernel.boot.BootResource.CLOCKS;
import static org.legosim.kernel.boot.BootResource.COMPLETION_QUEUES;
import static org.legosim.kernel.boot.BootResource.CONNECTED_QUEUE_PAIRS;
import static org.legosim.kernel.boot.BootResource.CONSOLE;
import static org.legosim.kernel.boot.BootResource.CPU_MASKS;
import static org.legosim.kernel.boot.BootResource.CPU_STATE;
import static org.legosim.kernel.boot.BootResource.DEVICES;
import static org.legosim.kernel.boot.BootResource.EXCEPTION_TABLE;
import static org.legosim.kernel.boot.BootResource.FIRST_PROCESS;
import static org.legosim.kernel.boot.BootResource.FIT_THREADS;
import static org.legosim.kernel.boot.BootResource.FUTEX_BUCKETS;
import static org.legosim.kernel.boot.BootResource.IDLE_THREAD;
import static org.legosim.kernel.boot.BootResource.INIT;
import static org.legosim.kernel.boot.BootResource.INTERRUPTS_ON;
import static org.legosim.kernel.boot.BootResource.INTERRUPT_VECTORS;
import static org.legosim.kernel.boot.BootResource.KTHREADD;
import static org.legosim.kernel.boot.BootResource.LOCAL_APIC;
import static org.legosim.kernel.boot.BootResource.MADS;
import static org.legosim.kernel.boot.BootResource.MEMORY_MAP;
import static org.legosim.kernel.boot.BootResource.NETWORK;
import static org.legosim.kernel.boot.BootResource.NETWORK_CLIENT;
import static org.legosim.kernel.boot.BootResource.ONLINE;
import static org.legosim.kernel.boot.BootResource.OTHER_NODES;
import static org.legosim.kernel.boot.BootResource.PAGE_ALLOCATOR;
import static org.legosim.kernel.boot.BootResource.PARKED_THREADS;
import static org.legosim.kernel.boot.BootResource.PCACHE_REGION;
import static org.legosim.kernel.boot.BootResource.PCACHE_SETS;
import static org.legosim.kernel.boot.BootResource.PER_CPU_AREAS;
import static org.legosim.kernel.boot.BootResource.PIDS;
import static org.legosim.kernel.boot.BootResource.PORT;
import static org.legosim.kernel.boot.BootResource.PORT_NUMBER;
import static org.legosim.kernel.boot.BootResource.QUEUE_PAIRS;
import static org.legosim.kernel.boot.BootResource.RECEIVES;
import static org.legosim.kernel.boot.BootResource.RINGS;
import static org.legosim.kernel.boot.BootResource.RING_ADDRESSES;
import static org.legosim.kernel.boot.BootResource.RUN_QUEUES;
import static org.legosim.kernel.boot.BootResource.STOPPER_THREAD;
import static org.legosim.kernel.boot.BootResource.TASK_STRUCTS;
import static org.legosim.kernel.boot.BootResource.TICK;
import static org.legosim.kernel.boot.BootResource.TIMERS;
import static org.legosim.kernel.boot.BootResource.TRAMPOLINE;
import static org.legosim.kernel.boot.BootResource.WATCHDOG;
import static org.legosim.kernel.boot.BootResource.WORKERS;
import static org.legosim.kernel.boot.BootResource.WORKER_POOL;
import static org.legosim.kernel.boot.BootStep.callback;
import static org.legosim.kernel.boot.BootStep.first;
import static org.legosim.kernel.boot.BootStep.machine;
import static org.legosim.kernel.boot.BootStep.secondary;

import java.util.List;
import java.util.Locale;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.legosim.kernel.connect.SetupStep;
import org.legosim.timing.InvariantViolation;

/**
 * The steps of the boot in their order: the machine on CPU 0, then each other CPU with the callbacks that announce
 * it, then what runs on all of them. The order takes no time; how long the steps of the network take is what
 * {@link org.legosim.kernel.connect.Connections} says.
 *
 * <p>Source: LegoOS {@code init/main.c}, {@code smpboot.c}; the callbacks are Linux's, whose absence the developers
 * found on 2018-02-05.
 */
public final class BootSequence {
  private static final BootSequence LEGOOS = new BootSequence(List.of(
      machine("boot_cpu_init", List.of(), CPU_MASKS),
      machine("tty_init", List.of(), CONSOLE),
      machine("parse_early_param", List.of(CONSOLE), BOOT_PARAMETERS),
      machine("setup_arch", List.of(CPU_MASKS, BOOT_PARAMETERS), MEMORY_MAP),
      machine("setup_per_cpu_areas", List.of(CPU_MASKS, MEMORY_MAP), PER_CPU_AREAS),
      first("cpu_init", List.of(PER_CPU_AREAS), CPU_STATE),
      machine("pid_init", List.of(MEMORY_MAP), PIDS),
      machine("fork_init", List.of(MEMORY_MAP), TASK_STRUCTS),
      machine("sort_main_extable", List.of(MEMORY_MAP), EXCEPTION_TABLE),
      machine("futex_init", List.of(MEMORY_MAP), FUTEX_BUCKETS),
      machine("pcache_early_init", List.of(MEMORY_MAP), PCACHE_REGION),
      machine("memory_init", List.of(MEMORY_MAP, PCACHE_REGION), PAGE_ALLOCATOR),
      machine("irq_init", List.of(PAGE_ALLOCATOR, CPU_MASKS), INTERRUPT_VECTORS),
      machine("init_timers", List.of(PER_CPU_AREAS, INTERRUPT_VECTORS), TIMERS),
      machine("time_init", List.of(TIMERS), CLOCKS),
      first("setup_local_apic", List.of(CPU_STATE, INTERRUPT_VECTORS, CLOCKS), LOCAL_APIC),
      machine("sched_init", List.of(PER_CPU_AREAS, TASK_STRUCTS), RUN_QUEUES),
      first("init_idle", List.of(RUN_QUEUES), IDLE_THREAD),
      first("call_function_init", List.of(PER_CPU_AREAS, PAGE_ALLOCATOR), CALL_DESCRIPTORS),
      machine("smp_prepare_cpus", List.of(LOCAL_APIC, CALL_DESCRIPTORS), TRAMPOLINE),
      first("local_irq_enable", List.of(LOCAL_APIC, CALL_DESCRIPTORS), INTERRUPTS_ON),
      first("setup_local_timer", List.of(INTERRUPTS_ON, CLOCKS, RUN_QUEUES), TICK),
      first("smpboot_create_threads", List.of(IDLE_THREAD, PAGE_ALLOCATOR), PARKED_THREADS),
      first("workqueue_prepare_cpu", List.of(PER_CPU_AREAS, PAGE_ALLOCATOR), WORKER_POOL),
      first("set_cpu_online", List.of(IDLE_THREAD, INTERRUPTS_ON), ONLINE, ACTIVE),
      first("smpboot_unpark_threads", List.of(PARKED_THREADS, ONLINE), STOPPER_THREAD),
      first("workqueue_online_cpu", List.of(WORKER_POOL, ONLINE), WORKERS),
      secondary("idle_thread_get", List.of(TASK_STRUCTS, RUN_QUEUES), IDLE_THREAD),
      callback(
          "smpboot_create_threads",
          List.of(IDLE_THREAD, TASK_STRUCTS, PAGE_ALLOCATOR),
          PARKED_THREADS),
      callback("workqueue_prepare_cpu", List.of(PER_CPU_AREAS, PAGE_ALLOCATOR), WORKER_POOL),
      callback("smpcfd_prepare_cpu", List.of(PER_CPU_AREAS, PAGE_ALLOCATOR), CALL_DESCRIPTORS),
      secondary("start_secondary", List.of(TRAMPOLINE, IDLE_THREAD, PER_CPU_AREAS), CPU_STATE),
      secondary("setup_local_apic", List.of(CPU_STATE, INTERRUPT_VECTORS), LOCAL_APIC),
      secondary("set_cpu_online", List.of(LOCAL_APIC, IDLE_THREAD, RUN_QUEUES), ONLINE, ACTIVE),
      secondary("local_irq_enable", List.of(ONLINE, CALL_DESCRIPTORS), INTERRUPTS_ON),
      secondary("setup_local_timer", List.of(INTERRUPTS_ON, CLOCKS), TICK),
      callback("smpboot_unpark_threads", List.of(PARKED_THREADS, ONLINE), STOPPER_THREAD),
      callback("workqueue_online_cpu", List.of(WORKER_POOL, ONLINE), WORKERS),
      machine("smp_cpus_done", List.of(ONLINE, ACTIVE, INTERRUPTS_ON, TICK), ALL_CPUS_UP),
      machine("rest_init: kernel_init", List.of(ALL_CPUS_UP, PIDS), INIT),
      machine("rest_init: kthreadd", List.of(INIT), KTHREADD),
      machine("device_init", List.of(KTHREADD, STOPPER_THREAD, WORKERS), DEVICES),
      machine("ib_initd", List.of(DEVICES), ADAPTER),
      machine(SetupStep.Stage.MADS.title(), List.of(ADAPTER), MADS),
      machine(SetupStep.Stage.CLIENT.title(), List.of(MADS), NETWORK_CLIENT),
      machine(SetupStep.Stage.PORT.title(), List.of(NETWORK_CLIENT), PORT),
      machine(SetupStep.Stage.LID.title(), List.of(PORT), PORT_NUMBER),
      machine(
          SetupStep.Stage.CONTEXT.title(), List.of(PORT_NUMBER, PAGE_ALLOCATOR), COMPLETION_QUEUES),
      machine(SetupStep.Stage.QUEUE_PAIRS.title(), List.of(COMPLETION_QUEUES), QUEUE_PAIRS),
      machine(SetupStep.Stage.THREADS.title(), List.of(COMPLETION_QUEUES, ACTIVE), FIT_THREADS),
      machine(SetupStep.Stage.RINGS.title(), List.of(PAGE_ALLOCATOR, PORT_NUMBER), RINGS),
      machine(
          SetupStep.Stage.CONNECT.title(),
          List.of(QUEUE_PAIRS, FIT_THREADS),
          CONNECTED_QUEUE_PAIRS,
          RECEIVES),
      machine(SetupStep.Stage.SLEEP.title(), List.of(CONNECTED_QUEUE_PAIRS, CLOCKS), OTHER_NODES),
      machine(
          SetupStep.Stage.ADDRESSES.title(),
          List.of(OTHER_NODES, RINGS, CONNECTED_QUEUE_PAIRS),
          RING_ADDRESSES),
      machine(
          SetupStep.Stage.JOIN.title(), List.of(RING_ADDRESSES, RECEIVES, FIT_THREADS), NETWORK),
      machine("manager_init", List.of(PCACHE_REGION, NETWORK, PAGE_ALLOCATOR), PCACHE_SETS),
      machine("watchdog_init", List.of(PCACHE_SETS), WATCHDOG),
      machine("freeze_pinning", List.of(WATCHDOG, ACTIVE), ACTIVE_MASK_FROZEN),
      machine(
          "kick_off_user",
          List.of(ACTIVE_MASK_FROZEN, PCACHE_SETS, FUTEX_BUCKETS, EXCEPTION_TABLE),
          FIRST_PROCESS)));

  /** CPUs that an order is judged with: the first, and one of each kind after it. */
  private static final int JUDGED_CPUS = 3;

  private final List<BootStep> steps;

  /**
   * An order of steps.
   *
   * @throws InvariantViolation when a step lacks what it needs
   */
  public BootSequence(List<BootStep> steps) {
    this.steps = List.copyOf(steps);
    run(JUDGED_CPUS, BootDefects.NONE, true, (step, cpu) -> {});
  }

  /** The real kernel's, with the callbacks. */
  public static BootSequence legoOs() {
    return LEGOOS;
  }

  public List<BootStep> steps() {
    return steps;
  }

  /**
   * Boots a machine.
   *
   * @param each told of each step that is done, with its CPU
   */
  public Booted boot(int cpus, BootDefects defects, ObjIntConsumer<BootStep> each) {
    return run(cpus, defects, false, each);
  }

  private Booted run(
      int cpus, BootDefects defects, boolean isJudged, ObjIntConsumer<BootStep> each) {
    Booted booted = new Booted(cpus);
    int position = 0;
    while (position < steps.size()) {
      if (steps.get(position).scope() != BootStep.Scope.SECONDARY_CPU) {
        perform(steps.get(position++), 0, booted, isJudged, each);
        continue;
      }
      int end = position;
      while (end < steps.size() && steps.get(end).scope() == BootStep.Scope.SECONDARY_CPU) {
        end++;
      }
      for (int cpu = 1; cpu < cpus; cpu++) {
        for (BootStep step : steps.subList(position, end)) {
          // LEGOOS-BUG: F-7, nobody tells the other parts of the kernel that a CPU has come up.
          if (!(step.isCallback() && defects.skipsCallbacks())) {
            perform(step, cpu, booted, isJudged, each);
          }
        }
      }
      position = end;
    }
    return booted;
  }

  private void perform(
      BootStep step, int cpu, Booted booted, boolean isJudged, ObjIntConsumer<BootStep> each) {
    if (isJudged) {
      for (BootResource need : step.needs()) {
        int lacking = booted.firstWithout(step.scope(), cpu, need);
        if (lacking >= 0) {
          throw new InvariantViolation("boot order: " + place(step, cpu) + " needs " + need.word()
              + (need.isPerCpu() ? " of CPU " + lacking : "") + ", "
              + provider(need));
        }
      }
    }
    each.accept(step, cpu);
    booted.add(step, cpu);
  }

  private static String place(BootStep step, int cpu) {
    return step.name() + (step.scope() == BootStep.Scope.MACHINE ? "" : " of CPU " + cpu);
  }

  private String provider(BootResource need) {
    List<String> names = steps.stream()
        .filter(step -> step.provides().contains(need))
        .map(BootStep::name)
        .distinct()
        .toList();
    return names.isEmpty()
        ? "which no step provides"
        : "which " + String.join(" and ", names) + " provides later or for other CPUs";
  }

  /** A table of the steps, as Markdown. */
  public String markdown() {
    StringBuilder out =
        new StringBuilder("| # | step | for | needs | provides |\n|---|---|---|---|---|\n");
    for (int i = 0; i < steps.size(); i++) {
      BootStep step = steps.get(i);
      out.append("| ")
          .append(i + 1)
          .append(" | `")
          .append(step.name())
          .append("` | ")
          .append(forWhom(step))
          .append(" | ")
          .append(words(step.needs()))
          .append(" | ")
          .append(words(step.provides()))
          .append(" |\n");
    }
    return out.toString();
  }

  /** What is done for a machine of so many CPUs, a line each: CPU, function, what it provides. */
  public String text(int cpus) {
    StringBuilder out = new StringBuilder();
    run(
        cpus,
        BootDefects.NONE,
        false,
        (step, cpu) -> out.append(String.format(
            Locale.ROOT,
            "CPU %-4d %-8s  %s: %s\n",
            cpu,
            step.isCallback() ? "callback" : "",
            step.name(),
            words(step.provides()))));
    return out.toString();
  }

  private static String forWhom(BootStep step) {
    return switch (step.scope()) {
      case MACHINE -> "the machine";
      case BOOT_CPU -> "CPU 0";
      case SECONDARY_CPU -> step.isCallback() ? "each other CPU, a callback" : "each other CPU";
    };
  }

  private static String words(List<BootResource> resources) {
    return resources.stream().map(BootResource::word).collect(Collectors.joining(", "));
  }
}
