package org.legosim.trace.synth;

import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.legosim.timing.ConfigException;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ThreadWriter;

/**
 * The shape of a MapReduce job in one process. Map: each thread reads its part of the input line by line and appends a pair to
 * one of its buffers, one per reducer, after every third line. All meet at a barrier. Reduce: each thread reads the buffers meant
 * for it and updates its table, whose slots are as popular as words are: by Zipf's law. Half of the pages are input, a
 * quarter each buffers and tables; three fifths of the accesses are the map phase's.
 */
final class MapReduce implements Generator {
  private static final int TURN = 1024;
  private static final int LINE_BYTES = 64;
  private static final int PAIR_BYTES = 16;
  private static final int LINES_PER_PAIR = 3;
  private static final int SITE_INPUT = 0;
  private static final int SITE_EMIT = 1;
  private static final int SITE_BARRIER = 2;
  private static final int SITE_PAIR = 3;
  private static final int SITE_LOOK_UP = 4;
  private static final int SITE_UPDATE = 5;

  @Override
  public String kind() {
    return "mapreduce";
  }

  @Override
  public String description() {
    return "map streams its input and scatters pairs, a barrier, reduce updates tables";
  }

  @Override
  public Set<SynthOption> options() {
    return Set.of(SynthOption.SKEW);
  }

  @Override
  public void write(SynthOptions options, LtraceWriter writer, LongConsumer progress) {
    Layout layout = new Layout(options);
    Scene.requireRoom(Scene.regionBytes(options.pages()));
    int threads = options.threads();
    Scene scene = new Scene(writer, options);
    scene.begin(kind(), Scene.regions(1, options.pages()));
    scene.startThreads(threads);
    Zipf words = new Zipf((int) layout.tablePages, options.skew());
    Worker[] workers = new Worker[threads];
    for (int t = 0; t < threads; t++) {
      workers[t] = new Worker(options, layout, scene, words, t);
    }
    long done = 0;
    for (boolean isMap : new boolean[] {true, false}) {
      boolean isMore = true;
      while (isMore) {
        isMore = false;
        for (Worker worker : workers) {
          done += isMap ? worker.map(TURN) : worker.reduce(TURN);
          isMore |= worker.isMore(isMap);
        }
        progress.accept(done);
      }
      if (isMap) {
        barrier(scene, threads);
      }
    }
    scene.finish();
  }

  /** As a futex-based barrier: each thread counts itself in; the last one wakes the others. */
  private static void barrier(Scene scene, int threads) {
    long word = Scene.barrierWord();
    for (int t = 0; t < threads; t++) {
      scene.atomic(scene.thread(t), word, SITE_BARRIER);
      if (t < threads - 1) {
        scene.enter(scene.thread(t), Scene.FUTEX, word, Scene.FUTEX_WAIT_PRIVATE, t + 1, 0);
      }
    }
    ThreadWriter last = scene.thread(threads - 1);
    scene.enter(last, Scene.FUTEX, word, Scene.FUTEX_WAKE_PRIVATE, Integer.MAX_VALUE);
    last.syscallReturn(threads - 1, List.of());
    for (int t = 0; t < threads - 1; t++) {
      scene.thread(t).syscallReturn(0, List.of());
    }
  }

  /** Who has which pages: all inputs, then all buffers, then all tables. */
  private static final class Layout {
    final int threads;
    final long inputPages;
    final long bufferPages;
    final long tablePages;

    Layout(SynthOptions options) {
      threads = options.threads();
      inputPages = options.pages() / 2 / threads;
      bufferPages = options.pages() / 4 / threads / threads;
      tablePages = options.pages() / 4 / threads;
      if (bufferPages == 0) {
        throw new ConfigException("--pages " + options.pages() + ": a job of " + threads
            + " threads needs at least " + 4L * threads * threads + ", one for each buffer");
      }
      if (options.accesses() < 2L * threads) {
        throw new ConfigException("--accesses " + options.accesses() + ": a job of " + threads
            + " threads needs at least " + 2L * threads);
      }
    }

    long input(int thread) {
      return address(thread * inputPages);
    }

    long buffer(int mapper, int reducer) {
      return address(threads * inputPages + ((long) mapper * threads + reducer) * bufferPages);
    }

    long table(int thread) {
      return address(
          threads * inputPages + (long) threads * threads * bufferPages + thread * tablePages);
    }

    private static long address(long page) {
      return Scene.DATA + (page << Scene.PAGE_SHIFT);
    }
  }

  private static final class Worker {
    private final Layout layout;
    private final Scene scene;
    private final ThreadWriter out;
    private final int thread;
    private final SplitMix64 random;
    private final Zipf words;
    private final Scatter slots;
    private final long[] emitted;
    private final long[] taken;
    private long mapLeft;
    private long reduceLeft;
    private long lines;
    private long steps;
    private long slot;
    private int mapper;

    Worker(SynthOptions options, Layout layout, Scene scene, Zipf words, int thread) {
      this.layout = layout;
      this.scene = scene;
      this.out = scene.thread(thread);
      this.thread = thread;
      this.words = words;
      this.random = SplitMix64.ofThread(options.seed(), thread);
      this.slots = new Scatter(layout.tablePages);
      this.emitted = new long[layout.threads];
      this.taken = new long[layout.threads];
      // One access is the barrier's.
      long own = options.accessesOf(thread) - 1;
      mapLeft = own * 3 / 5;
      reduceLeft = own - mapLeft;
    }

    boolean isMore(boolean isMap) {
      return (isMap ? mapLeft : reduceLeft) > 0;
    }

    long map(int most) {
      int count = (int) Math.min(most, mapLeft);
      for (int i = 0; i < count; i++) {
        if (steps++ % (LINES_PER_PAIR + 1) < LINES_PER_PAIR) {
          long offset = lines++ * LINE_BYTES % bytes(layout.inputPages);
          scene.load(out, layout.input(thread) + offset, SITE_INPUT);
        } else {
          int reducer = (int) random.below(layout.threads);
          long offset = emitted[reducer]++ * PAIR_BYTES % bytes(layout.bufferPages);
          scene.store(out, layout.buffer(thread, reducer) + offset, SITE_EMIT);
        }
      }
      mapLeft -= count;
      out.order();
      return count;
    }

    long reduce(int most) {
      int count = (int) Math.min(most, reduceLeft);
      for (int i = 0; i < count; i++) {
        reduceStep((reduceLeft - i) % 3);
      }
      reduceLeft -= count;
      out.order();
      return count;
    }

    private void reduceStep(long step) {
      if (step == 2) {
        long offset = taken[mapper]++ * PAIR_BYTES % bytes(layout.bufferPages);
        scene.load(out, layout.buffer(mapper, thread) + offset, SITE_PAIR);
        mapper = (mapper + 1) % layout.threads;
        slot = layout.table(thread)
            + bytes(slots.page(words.rank(random)))
            + random.below(bytes(1) / PAIR_BYTES) * PAIR_BYTES;
      } else if (step == 1) {
        scene.load(out, slot(), SITE_LOOK_UP);
      } else {
        scene.store(out, slot(), SITE_UPDATE);
      }
    }

    /** Before its first pair a reducer looks at the first slot. */
    private long slot() {
      return slot == 0 ? layout.table(thread) : slot;
    }

    private static long bytes(long pages) {
      return pages << Scene.PAGE_SHIFT;
    }
  }
}
