package org.legosim.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.ParameterSpec;
import org.legosim.configs.SweepPoint;
import org.legosim.configs.SweepSpec;
import org.legosim.configs.Workload;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.Plan;
import org.legosim.reports.store.PlannedPoint;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.reports.store.SweptKey;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.LegosimException;
import org.legosim.timing.ModelException;
import org.legosim.timing.params.Unit;

/**
 * Runs the points of a sweep on worker threads and keeps each finished one at once. Points share
 * nothing but the open traces, so results do not depend on the number of workers.
 */
public final class SweepRunner {
  /** Told, on the calling thread, after each finished point. */
  @FunctionalInterface
  public interface Listener {
    void finished(int done, int total);
  }

  private SweepRunner() {}

  /**
   * Runs what is missing of a sweep and publishes the result set.
   *
   * @param workers simulations at a time, at least 1
   * @throws org.legosim.timing.OutputException when the folder cannot be written; finished points
   *     stay for a resume
   * @throws InvariantViolation when the kernel of one or more points broke an invariant; all other
   *     points are simulated and kept first
   */
  public static void run(
      SweepSpec spec,
      Path out,
      ResultSetWriter.Mode mode,
      int workers,
      HostFacts host,
      Listener listener) {
    try (TraceLibrary traces = new TraceLibrary()) {
      List<SweepPoint> points = spec.plan(traces);
      Plan plan = plan(points, traces);
      try (ResultSetWriter writer = ResultSetWriter.open(out, plan, mode)) {
        simulate(points, plan, traces, writer, workers, listener);
        writer.finish(host);
      }
    }
  }

  static String pointId(int index) {
    return String.format(Locale.ROOT, "p%06d", index);
  }

  private static Plan plan(List<SweepPoint> points, TraceLibrary traces) {
    Map<String, Unit> units = new TreeMap<>();
    Map<String, String> traceDigests = new LinkedHashMap<>();
    Map<String, String> configs = new LinkedHashMap<>();
    boolean sweepsTrace = points.stream().map(SweepPoint::workload).distinct().count() > 1;
    List<PlannedPoint> planned = new ArrayList<>();
    for (SweepPoint point : points) {
      EffectiveConfig config = point.config();
      Map<String, Object> keys = new LinkedHashMap<>(point.sweptKeys());
      keys.keySet().forEach(key -> units.put(key, unitOf(config, key)));
      if (sweepsTrace) {
        keys.put("trace", point.workload().label());
        units.put("trace", Unit.TEXT);
      }
      List<Application> applications = applications(point.workload(), traces);
      for (Application application : applications) {
        traceDigests.put(application.trace().name(), application.trace().digest());
      }
      configs.put(config.digest(), config.canonicalText());
      planned.add(new PlannedPoint(
          pointId(point.index()),
          keys,
          PointSimulator.identity(config, applications, point.seed())));
    }
    List<Plan.NamedTrace> named = new ArrayList<>();
    traceDigests.forEach((name, digest) -> named.add(new Plan.NamedTrace(name, digest)));
    List<SweptKey> swept = new ArrayList<>();
    units.forEach((name, unit) -> swept.add(new SweptKey(name, unit)));
    return new Plan(points.get(0).config().machine(), Map.of(), named, configs, swept, planned);
  }

  private static Unit unitOf(EffectiveConfig config, String key) {
    return config.catalog().find(key).map(ParameterSpec::unit).orElse(Unit.TEXT);
  }

  private static List<Application> applications(Workload workload, TraceLibrary traces) {
    List<Application> applications = new ArrayList<>();
    for (Workload.Item item : workload.items()) {
      applications.add(new Application(traces.image(item.trace()), item.startAtPs()));
    }
    return applications;
  }

  private static void simulate(
      List<SweepPoint> points,
      Plan plan,
      TraceLibrary traces,
      ResultSetWriter writer,
      int workers,
      Listener listener) {
    Set<String> completed = writer.completed();
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      ExecutorCompletionService<String> finished = new ExecutorCompletionService<>(pool);
      int submitted = 0;
      for (SweepPoint point : points) {
        String id = pointId(point.index());
        if (!completed.contains(id)) {
          finished.submit(() -> {
            try {
              return simulate(point, id, traces, writer);
            } catch (InvariantViolation | ModelException e) {
              throw new PointFailure(id + " " + point.sweptKeys(), e);
            }
          });
          submitted++;
        }
      }
      int done = points.size() - submitted;
      listener.finished(done, plan.points().size());
      Failures failures = new Failures();
      for (int i = 0; i < submitted; i++) {
        await(finished.take(), failures);
        listener.finished(++done, plan.points().size());
      }
      failures.raise(plan.points().size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("the sweep's thread was interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static String simulate(
      SweepPoint point, String id, TraceLibrary traces, ResultSetWriter writer) {
    writer.add(
        id,
        PointSimulator.run(
            point.config(),
            applications(point.workload(), traces),
            point.seed(),
            EventLog.NONE,
            RunOptions.Progress.NONE));
    return id;
  }

  private static void await(Future<String> point, Failures failures) throws InterruptedException {
    try {
      point.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PointFailure failure) {
        failures.add(failure);
        return;
      }
      if (e.getCause() instanceof LegosimException known) {
        throw known;
      }
      throw new ModelException("a point failed: " + e.getCause(), e);
    }
  }

  /** One point's simulation came to a bad end; the others go on. */
  private static final class PointFailure extends Exception {
    private static final long serialVersionUID = 1L;
    final LegosimException reason;

    PointFailure(String point, LegosimException reason) {
      super(point, reason);
      this.reason = reason;
    }
  }

  /** The points that failed, told of together when all others are finished and kept. */
  private static final class Failures {
    private static final int MOST_SHOWN = 10;

    private final List<PointFailure> failures = new ArrayList<>();

    void add(PointFailure failure) {
      failures.add(failure);
    }

    void raise(int points) {
      if (failures.isEmpty()) {
        return;
      }
      StringBuilder text = new StringBuilder();
      text.append(failures.size()).append(" of ").append(points);
      text.append(
          " points failed; the others are finished and kept. A where: line of the sweep file");
      text.append(" leaves points out, run shows one alone");
      failures.stream()
          .limit(MOST_SHOWN)
          .forEach(failure -> text.append('\n')
              .append(failure.getMessage())
              .append(": ")
              .append(failure.reason.getMessage()));
      LegosimException first = failures.get(0).reason;
      if (first instanceof InvariantViolation) {
        throw new InvariantViolation(text.toString(), first);
      }
      throw new ModelException(text.toString(), first);
    }
  }
}
