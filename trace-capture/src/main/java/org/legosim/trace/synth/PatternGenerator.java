package org.legosim.trace.synth;

import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ThreadWriter;

/**
 * Threads that each follow a pattern of pages: one access of eight bytes at the start of each page. Their regions are mapped
 * when the process begins. Several threads take turns of a fixed length.
 */
final class PatternGenerator implements Generator {
  private static final int TURN = 1024;
  private static final int LOAD_SITE = 0;
  private static final int STORE_SITE = 1;
  private static final int WRITES = 1;

  private final String kind;
  private final String description;
  private final Set<SynthOption> options;
  private final boolean areAddressesLoaded;
  private final Function<SynthOptions, IntFunction<PagePattern>> patterns;

  /** @param areAddressesLoaded whether each load returns the address of the next access */
  PatternGenerator(
      String kind,
      String description,
      Set<SynthOption> options,
      boolean areAddressesLoaded,
      Function<SynthOptions, IntFunction<PagePattern>> patterns) {
    this.kind = kind;
    this.description = description;
    this.options = Set.copyOf(options);
    this.areAddressesLoaded = areAddressesLoaded;
    this.patterns = patterns;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Set<SynthOption> options() {
    return options;
  }

  @Override
  public void write(SynthOptions options, LtraceWriter writer, LongConsumer progress) {
    int threads = options.threads();
    int regions = options.isShared() ? 1 : threads;
    Scene.requireRoom(regions * Scene.regionBytes(options.pages()));
    IntFunction<PagePattern> ofThread = patterns.apply(options);
    Scene scene = new Scene(writer, options);
    scene.begin(kind, Scene.regions(regions, options.pages()));
    scene.startThreads(threads);
    Runner[] runners = new Runner[threads];
    for (int t = 0; t < threads; t++) {
      long region = Scene.DATA + (options.isShared() ? 0 : t * Scene.regionBytes(options.pages()));
      runners[t] = new Runner(scene, t, region, ofThread.apply(t), options);
    }
    long done = 0;
    while (done < options.accesses()) {
      for (Runner runner : runners) {
        done += runner.turn(threads > 1);
      }
      progress.accept(done);
    }
    scene.finish();
  }

  private final class Runner {
    private final Scene scene;
    private final ThreadWriter out;
    private final long region;
    private final PagePattern pattern;
    private final SplitMix64 writes;
    private final int writePercent;
    private long left;
    private int phase;

    Runner(Scene scene, int thread, long region, PagePattern pattern, SynthOptions options) {
      this.scene = scene;
      this.out = scene.thread(thread);
      this.region = region;
      this.pattern = pattern;
      this.writes = SplitMix64.ofDecision(options.seed(), thread, WRITES);
      this.writePercent = options.writePercent();
      this.left = options.accessesOf(thread);
    }

    /** @return accesses added */
    long turn(boolean isOrdered) {
      int count = (int) Math.min(TURN, left);
      for (int i = 0; i < count; i++) {
        markPhase();
        add(region + (pattern.next() << Scene.PAGE_SHIFT));
      }
      left -= count;
      if (isOrdered) {
        out.order();
      }
      return count;
    }

    private void markPhase() {
      int next = pattern.phase();
      if (next != phase) {
        phase = next;
        out.mark("phase " + next);
      }
    }

    private void add(long address) {
      if (writePercent > 0 && writes.below(100) < writePercent) {
        scene.store(out, address, STORE_SITE);
      } else if (areAddressesLoaded) {
        scene.loadPointer(out, address, LOAD_SITE);
      } else {
        scene.load(out, address, LOAD_SITE);
      }
    }
  }
}
