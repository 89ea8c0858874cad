package org.legosim.benchmarks;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.ProcessImage;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;

/** What a benchmark's field holds before its set-up. */
final class BenchmarkTraces {
  static final TraceImage NONE = new TraceImage() {
    @Override
    public String digest() {
      return "";
    }

    @Override
    public String name() {
      return "none";
    }

    @Override
    public Set<Feature> features() {
      return EnumSet.noneOf(Feature.class);
    }

    @Override
    public List<ProcessImage> processes() {
      return List.of();
    }

    @Override
    public List<ThreadImage> threads() {
      return List.of();
    }

    @Override
    public AccessSource open(int threadIndex) {
      throw new IllegalArgumentException("no thread " + threadIndex);
    }

    @Override
    public GateCursor gates(int threadIndex, ReplayOrder order) {
      throw new IllegalArgumentException("no thread " + threadIndex);
    }

    @Override
    public long footprintPages() {
      return 0;
    }

    @Override
    public void close() {
      // nothing is open
    }
  };

  private BenchmarkTraces() {}
}
