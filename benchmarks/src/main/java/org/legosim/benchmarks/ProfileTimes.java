package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * What the kernel's profile points cost the simulator: whole runs with the points off and on in turns, and, since no run
 * is without the points, a loop of as many points that are off as a run meets. Processor time of the simulating thread.
 */
public final class ProfileTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NS_PER_MS = 1e6;

  private ProfileTimes() {}

  private static final class Idle extends ExecutionContext {
    Idle(Simulation simulation) {
      super(simulation, "idle");
    }

    @Override
    public void onEvent(long payload) {}
  }

  /** Arguments: a trace, how many rounds, and settings as for {@code run --set}. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    int rounds = Integer.parseInt(arguments.get(1));
    List<String> settings = arguments.subList(2, arguments.size());
    SystemParams off = bind(settings, "off");
    SystemParams on = bind(settings, "on");
    long offNs = Long.MAX_VALUE;
    long onNs = Long.MAX_VALUE;
    long loopNs = Long.MAX_VALUE;
    try (TraceImage image = Traces.open(Path.of(arguments.get(0)))) {
      long points =
          run(on, image).profile().stream().mapToLong(ProfileRow::count).sum();
      for (int round = 0; round < rounds; round++) {
        offNs = Math.min(offNs, timeNs(() -> run(off, image)));
        onNs = Math.min(onNs, timeNs(() -> run(on, image)));
        loopNs = Math.min(loopNs, timeNs(() -> loop(points)));
      }
      System.out.printf(
          "points off %9.1f ms%npoints on  %9.1f ms %6.3f x off%n%d points that are off %6.3f ms"
              + " %7.5f x off%n",
          offNs / NS_PER_MS,
          onNs / NS_PER_MS,
          (double) onNs / offNs,
          points,
          loopNs / NS_PER_MS,
          (double) loopNs / offNs);
    }
  }

  private static long timeNs(Runnable work) {
    long startNs = THREADS.getCurrentThreadCpuTime();
    work.run();
    return THREADS.getCurrentThreadCpuTime() - startNs;
  }

  /** As many points as the run met, each as a path meets it: the time at its beginning is read anyway. */
  private static void loop(long points) {
    Simulation simulation = new Simulation(1);
    Idle context = new Idle(simulation);
    Profile.Counter counter = new Profile(null).counter("P0", ProfilePoint.PCACHE_HANDLE_FAULT);
    for (long i = 0; i < points; i++) {
      long startPs = context.nowPs();
      counter.leave(context, startPs);
    }
    if (counter.count() != 0) {
      throw new IllegalStateException("a point that is off has counted");
    }
  }

  private static SystemParams bind(List<String> settings, String points) {
    List<String> all = new ArrayList<>(settings);
    all.add("kernel.profilePoints=" + points);
    return Systems.bind(Machines.find(KnownParameters.catalog()).load("legoos-osdi18", all));
  }

  private static RunResult run(SystemParams params, TraceImage image) {
    return new LegoSystem(params, RunOptions.of(new RunIdentity("", "", "", 1)))
        .load(new Application(image, 0))
        .run();
  }
}
