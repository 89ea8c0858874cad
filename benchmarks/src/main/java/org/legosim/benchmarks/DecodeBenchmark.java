package org.legosim.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.TracePacker;
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
 * Decoding every thread of a trace, one after the other. The result is the time of one pass; the
 * trace's accesses divided by it are the accesses per second ({@code trace info} prints their number).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeBenchmark {
  /** Trace to decode; the bundled one by default. */
  @Param("configs/traces/wordcount.ltrace")
  String trace = "";

  /** Codec of its blocks. */
  @Param({"stored", "deflate"})
  String codec = "";

  private Path packed = Path.of("");
  private TraceImage image = BenchmarkTraces.NONE;
  private final AccessBatch batch = new AccessBatch();

  /** Packs the trace with the codec at hand. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    packed = Files.createTempFile("decode", ".ltrace");
    Files.delete(packed);
    TracePacker.Options options =
        codec.equals("stored") ? TracePacker.Options.STORED : TracePacker.Options.DEFAULT;
    new TracePacker(options).pack(Path.of(trace), packed);
    image = Traces.open(packed);
  }

  /** Removes the copy. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    image.close();
    Files.deleteIfExists(packed);
  }

  /** One pass over all threads. */
  @Benchmark
  public long decodeAll() {
    long sum = 0;
    for (int thread = 0; thread < image.threads().size(); thread++) {
      AccessSource source = image.open(thread);
      while (source.next(batch) != AccessSource.END) {
        sum += batch.count == 0 ? 1 : batch.address[batch.count - 1];
      }
      source.close();
    }
    return sum;
  }
}
