package org.legosim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Scenario;
import org.legosim.configs.Systems;
import org.legosim.experiments.explore.Explorer;
import org.legosim.kernel.system.Application;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * How many schedules of a scenario are run in a second of processor time, everything checked always,
 * in the corrected kernel, so that none of them ends early.
 */
public final class ExploreTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NS_PER_SECOND = 1e9;
  private static final int DEPTH = 3;

  private ExploreTimes() {}

  /** Arguments: a scenario's folder, schedules per round, rounds. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    Scenario scenario = Scenario.read(Path.of(arguments.get(0)));
    int schedules = Integer.parseInt(arguments.get(1));
    int rounds = Integer.parseInt(arguments.get(2));
    List<String> settings = new ArrayList<>(scenario.off().settings());
    settings.add("check=always");
    List<TraceImage> images =
        scenario.traces().stream().<TraceImage>map(Traces::open).toList();
    Explorer explorer = new Explorer(
        Systems.bind(
            Machines.find(KnownParameters.catalog()).load(scenario.machine().toString(), settings)),
        images.stream().map(image -> new Application(image, 0)).toList(),
        new RunIdentity("", "", "", 1));
    double best = 0;
    for (int round = 0; round < rounds; round++) {
      long startNs = THREADS.getCurrentThreadCpuTime();
      Explorer.Search search =
          explorer.search(List.of(), schedules, round, DEPTH, (done, total) -> {});
      double seconds = (THREADS.getCurrentThreadCpuTime() - startNs) / NS_PER_SECOND;
      if (search.found() != null) {
        throw search.found();
      }
      best = Math.max(best, search.schedules() / seconds);
    }
    images.forEach(TraceImage::close);
    System.out.printf(
        "%s: %.0f schedules/s of processor time, best of %d rounds of %d%n",
        scenario.name(), best, rounds, schedules);
  }
}
