package org.legosim.trace.synth;

import java.util.Locale;
import org.legosim.timing.ConfigException;

/**
 * What to make.
 *
 * @param accesses of all threads together, exactly
 * @param seed of all that is random
 * @param pages of 4 KiB: of each thread's region, or of the one that all share
 * @param threads of the process; for the fork storm, children alive at once
 * @param isShared whether threads work on the same pages
 * @param writePercent stores among the accesses, 0 to 100
 * @param instructions per access, it included
 * @param stridePages from one page to the next
 * @param skew exponent of Zipf's law: rank r is drawn in proportion to 1 / r^skew
 * @param hotPagesPercent share of the pages that are hot
 * @param hotAccessesPercent share of the accesses that go there
 * @param phases of equal length
 * @param burst accesses between two system calls of a storm
 */
public record SynthOptions(
    long accesses,
    long seed,
    long pages,
    int threads,
    boolean isShared,
    int writePercent,
    int instructions,
    long stridePages,
    double skew,
    int hotPagesPercent,
    int hotAccessesPercent,
    int phases,
    int burst) {
  public static final long DEFAULT_SEED = 1;
  public static final long DEFAULT_PAGES = 65_536;
  public static final int DEFAULT_INSTRUCTIONS = 4;
  public static final long DEFAULT_STRIDE_PAGES = 16;
  public static final double DEFAULT_SKEW = 1.0;
  public static final int DEFAULT_HOT_PAGES_PERCENT = 10;
  public static final int DEFAULT_HOT_ACCESSES_PERCENT = 90;
  public static final int DEFAULT_PHASES = 4;
  public static final int DEFAULT_BURST = 64;

  private static final int MOST_THREADS = 1024;
  private static final int MOST_PHASES = 10_000;
  /** Some kinds hold a number per page in memory. */
  private static final long MOST_PAGES = 100_000_000;

  private static final long MOST_ACCESSES = 1L << 48;
  private static final double MOST_SKEW = 10;

  public SynthOptions {
    require("--threads", threads, 1, MOST_THREADS);
    require("--accesses", accesses, threads, MOST_ACCESSES);
    require("--pages", pages, 1, MOST_PAGES);
    require("--writes", writePercent, 0, 100);
    require("--instructions", instructions, 1, 1_000_000);
    require("--stride", stridePages, 1, MOST_PAGES);
    require("--hot-pages", hotPagesPercent, 1, 100);
    require("--hot-accesses", hotAccessesPercent, 0, 100);
    require("--phases", phases, 1, MOST_PHASES);
    require("--burst", burst, 1, 1_000_000);
    if (!(skew >= 0 && skew <= MOST_SKEW)) {
      throw new ConfigException("--skew " + skew + ": allowed are numbers from 0 (uniform) to 10");
    }
    if (phases > accesses / threads) {
      throw new ConfigException("--phases " + phases + ": a thread has only " + accesses / threads
          + " accesses; give fewer phases or more accesses");
    }
  }

  /** One thread, loads only, everything else as usual. */
  public static SynthOptions of(long accesses, long seed, long pages) {
    return of(accesses, seed, pages, 1, false, 0);
  }

  /** What every kind has; everything else as usual. */
  public static SynthOptions of(
      long accesses, long seed, long pages, int threads, boolean isShared, int writePercent) {
    return new SynthOptions(
        accesses,
        seed,
        pages,
        threads,
        isShared,
        writePercent,
        DEFAULT_INSTRUCTIONS,
        DEFAULT_STRIDE_PAGES,
        DEFAULT_SKEW,
        DEFAULT_HOT_PAGES_PERCENT,
        DEFAULT_HOT_ACCESSES_PERCENT,
        (int) Math.min(DEFAULT_PHASES, Math.max(1, accesses / Math.max(1, threads))),
        DEFAULT_BURST);
  }

  /** Accesses of one thread: an equal part, the first threads one more where it does not come out even. */
  long accessesOf(int thread) {
    return accesses / threads + (thread < accesses % threads ? 1 : 0);
  }

  private static void require(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigException(
          String.format(Locale.ROOT, "%s %d: allowed are %,d to %,d", option, value, least, most));
    }
  }
}
