package org.legosim.trace.synth;

import java.util.function.IntFunction;

/** The patterns. Each method prepares what the threads share and returns each thread's own pattern. */
final class PagePatterns {
  private PagePatterns() {}

  /** One page after the other, from the first again after the last. Threads that share begin evenly apart. */
  static IntFunction<PagePattern> sequential(SynthOptions options) {
    return thread -> new Strided(options.pages(), 1, startOf(thread, options));
  }

  /** Every stride-th page; the next round begins one page further, until all have been touched. */
  static IntFunction<PagePattern> strided(SynthOptions options) {
    long stride = Math.min(options.stridePages(), options.pages());
    return thread -> new Strided(options.pages(), stride, startOf(thread, options));
  }

  static IntFunction<PagePattern> uniform(SynthOptions options) {
    return thread -> {
      SplitMix64 random = SplitMix64.ofThread(options.seed(), thread);
      return () -> random.below(options.pages());
    };
  }

  static IntFunction<PagePattern> zipf(SynthOptions options) {
    Zipf zipf = new Zipf((int) options.pages(), options.skew());
    Scatter scatter = new Scatter(options.pages());
    return thread -> {
      SplitMix64 random = SplitMix64.ofThread(options.seed(), thread);
      return () -> scatter.page(zipf.rank(random));
    };
  }

  static IntFunction<PagePattern> hotCold(SynthOptions options) {
    long pages = options.pages();
    long hot = Math.max(1, pages * options.hotPagesPercent() / 100);
    Scatter scatter = new Scatter(pages);
    return thread -> {
      SplitMix64 random = SplitMix64.ofThread(options.seed(), thread);
      return () -> {
        boolean isHot = hot == pages || random.below(100) < options.hotAccessesPercent();
        return scatter.page(isHot ? random.below(hot) : hot + random.below(pages - hot));
      };
    };
  }

  /** One random cycle through all pages: each page tells the next, so that no access can begin before the one before it. */
  static IntFunction<PagePattern> pointerChase(SynthOptions options) {
    int[] next = cycle((int) options.pages(), new SplitMix64(options.seed()));
    return thread -> new Chase(next, (int) startOf(thread, options));
  }

  /** The working set moves: phase i touches the i-th part of the pages, at random. */
  static IntFunction<PagePattern> phased(SynthOptions options) {
    return thread -> new Phased(options, thread);
  }

  private static long startOf(int thread, SynthOptions options) {
    return options.isShared() ? options.pages() * thread / options.threads() : 0;
  }

  /** Sattolo's algorithm: a permutation that is a single cycle. */
  private static int[] cycle(int pages, SplitMix64 random) {
    int[] next = new int[pages];
    for (int i = 0; i < pages; i++) {
      next[i] = i;
    }
    for (int i = pages - 1; i > 0; i--) {
      int j = (int) random.below(i);
      int swapped = next[i];
      next[i] = next[j];
      next[j] = swapped;
    }
    return next;
  }

  private static final class Strided implements PagePattern {
    private final long pages;
    private final long stride;
    private long column;
    private long page;

    Strided(long pages, long stride, long start) {
      this.pages = pages;
      this.stride = stride;
      this.column = start % stride;
      this.page = start;
    }

    @Override
    public long next() {
      long current = page;
      page += stride;
      if (page >= pages) {
        column = column + 1 == stride ? 0 : column + 1;
        page = column;
      }
      return current;
    }
  }

  private static final class Chase implements PagePattern {
    private final int[] next;
    private int page;

    Chase(int[] next, int start) {
      this.next = next;
      this.page = start;
    }

    @Override
    public long next() {
      int current = page;
      page = next[page];
      return current;
    }
  }

  private static final class Phased implements PagePattern {
    private final SplitMix64 random;
    private final long pages;
    private final long accesses;
    private final int phases;
    private long done;

    Phased(SynthOptions options, int thread) {
      random = SplitMix64.ofThread(options.seed(), thread);
      pages = options.pages();
      accesses = options.accessesOf(thread);
      phases = (int) Math.min(options.phases(), pages);
    }

    @Override
    public int phase() {
      return (int) Math.min(phases - 1, done / Math.max(1, accesses / phases));
    }

    @Override
    public long next() {
      long phase = phase();
      done++;
      long from = pages * phase / phases;
      long to = pages * (phase + 1) / phases;
      return from + random.below(to - from);
    }
  }
}
