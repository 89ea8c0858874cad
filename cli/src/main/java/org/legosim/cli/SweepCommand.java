package org.legosim.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.legosim.configs.SweepSpec;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.sweep.SweepRunner;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A design space. */
@Command(
    name = "sweep",
    description = {
      "Simulates every point of a sweep file and writes one result set.",
      "Finished points are kept at once: a sweep that was stopped goes on with --resume."
    })
final class SweepCommand implements Callable<Integer> {
  private static final int MOST_WORKERS = 1024;

  private final Console console;

  @Parameters(paramLabel = "SWEEP.yaml", description = "Machine, traces and axes.")
  private Path sweep;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Folder of the result set; results/ and the sweep's name by default.")
  private @Nullable Path out;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Simulations at a time; as many as there are processors by default.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(names = "--resume", description = "Goes on with a sweep that was stopped.")
  private boolean resumes;

  @Option(
      names = "--overwrite",
      description = "Replaces a result set that already stands in the folder.")
  private boolean overwrites;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  SweepCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    checkWorkers(workers);
    if (resumes && overwrites) {
      throw new ConfigException("--resume and --overwrite exclude each other");
    }
    SweepSpec spec = SweepSpec.read(sweep, MachineCommand.machines());
    Path folder = out == null ? Path.of("results", spec.name()) : out;
    ResultSet set = run(console, spec, folder, mode(), workers);
    console.out().print(format == Format.JSON ? SweepText.json(set) : SweepText.text(set));
    console.note("result set in " + folder + "; plots: ./legosim report " + folder);
    return ExitCode.DONE.value();
  }

  static void checkWorkers(int workers) {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new ConfigException("--workers " + workers + ": from 1 to " + MOST_WORKERS);
    }
  }

  private ResultSetWriter.Mode mode() {
    return resumes
        ? ResultSetWriter.Mode.RESUME
        : overwrites ? ResultSetWriter.Mode.OVERWRITE : ResultSetWriter.Mode.NEW;
  }

  /** Runs a sweep with its progress on the console. */
  static ResultSet run(
      Console console, SweepSpec spec, Path folder, ResultSetWriter.Mode mode, int workers) {
    HostFacts host = new HostFacts(SourceCommit.current(), Instant.now(), workers);
    try (Progress progress = new Progress(console, "sweep " + spec.name())) {
      SweepRunner.run(
          spec,
          folder,
          mode,
          workers,
          host,
          (done, total) -> progress.update(done, total, "points"));
    }
    return ResultSet.open(folder);
  }
}
