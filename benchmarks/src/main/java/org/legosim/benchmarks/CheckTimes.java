package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * What checking costs, and how many page faults the kernel's paths serve in a second: processor time
 * of the simulating thread for whole runs on {@code legoos-osdi18} with {@code check} off, final and
 * always. The three take turns, so that a machine that grows busier spoils all of them alike.
 */
public final class CheckTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final List<String> CHECKS = List.of("off", "final", "always");

  private CheckTimes() {}

  /** Arguments: a trace, how many rounds, and settings as for {@code run --set}. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    int rounds = Integer.parseInt(arguments.get(1));
    List<SystemParams> machines = CHECKS.stream()
        .map(check -> bind(arguments.subList(2, arguments.size()), check))
        .toList();
    long[] leastNs = new long[CHECKS.size()];
    Arrays.fill(leastNs, Long.MAX_VALUE);
    try (TraceImage image = Traces.open(Path.of(arguments.get(0)))) {
      MetricSnapshot metrics = run(machines.get(0), image);
      for (int round = 0; round < rounds; round++) {
        for (int check = 0; check < CHECKS.size(); check++) {
          long startNs = THREADS.getCurrentThreadCpuTime();
          run(machines.get(check), image);
          leastNs[check] = Math.min(leastNs[check], THREADS.getCurrentThreadCpuTime() - startNs);
        }
      }
      print(leastNs, metrics);
    }
  }

  private static SystemParams bind(List<String> settings, String check) {
    List<String> all = new ArrayList<>(settings);
    all.add("check=" + check);
    return Systems.bind(Machines.find(KnownParameters.catalog()).load("legoos-osdi18", all));
  }

  private static MetricSnapshot run(SystemParams params, TraceImage image) {
    return new LegoSystem(params, RunOptions.of(new RunIdentity("", "", "", 1)))
        .load(new Application(image, 0))
        .run()
        .metrics();
  }

  private static void print(long[] leastNs, MetricSnapshot metrics) {
    long accesses = metrics.getLong("accesses");
    long faults = metrics.getLong("kernel_nr_pgfault");
    for (int check = 0; check < CHECKS.size(); check++) {
      System.out.printf(
          "check %-7s %9.1f ms %8.2f M accesses/s %8.0f k faults/s %6.3f x off%n",
          CHECKS.get(check),
          leastNs[check] / NS_PER_MS,
          accesses * NS_PER_US / leastNs[check],
          faults * NS_PER_MS / leastNs[check],
          (double) leastNs[check] / leastNs[0]);
    }
  }
}
