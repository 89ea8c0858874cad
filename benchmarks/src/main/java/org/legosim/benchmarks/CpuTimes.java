package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * Processor time of the simulating thread, for machines that others use too: what JMH measures is
 * the time of day. Decoding alone, then whole runs on {@code legoos-osdi18}.
 */
public final class CpuTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NS_PER_US = 1000.0;

  private CpuTimes() {}

  /** Arguments: a trace, how many runs, and settings as for {@code run --set}. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    int runs = Integer.parseInt(arguments.get(1));
    List<String> settings = arguments.subList(2, arguments.size());
    EffectiveConfig config =
        Machines.find(KnownParameters.catalog()).load("legoos-osdi18", settings);
    try (TraceImage image = Traces.open(Path.of(arguments.get(0)))) {
      print("decode", image, runs, () -> decode(image));
      print(
          "replay " + settings,
          image,
          runs,
          () -> new LegoSystem(Systems.bind(config), RunOptions.of(new RunIdentity("", "", "", 1)))
              .load(new Application(image, 0))
              .run()
              .metrics()
              .getLong("simulated_time_ns"));
    }
  }

  private interface Pass {
    long run();
  }

  private static void print(String what, TraceImage image, int runs, Pass pass) {
    long accesses =
        image.threads().stream().mapToLong(thread -> thread.accesses()).sum();
    long leastNs = Long.MAX_VALUE;
    long result = 0;
    for (int run = 0; run < runs; run++) {
      long startNs = THREADS.getCurrentThreadCpuTime();
      result = pass.run();
      leastNs = Math.min(leastNs, THREADS.getCurrentThreadCpuTime() - startNs);
    }
    System.out.printf(
        "%-50s %7.1f M accesses/s of processor time, best of %d (result %d)%n",
        what, accesses * NS_PER_US / leastNs, runs, result);
  }

  private static long decode(TraceImage image) {
    AccessBatch batch = new AccessBatch();
    long last = 0;
    for (int thread = 0; thread < image.threads().size(); thread++) {
      try (AccessSource source = image.open(thread)) {
        while (source.next(batch) != AccessSource.END) {
          last = batch.address[0];
        }
      }
    }
    return last;
  }
}
