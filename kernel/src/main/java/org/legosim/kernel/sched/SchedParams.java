package org.legosim.kernel.sched;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** How the scheduler divides a CPU among its tasks. */
public record SchedParams(
    @Parameter(
        key = "kernel.sched.latency",
        unit = Unit.PS,
        defaultValue = "6 ms",
        range = "100 us..1 s",
        doc =
            "Period in which each fair task of a CPU runs once, unless there are too many of them.",
        source = "LegoOS kernel/sched/fair.c, sysctl_sched_latency")
    long latencyPs,

    @Parameter(
        key = "kernel.sched.minGranularity",
        unit = Unit.PS,
        defaultValue = "750 us",
        range = "10 us..1 s",
        doc = "Shortest share of that period; with more tasks than shares the period grows.",
        source = "LegoOS kernel/sched/fair.c, sysctl_sched_min_granularity")
    long minGranularityPs,

    @Parameter(
        key = "kernel.sched.wakeupGranularity",
        unit = Unit.PS,
        defaultValue = "1 ms",
        range = "0 ns..1 s",
        doc = "How far a running task must be ahead of a woken one to lose the CPU to it at once.",
        source = "LegoOS kernel/sched/fair.c, sysctl_sched_wakeup_granularity")
    long wakeupGranularityPs,

    @Parameter(
        key = "kernel.sched.childRunsFirst",
        unit = Unit.FLAG,
        defaultValue = "off",
        doc = "Whether a new task goes before its parent where both are on one CPU.",
        source = "LegoOS kernel/sched/fair.c, sysctl_sched_child_runs_first")
    boolean childRunsFirst,

    @Parameter(
        key = "kernel.sched.rrSlice",
        unit = Unit.PS,
        defaultValue = "100 ms",
        range = "100 us..10 s",
        doc = "Slice of a real-time task of the policy RR, in whole ticks.",
        source = "LegoOS kernel/sched/rt.c: RR_TIMESLICE")
    long rrSlicePs) {

  private static final long PS_PER_NS = 1_000;

  /** The kernel's defaults. */
  public static final SchedParams DEFAULT =
      new SchedParams(6_000_000_000L, 750_000_000L, 1_000_000_000L, false, 100_000_000_000L);

  public SchedParams {
    if (minGranularityPs > latencyPs) {
      throw new ConfigException("kernel.sched.minGranularity: " + minGranularityPs
          + " ps are more than kernel.sched.latency, " + latencyPs + " ps; lower it");
    }
  }

  long latencyNs() {
    return latencyPs / PS_PER_NS;
  }

  long minGranularityNs() {
    return minGranularityPs / PS_PER_NS;
  }

  long wakeupGranularityNs() {
    return wakeupGranularityPs / PS_PER_NS;
  }

  /** Tasks that share one period without its growing; also where buddies begin to count. */
  int tasksPerPeriod() {
    return (int) ((latencyPs + minGranularityPs - 1) / minGranularityPs);
  }

  int rrSliceTicks(long tickPs) {
    return (int) Math.max(1, rrSlicePs / tickPs);
  }
}
