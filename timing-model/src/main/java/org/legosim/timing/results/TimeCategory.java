package org.legosim.timing.results;

import org.legosim.timing.metrics.Metric;
import org.legosim.timing.params.Unit;

/** Where a thread's time goes. Each picosecond of a thread's life belongs to exactly one of these. */
public enum TimeCategory {
  COMPUTE("instructions and hits that cost no more than the pipeline"),
  L1("stalled on first-level cache hits beyond the pipeline"),
  L2("stalled on second-level cache hits"),
  LLC("stalled on last-level cache hits"),
  LOCAL_DRAM("stalled on the processor node's own DRAM"),
  PAGE_WALK("TLB miss handling"),
  TRAP("entering and leaving the kernel"),
  ALLOCATE("finding and preparing a pcache line, page-table work, reverse maps"),
  EVICT("choosing and unmapping a line"),
  SHOOTDOWN("waiting for other CPUs to flush their TLBs"),
  IPI_HANDLING("serving other CPUs' requests"),
  COPY("copying or clearing memory"),
  LOCK_WAIT("waiting for a kernel lock or a line in transit"),
  NETWORK_QUEUE("waiting for a network resource that others hold"),
  WIRE("network software, adapters, links and switches in motion"),
  MEMORY_QUEUE("waiting for a memory node's polling thread or worker"),
  MEMORY_SERVICE("served by a memory node"),
  STORAGE("served by a storage node"),
  FUTEX("blocked in a futex wait"),
  SCHEDULER("runnable without a CPU, context switches, and timer ticks"),
  REPLAY_ORDER("held at a closed gate of the replay"),
  IDLE("sleeping or waiting for anything else");

  private final String definition;

  TimeCategory(String definition) {
    this.definition = definition;
  }

  /** The name as a metric: {@code time_local_dram_ns}. */
  public String metricName() {
    return "time_" + name().toLowerCase(java.util.Locale.ROOT) + "_ns";
  }

  public String definition() {
    return definition;
  }

  /** The definition of the metric {@link #metricName()}. */
  public Metric metric() {
    return new Metric(
        metricName(),
        Unit.NS,
        "Part of thread_time_ns: " + definition + ".",
        "thread_time_ns = the sum of all time_*_ns");
  }
}
