package org.legosim.sweep;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.ModelVersion;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.timeline.Timeline;

/** Simulates one point: a configuration, its applications, a seed. */
public final class PointSimulator {
  private PointSimulator() {}

  /** What a result of this point carries. */
  public static RunIdentity identity(
      EffectiveConfig config, List<Application> applications, long seed) {
    return new RunIdentity(config.digest(), traceDigest(applications), ModelVersion.CURRENT, seed);
  }

  /** One trace's digest; for several, SHA-256 over their digests, start times and nodes in order. */
  static String traceDigest(List<Application> applications) {
    if (applications.size() == 1
        && applications.get(0).startPs() == 0
        && applications.get(0).node() <= 0) {
      return applications.get(0).trace().digest();
    }
    MessageDigest sha = sha256();
    for (Application application : applications) {
      String line = application.trace().digest() + " " + application.startPs()
          + (application.node() == Application.ANY_NODE ? "" : " P" + application.node()) + "\n";
      sha.update(line.getBytes(StandardCharsets.US_ASCII));
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new ModelException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Runs the point to its end.
   *
   * @param events receives the pcache's events
   * @param progress told of progress on this thread
   * @throws InvariantViolation when the simulated kernel deadlocks or breaks an invariant
   * @throws ModelException when legosim itself fails; both say what reproduces the failure
   */
  public static RunResult run(
      EffectiveConfig config,
      List<Application> applications,
      long seed,
      EventLog events,
      RunOptions.Progress progress) {
    return run(config, applications, seed, events, Timeline.NONE, progress);
  }

  /**
   * As {@link #run(EffectiveConfig, List, long, EventLog, RunOptions.Progress)}.
   *
   * @param timeline shows what the run does, and changes nothing of it
   */
  public static RunResult run(
      EffectiveConfig config,
      List<Application> applications,
      long seed,
      EventLog events,
      Timeline timeline,
      RunOptions.Progress progress) {
    RunIdentity identity = identity(config, applications, seed);
    try {
      RunOptions options = new RunOptions(identity, events, true, timeline, progress);
      LegoSystem system = new LegoSystem(Systems.bind(config), options);
      applications.forEach(system::load);
      return system.run();
    } catch (InvariantViolation e) {
      throw new InvariantViolation(e.getMessage() + "\n" + reproduction(identity), e);
    } catch (ModelException e) {
      throw new ModelException(e.getMessage() + "\n" + reproduction(identity), e);
    } catch (ArithmeticException
        | ClassCastException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NullPointerException e) {
      throw new ModelException(e + "\n" + reproduction(identity), e);
    }
  }

  /** What it takes to see a failure again. */
  private static String reproduction(RunIdentity identity) {
    return "version " + identity.version() + ", seed " + identity.seed() + ", config "
        + identity.configDigest() + ", trace " + identity.traceDigest();
  }
}
