package org.legosim.kernel.boot;

import java.util.Locale;

/** What a step of the boot leaves for later ones, and for the running kernel. */
public enum BootResource {
  CPU_MASKS(false),
  CONSOLE(false),
  BOOT_PARAMETERS(false),
  MEMORY_MAP(false),
  PER_CPU_AREAS(false),
  PIDS(false),
  TASK_STRUCTS(false),
  EXCEPTION_TABLE(false),
  FUTEX_BUCKETS(false),
  PCACHE_REGION(false),
  PAGE_ALLOCATOR(false),
  INTERRUPT_VECTORS(false),
  TIMERS(false),
  CLOCKS(false),
  RUN_QUEUES(false),
  TRAMPOLINE(false),
  ALL_CPUS_UP(false),
  INIT(false),
  KTHREADD(false),
  DEVICES(false),
  ADAPTER(false),
  MADS(false),
  NETWORK_CLIENT(false),
  PORT(false),
  PORT_NUMBER(false),
  COMPLETION_QUEUES(false),
  QUEUE_PAIRS(false),
  FIT_THREADS(false),
  RINGS(false),
  CONNECTED_QUEUE_PAIRS(false),
  RECEIVES(false),
  OTHER_NODES(false),
  RING_ADDRESSES(false),
  NETWORK(false),
  PCACHE_SETS(false),
  WATCHDOG(false),
  ACTIVE_MASK_FROZEN(false),
  FIRST_PROCESS(false),
  /** Descriptor tables, segments and control registers of a CPU. */
  CPU_STATE(true),
  LOCAL_APIC(true),
  INTERRUPTS_ON(true),
  IDLE_THREAD(true),
  CALL_DESCRIPTORS(true),
  /** Made, and asleep until they are unparked. */
  PARKED_THREADS(true),
  STOPPER_THREAD(true),
  WORKER_POOL(true),
  WORKERS(true),
  ONLINE(true),
  ACTIVE(true),
  TICK(true);

  private final boolean isPerCpu;

  BootResource(boolean isPerCpu) {
    this.isPerCpu = isPerCpu;
  }

  /** True for what each CPU has of its own. */
  public boolean isPerCpu() {
    return isPerCpu;
  }

  /** As in a message. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
