package org.legosim.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.legosim.configs.EffectiveConfig;
import org.legosim.kernel.system.Application;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.timing.results.RunResult;

/** One simulation kept as a result set of one point, which compares and reports like a sweep's. */
public final class SingleRun {
  private static final String POINT = SweepRunner.pointId(0);

  private SingleRun() {}

  /**
   * Takes the folder before anything is simulated, and publishes the result when it is complete.
   *
   * @param out folder of the result set
   * @param simulation one call of {@link PointSimulator#run} with the same three arguments
   * @throws org.legosim.timing.OutputException when the folder cannot be written or holds something
   */
  public static RunResult keep(
      Path out,
      ResultSetWriter.Mode mode,
      EffectiveConfig config,
      List<Application> applications,
      long seed,
      HostFacts host,
      Supplier<RunResult> simulation) {
    try (ResultSetWriter writer =
        ResultSetWriter.open(out, plan(config, applications, seed), mode)) {
      RunResult result = simulation.get();
      writer.add(POINT, result);
      writer.finish(host);
      return result;
    }
  }

  private static Plan plan(EffectiveConfig config, List<Application> applications, long seed) {
    Set<Plan.NamedTrace> traces = new LinkedHashSet<>();
    for (Application application : applications) {
      traces.add(
          new Plan.NamedTrace(application.trace().name(), application.trace().digest()));
    }
    PlannedPoint point =
        new PlannedPoint(POINT, Map.of(), PointSimulator.identity(config, applications, seed));
    return new Plan(
        config.machine(),
        Map.of(),
        new ArrayList<>(traces),
        Map.of(config.digest(), config.canonicalText()),
        List.of(),
        List.of(point));
  }
}
