package org.legosim.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.kernel.system.SystemParams;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole run of a trace on {@code legoos-osdi18}, decoding included. The result is the time of one
 * run; the trace's accesses divided by it are the accesses per second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class ReplayBenchmark {
  /** Trace to replay; the bundled one by default. */
  @Param("configs/traces/wordcount.ltrace")
  String trace = "";

  /** {@code off}: pages only; {@code hierarchy}: TLB, caches and DRAM. */
  @Param({"off", "hierarchy"})
  String caches = "";

  /** The configured size holds the whole working set, a smaller one does not. */
  @Param({"512 MiB", "4 MiB"})
  String pcache = "";

  private TraceImage image = BenchmarkTraces.NONE;
  private List<SystemParams> params = List.of();

  /** Opens the trace and binds the machine. */
  @Setup(Level.Trial)
  public void open() {
    image = Traces.open(Path.of(trace));
    EffectiveConfig config = Machines.find(KnownParameters.catalog())
        .load("legoos-osdi18", List.of("caches.model=" + caches, "pcache.size=" + pcache));
    params = List.of(Systems.bind(config));
  }

  /** Closes the trace. */
  @TearDown(Level.Trial)
  public void close() {
    image.close();
  }

  /** One run. */
  @Benchmark
  public long replay() {
    RunIdentity identity = new RunIdentity("", "", "", 1);
    return new LegoSystem(params.get(0), RunOptions.of(identity))
        .load(new Application(image, 0))
        .run()
        .metrics()
        .getLong("simulated_time_ns");
  }
}
